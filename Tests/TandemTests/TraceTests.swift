import Foundation
import Tandem
import TandemTesting
import Testing

@Suite struct `A trace` {
  /// A run with every kind of event but `failed`.
  private func recorded() async -> Run {
    let small = ScriptedModel("A \"quoted\" line,\nof é and \u{2028}.\n\nWait,", "B.</think>6<|im_end|>", name: "s")
    return await Pair(small: small, large: ScriptedModel("No, A", name: "l")).run(SpeculativeThinking.brief())
  }

  @Test func `survives JSON Lines`() async throws {
    let trace = await recorded().trace
    let read = try Trace(lines: try trace.lines())
    #expect(read.description == trace.description)
    #expect(read.header == trace.header)
    #expect(read.outcome == trace.outcome)
    #expect(read.thoughts.map(\.text) == trace.thoughts.map(\.text))
    #expect(try read.lines() == trace.lines())
  }

  @Test func `is read with the line ends of Windows`() async throws {
    let trace = await recorded().trace
    let read = try Trace(lines: try trace.lines().replacingOccurrences(of: "\n", with: "\r\n"))
    #expect(read.description == trace.description)
  }

  @Test func `is read without the last line, where that was cut off`() async throws {
    let trace = await recorded().trace
    let lines = try trace.lines()
    let last = try #require(lines.split(separator: "\n").last)
    for cut in [1, 5, last.utf8.count] {
      let read = try Trace(lines: String(decoding: lines.utf8.dropLast(cut + 1), as: UTF8.self))
      #expect(read.events.count == trace.events.count - 1)
      #expect(read.outcome == nil)
    }
  }

  @Test func `names the line that is no event`() async throws {
    let lines = try await recorded().trace.lines().split(separator: "\n").map(String.init)
    func error(_ change: (inout [String]) -> Void) -> String? {
      var changed = lines
      change(&changed)
      do throws(ReasoningError) {
        _ = try Trace(lines: changed.joined(separator: "\n") + "\n")
        return nil
      } catch { return error.description }
    }
    #expect(error { $0[2] = "{\"event\":\"accepted\"}" }?.hasPrefix("Line 3 of the trace can't be read:") == true)
    #expect(error { $0[2] = "{\"event\":\"accepted\"}" }?.contains("'thought' is missing") == true)
    #expect(error { $0[1] = "nonsense" }?.hasPrefix("Line 2") == true)
    #expect(error { $0[$0.count - 1] = "{" }?.hasPrefix("Line \(lines.count)") == true)
    #expect(error { $0.insert("", at: 1) } == nil)
    #expect(error { $0.removeFirst() } == "Line 1 of the trace can't be read: a trace begins with a 'started' event.")
    #expect(error { $0 = [] }?.hasPrefix("Line 1") == true)
    let newer = lines[0].replacingOccurrences(of: "\"version\":1", with: "\"version\":2")
    #expect(error { $0[0] = newer }?.contains("version 2, and this program reads version 1") == true)
  }

  @Test(arguments: [
    (1, #""tokens":"#, "9223372036854775807"), (1, #""tokens":"#, "-9223372036854775808"), (1, #""tokens":"#, "-1"),
    (3, #""negative":"#, "9223372036854775807"), (3, #""rank":"#, "-9223372036854775808"),
    (1, #""tokens":"#, "1e30"), (0, #""thinkingTokens":"#, "9223372036854775807"),
  ])
  func `names the line with a number that cannot be`(line: Int, key: String, number: String) async throws {
    var lines = try await recorded().trace.lines().split(separator: "\n").map(String.init)
    let value = try #require(lines[line].firstRange(of: key)).upperBound
    let rest = lines[line][value...].drop { $0.isNumber }
    lines[line] = "\(lines[line][..<value])\(number)\(rest)"
    let error = #expect(throws: ReasoningError.self) { try Trace(lines: lines.joined(separator: "\n") + "\n") }
    #expect(error?.description.hasPrefix("Line \(line + 1) of the trace can't be read:") == true)
  }

  @Test func `has the same keys for phases, reasons and choices as before they had types`() throws {
    let finished = #"""
      {"event":"finished","outcome":{"answer":"6","finish":"stop","isTruncated":false,"phases":{"answer":0.5,\#
      "draft":1.25},"seconds":2,"usage":{"large":{"answer":1,"discarded":0,"handedOver":3,"inserted":0,"prompt":5,\#
      "reevaluated":0,"seconds":1,"thinking":0},"small":{"answer":0,"discarded":4,"handedOver":0,"inserted":0,\#
      "prompt":5,"reevaluated":0,"seconds":1,"thinking":3}}}}
      """#
    let event = try JSONDecoder().decode(TimedEvent.self, from: Data(finished.utf8))
    let outcome = try #require(Trace([event]).outcome)
    #expect(outcome.phases == [.draft: 1.25, .answer: 0.5])
    #expect(try Trace.line(event).contains(#""phases":{"answer":0.5,"draft":1.25}"#))
    let selected = #"""
      {"event":"selected","selection":{"chosen":1,"isTuned":false,"method":"worst-token","order":[0,1],\#
      "scores":[-9,-1]}}
      """#
    let choice = try JSONDecoder().decode(TimedEvent.self, from: Data(selected.utf8))
    let selection = try #require(Trace([choice]).selection)
    #expect(selection.method == .init(.worstToken) && selection.chosen == 1 && selection.drafts == nil)
    #expect(try Trace.line(choice) == selected)
    let beyond = selected.replacing(#""chosen":1"#, with: #""chosen":2"#)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Event.self, from: Data(beyond.utf8)) }
  }

  @Test func `leaves out text as it is being written`() async throws {
    let run = await recorded()
    #expect(!run.deltas.isEmpty)
    #expect(!run.trace.events.contains { $0.isTransient })
  }

  @Test func `reads each event back from its own line`() async throws {
    let draft = TextDelta(text: "A", author: .small, segment: .thinking, isTentative: true, path: 2)
    let events: [Event] =
      await recorded().deltas.prefix(3).map(Event.text) + [
        .text(draft), .failed(code: "busy", message: "All\ntaken."), .handedOver(to: .large, .excess),
      ]
    for event in events {
      for timed in [TimedEvent(event), TimedEvent(event, at: 0.125)] {
        let line = try Trace.line(timed)
        #expect(!line.contains("\n"))
        #expect(line.contains(#""at":0.125"#) == (timed.at != nil))
        #expect(try JSONDecoder().decode(TimedEvent.self, from: Data(line.utf8)) == timed)
        #expect(try JSONDecoder().decode(Event.self, from: Data(line.utf8)) == event)
      }
    }
  }

  @Test func `has the time of each event, none earlier than the one before`() async throws {
    let trace = await recorded().trace
    let times = try trace.timedEvents.map { try #require($0.at) }
    #expect(times.first.map { $0 >= 0 } == true && times == times.sorted())
    #expect(try (times.last ?? 0) + 0.000_001 >= #require(trace.outcome).seconds)
    #expect(try Trace(lines: trace.lines()).timedEvents.map(\.at) == times)
  }

  @Test func `of a version before times is read, and written again without them`() throws {
    let url = Bundle.module.url(forResource: "before-times", withExtension: "jsonl", subdirectory: "Traces")
    let lines = try String(contentsOf: #require(url), encoding: .utf8)
    let trace = try Trace(lines: lines)
    #expect(trace.timedEvents.allSatisfy { $0.at == nil })
    #expect(trace.events.count == 19)
    #expect(try !trace.lines().contains(#""at":"#))
    #expect(try Trace(lines: trace.lines()).description == trace.description)
  }

  @Test func `has the keys that other programs read`() async throws {
    let lines = try await recorded().trace.lines().split(separator: "\n")
    let time = /^\{"at":[0-9.e-]+,/
    #expect(
      lines[0].replacing(time, with: "{").hasPrefix(
        #"{"event":"started","header":{"budget":{"answerTokens":1024,"#))
    #expect(
      lines[3].replacing(time, with: "{") == #"""
        {"event":"rejected","reason":"reflection","thought":{"author":"small","ending":"limit","segment":"thinking",\#
        "stops":{"afterBlankLines":[{"position":0,"probability":1.6458115e-38,"rank":2}],"negative":5},\#
        "text":"Wait,","tokens":5}}
        """#)
  }
}
