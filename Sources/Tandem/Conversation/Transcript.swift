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
}

/// Makes snapshots of a run's events. None takes back text of an earlier one.
struct SnapshotFold {
  private(set) var snapshot = Snapshot()
  private var text = FinalText()
  /// White space at the end of the answer so far, which is not part of an answer unless more text follows.
  private var space = ""

  /// Adds `event` to the snapshot; false if that shows nothing new.
  mutating func take(_ event: Event) -> Bool {
    if case .finished(let outcome) = event {
      snapshot.outcome = outcome
      snapshot.content = outcome.answer ?? snapshot.content
      return true
    }
    let pieces = text.take(event)
    for piece in pieces {
      if piece.segment == .thinking { snapshot.reasoning += piece.text } else { addToAnswer(piece.text) }
    }
    return !pieces.isEmpty
  }

  private mutating func addToAnswer(_ text: String) {
    let text = snapshot.content.isEmpty ? text[...].drop(while: \.isWhitespace) : (space + text)[...]
    let end = text.lastIndex { !$0.isWhitespace }.map(text.index(after:)) ?? text.startIndex
    snapshot.content += text[..<end]
    space = String(text[end...])
  }
}

/// Collects the text of a run from its events.
final class EventRecorder: Sendable {
  private let state = Mutex((fold: SnapshotFold(), isNew: false))

  /// Takes in `event`; false if it shows nothing new.
  @discardableResult
  func record(_ event: Event) -> Bool {
    state.withLock { state in
      let isNew = state.fold.take(event)
      if isNew { state.isNew = true }
      return isNew
    }
  }

  var thinking: String { state.withLock { $0.fold.snapshot.reasoning } }

  /// The snapshot, unless it was given out before.
  func newSnapshot() -> Snapshot? {
    state.withLock { state in
      defer { state.isNew = false }
      return state.isNew ? state.fold.snapshot : nil
    }
  }
}
