import Synchronization
public import TandemInference

/// The turns of a conversation. Thinking is not part of it: prompts do not contain old thoughts.
public struct Transcript: Sendable, Hashable, Codable {
  /// The system message.
  public var instructions: String?
  /// Questions and answers in turn.
  public var turns: [Message]

  /// A transcript; empty unless given.
  public init(instructions: String? = nil, turns: [Message] = []) {
    self.instructions = instructions
    self.turns = turns
  }
}

/// The part of a response that is written so far.
public struct Snapshot: Sendable, Hashable {
  /// The answer.
  public var content = ""
  /// The thinking.
  public var reasoning = ""
  /// How the run ended; set in the last snapshot.
  public var outcome: Outcome?

  /// Adds an event; false if nothing that is shown has changed.
  ///
  /// Only accepted thoughts count, so that no snapshot takes back text of an earlier one.
  mutating func fold(_ event: Event) -> Bool {
    switch event {
    case .accepted(let thought) where thought.segment == .thinking: reasoning += thought.text
    case .accepted(let thought): content += thought.text
    case .finished(let outcome):
      self.outcome = outcome
      content = outcome.answer ?? content
    default: return false
    }
    return true
  }
}

/// Collects the thinking of a run from its events.
final class EventRecorder: Sendable {
  private let snapshot = Mutex(Snapshot())

  func record(_ event: Event) { snapshot.withLock { _ = $0.fold(event) } }

  var thinking: String { snapshot.withLock { $0.reasoning } }
}
