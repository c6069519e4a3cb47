import FoundationEssentials
import TandemSupport

/// A recorded run: its header and its events. Written as JSON Lines, one event a line.
public struct Trace: Sendable, Hashable {
  /// All events but transient ones, in order, with their times.
  public let timedEvents: [TimedEvent]

  /// Keeps the events that are not transient.
  public init(_ events: some Sequence<TimedEvent>) { timedEvents = events.filter { !$0.event.isTransient } }

  /// All events but transient ones, in order.
  public var events: [Event] { timedEvents.map(\.event) }

  /// The data of the first event; nil if there is none.
  public var header: TraceHeader? {
    events.lazy.compactMap { if case .started(let header) = $0 { header } else { nil } }.first
  }

  /// How the run ended; nil if it was stopped from outside.
  public var outcome: Outcome? {
    events.lazy.compactMap { if case .finished(let outcome) = $0 { outcome } else { nil } }.first
  }

  /// The accepted thoughts: the chain as it was at the end.
  public var thoughts: [Thought] {
    events.compactMap { if case .accepted(let thought) = $0 { thought } else { nil } }
  }

  // MARK: - JSON Lines

  /// One event as a line of JSON, without its newline.
  public static func line(_ event: TimedEvent) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(event), as: UTF8.self)
  }

  /// The trace as JSON Lines.
  public func lines() throws -> String { try timedEvents.map { try Self.line($0) + "\n" }.joined() }

  /// Reads JSON Lines. A last line that was cut off, because the writer was killed, is left out.
  ///
  /// Throws `invalidTrace` with the number of the first line that is not an event.
  public init(lines: String) throws(ReasoningError) {
    var events: [TimedEvent] = []
    let rows = lines.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, row) in rows.enumerated() where !row.allSatisfy(\.isWhitespace) {
      do {
        events.append(try JSONDecoder().decode(TimedEvent.self, from: Data(row.utf8)))
      } catch {
        if index == rows.count - 1 && !events.isEmpty { break }  // no newline after it: the writer was stopped
        throw .invalidTrace(
          line: index + 1, reason: "it is not an event of a trace (\((error as? DecodingError)?.fault ?? "\(error)"))")
      }
    }
    guard case .started(let header) = events.first?.event else {
      throw .invalidTrace(line: 1, reason: "a trace begins with a 'started' event")
    }
    guard header.version == 1 else {
      throw .invalidTrace(line: 1, reason: "it has version \(header.version), and this program reads version 1")
    }
    timedEvents = events
  }
}

extension Trace: CustomStringConvertible {
  /// The run as a script, one line a thought: `+` kept, `-` not kept. Tests compare it and people read it.
  public var description: String { events.compactMap(\.script).joined(separator: "\n") }
}

extension Event {
  /// The event as a line of a script; nil if it does not appear there.
  package var script: String? {
    switch self {
    case .accepted(let thought):
      "\(thought.author.rawValue) + \(thought.script)"
    case .rejected(let thought, let reason):
      "\(thought.author.rawValue) - \(thought.script)  [\(reason)]"
    case .selected(let selection):
      "? " + (selection.chosen.map { "draft \($0 + 1)" } ?? "none") + "  [\(selection.method)]"
    case .handedOver(let role, let reason):
      "> \(role.rawValue)  [\(reason)]"
    case .finished(let outcome):
      "= \(outcome.finish.rawValue)" + (outcome.answer.map { ": \($0.oneLine)" } ?? "")
    case .failed(let code, let message):
      "! \(code): \(message)"
    case .started, .text:
      nil
    }
  }
}

extension Thought {
  fileprivate var script: String {
    (segment == .answer ? "= " : "") + text.oneLine + (ending == .endOfThinking ? " </>" : "")
  }
}

extension String {
  fileprivate var oneLine: String {
    trimmingTrailingNewlines.replacing("\n", with: "⏎")
  }
}
