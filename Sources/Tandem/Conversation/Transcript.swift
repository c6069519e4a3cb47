import Synchronization
public import TandemInference

/// What was said in a conversation. Thinking is not part of it: models are prompted without their old thoughts.
public struct Transcript: Sendable, Hashable, Codable {
  public var instructions: String?
  public var turns: [Message]

  public init(instructions: String? = nil, turns: [Message] = []) {
    self.instructions = instructions
    self.turns = turns
  }
}

/// A response as far as it has come.
public struct Snapshot: Sendable, Hashable {
  public var content = ""
  public var reasoning = ""
  /// Set in the last one.
  public var outcome: Outcome?

  /// Takes an event in; false where nothing that is shown has changed.
  ///
  /// Only what is part of the chain counts, so that a snapshot never takes back what an earlier one said.
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
