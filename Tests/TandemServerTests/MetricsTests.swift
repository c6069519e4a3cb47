import CoreMetrics
import HTTPTypes
import Tandem
import Testing

@testable import TandemServer

@Suite struct `Metrics for Prometheus` {
  @Test func `have one line for each series, in order, with names and labels as it wants them`() {
    let registry = PrometheusRegistry(bounds: [:], help: ["tandem_a_total": "How many."])
    Counter(label: "tandem.a", dimensions: [("kind", "x\"y\\z\n"), ("b", "1")], factory: registry).increment(by: 2)
    Counter(label: "tandem.a", dimensions: [("b", "1"), ("kind", "x\"y\\z\n")], factory: registry).increment()
    Meter(label: "tandem-free", factory: registry).set(1.5)
    #expect(
      registry.text == """
        # HELP tandem_a_total How many.
        # TYPE tandem_a_total counter
        tandem_a_total{b="1",kind="x\\"y\\\\z\\n"} 3
        # TYPE tandem_free gauge
        tandem_free 1.5

        """)
  }

  @Test func `count what is smaller in each bucket`() {
    let registry = PrometheusRegistry(bounds: ["wait_seconds": [0.1, 1]], help: [:])
    for milliseconds in [50, 100, 500, 5000] {
      Timer(label: "wait", factory: registry).recordNanoseconds(Int64(milliseconds) * 1_000_000)
    }
    #expect(
      registry.text == """
        # TYPE wait_seconds histogram
        wait_seconds_bucket{le="0.1"} 2
        wait_seconds_bucket{le="1"} 3
        wait_seconds_bucket{le="+Inf"} 4
        wait_seconds_sum 5.65
        wait_seconds_count 4

        """)
  }

  private func notes(_ model: String) -> RequestRecord.Notes {
    var usage = Usage()
    usage.small.thinking = 30
    usage.small.discarded = 4
    usage.large.answer = 10
    usage.large.prompt = 12
    var notes = RequestRecord.Notes(id: "req_1")
    notes.route = "/v1/chat/completions"
    (notes.method, notes.status, notes.model, notes.strategy) = ("POST", 200, model, "speculative-thinking")
    (notes.usage, notes.finish, notes.handOvers) = (usage, "stop", ["reflection": 3])
    (notes.queue, notes.first, notes.total) = (0.5, 1, 1.39)
    return notes
  }

  @Test func `tell tokens by model and kind, and seconds by the GenAI conventions`() {
    let metrics = ServerMetrics(models: ["nano"])
    metrics.count(notes("nano"))
    let lines = Set(metrics.text([]).split(separator: "\n").map(String.init))
    let labels = #"model="nano",role="small",strategy="speculative-thinking""#
    #expect(lines.contains(#"tandem_tokens_total{kind="thinking",\#(labels)} 30"#))
    #expect(lines.contains(#"tandem_tokens_total{kind="discarded",\#(labels)} 4"#))
    #expect(
      lines.contains(#"tandem_handovers_total{model="nano",reason="reflection",strategy="speculative-thinking"} 3"#))
    let attributes = #"gen_ai_operation_name="chat",gen_ai_request_model="nano""#
    #expect(lines.contains("gen_ai_server_time_to_first_token_seconds_sum{\(attributes)} 1"))
    let sum = lines.first { $0.hasPrefix("gen_ai_server_time_per_output_token_seconds_sum{\(attributes)}") }
    #expect(abs((sum?.split(separator: " ").last.flatMap { Double($0) } ?? 0) - 0.01) < 1e-6)
    #expect(lines.contains(#"gen_ai_server_request_duration_seconds_bucket{\#(attributes),le="1.28"} 0"#))
    #expect(lines.contains(#"gen_ai_server_request_duration_seconds_bucket{\#(attributes),le="2.56"} 1"#))
  }

  @Test func `have no more labels, however many names clients make up`() {
    let metrics = ServerMetrics(models: ["nano"])
    for number in 0..<100 {
      var notes = notes("made-up-\(number)")
      notes.strategy = "made-up-\(number)"
      metrics.count(notes)
      notes.model = nil
      (notes.route, notes.method) = (nil, "M\(number)")
      metrics.count(notes)
    }
    let text = metrics.text([])
    #expect(text.contains(#"model="other""#) && !text.contains("made-up") && !text.contains("M9"))
  }

  @Test func `are at /metrics`() async throws {
    let answer = try await ask("/metrics")
    #expect(answer.status == 200 && answer.headers[.contentType]?.hasPrefix("text/plain; version=0.0.4") == true)
  }
}
