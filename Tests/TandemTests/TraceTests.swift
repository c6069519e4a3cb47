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

  @Test func `leaves out text as it is being written`() async throws {
    let run = await recorded()
    #expect(!run.deltas.isEmpty)
    #expect(!run.trace.events.contains { $0.isTransient })
  }

  @Test func `reads each event back from its own line`() async throws {
    let events: [Event] =
      await recorded().deltas.prefix(3).map(Event.text) + [
        .failed(code: "busy", message: "All\ntaken."), .handedOver(to: .large, .excess),
      ]
    for event in events {
      let line = try Trace.line(event)
      #expect(!line.contains("\n"))
      #expect(try JSONDecoder().decode(Event.self, from: Data(line.utf8)) == event)
    }
  }

  @Test func `has the keys that other programs read`() async throws {
    let lines = try await recorded().trace.lines().split(separator: "\n")
    #expect(lines[0].hasPrefix(#"{"event":"started","header":{"budget":{"answerTokens":1024,"#))
    #expect(
      lines[3] == #"""
        {"event":"rejected","reason":"reflection","thought":{"author":"small","ending":"limit","segment":"thinking",\#
        "stops":{"afterBlankLines":[{"position":0,"probability":1.6458115e-38,"rank":2}],"negative":5},\#
        "text":"Wait,","tokens":5}}
        """#)
  }
}
