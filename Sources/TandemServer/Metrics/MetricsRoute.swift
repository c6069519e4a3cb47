import Hummingbird
import Tandem
import TandemInference

extension Router<ServerContext> {
  /// `GET /metrics`, for Prometheus.
  func addMetrics(_ metrics: ServerMetrics, _ models: ServedModels) {
    get("metrics") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text(models.readings))))
    }
  }
}

extension ServedModels {
  /// What the pairs' engines and gates are at.
  fileprivate var readings: [ServerMetrics.Reading] {
    var seen: Set<String> = []
    return all.map(\.pair).filter { seen.insert($0.name).inserted }.flatMap(\.readings)
  }
}

extension ServedPair {
  fileprivate var readings: [ServerMetrics.Reading] {
    let (gate, labels) = (gate.state, [("pair", name)])
    func runs(_ state: String, _ count: Int) -> ServerMetrics.Reading {
      .init(name: "tandem_runs", dimensions: labels + [("state", state)], value: Double(count))
    }
    let free = gate.free.map { role, count in
      ServerMetrics.Reading(
        name: "tandem_sessions_free", dimensions: labels + [("role", role.rawValue)], value: Double(count))
    }
    let steps = Role.allCases.compactMap { role in
      solver[role].map {
        ServerMetrics.Reading(
          name: "tandem_engine_steps", dimensions: labels + [("role", role.rawValue)],
          value: Double($0.model.counters.steps), isCounter: true)
      }
    }
    return [runs("running", gate.running), runs("waiting", gate.waiting)] + free + steps
  }
}
