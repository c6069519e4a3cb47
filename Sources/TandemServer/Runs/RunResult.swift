import Tandem
import TandemInference

/// How a run ended, as its client is told.
struct RunResult: Sendable {
  /// The run's own outcome.
  let outcome: Outcome
  /// Why it ended.
  let finish: FinishReason
  /// Whether the answer was ended by its model, and not cut.
  let isComplete: Bool
  /// The tokens of the prompt of the model that wrote the answer.
  let promptTokens: Int
  /// Those of them that an earlier run had left in the cache.
  let cachedTokens: Int
  /// Tokens of the accepted thinking.
  let reasoningTokens: Int
  /// Tokens of the accepted thinking and answer, and of the text between them: what the client gets within its
  /// `max_tokens`.
  let completionTokens: Int
  /// Those of the answer's tokens, if the request asked for them.
  let logProbabilities: ChatLogProbabilities?
  /// How many tools the answer calls.
  var calls = 0
  /// Why texts of the answer that are marked as calls are none: sentences.
  var toolFaults: [String] = []
  /// Where its trace is, if traces are stored.
  var trace: TraceReceipt?
}

/// What became of a run's trace.
enum TraceReceipt: Sendable {
  /// It is stored under this id.
  case stored(id: String)
  /// It could not be stored, for the reason in a sentence.
  case lost(String)
}

/// What happened in a run, as far as its client is told.
enum RunUpdate: Sendable {
  /// Text that will stay.
  case piece(Piece)
  /// A tool is called, in the answer's call of this number.
  case call(ToolCall, index: Int)
  /// Any event, for clients that asked for them.
  case event(TimedEvent)
  /// The run has ended.
  case ended(RunResult)
}

extension RunUpdate {
  /// The bytes of its text.
  var byteCount: Int {
    switch self {
    case .piece(let piece): piece.text.utf8.count
    case .call(let call, _): call.name.utf8.count + call.arguments.utf8.count
    case .event, .ended: 0
    }
  }
}

/// A piece of text that will stay.
struct Piece: Sendable, Hashable {
  let text: String
  let author: Author
  let segment: Segment
}

/// Something that happened in one of the choices of a request.
struct ChoiceUpdate: Sendable {
  let choice: Int
  let update: RunUpdate
}

/// Follows the events of one run.
struct RunRecorder: Sendable {
  private let plan: RunPlan
  private var text = FinalText()
  private var parser: ToolCallParser?
  private var calls = 0
  private var toolFaults: [String] = []
  private var lastAuthor: Role?
  private var lastEnding: Thought.Ending?
  private var hasAnswer = false
  /// Tokens with which the answer begins though no model drew them: after thinking that was cut.
  private var insertedTokens = 0
  private var outcome: Outcome?
  private var logProbabilities: ChatLogProbabilities?
  private let keepsEvents: Bool
  private var events: [TimedEvent] = []

  /// - Parameter keepsEvents: Whether the run's trace will be asked for.
  init(_ plan: RunPlan, keepsEvents: Bool) {
    self.plan = plan
    logProbabilities = plan.solver.answering.alternatives.map { _ in ChatLogProbabilities() }
    self.keepsEvents = keepsEvents
    parser = plan.tools?.parser
  }

  /// The trace so far.
  var trace: Trace { Trace(events) }

  /// Takes an event in, and returns the text and the calls that are certain by it.
  mutating func take(_ timed: TimedEvent) -> [RunUpdate] {
    let pieces = pieces(timed)
    guard parser != nil else { return pieces.map(RunUpdate.piece) }
    var updates = pieces.flatMap { piece in
      piece.segment == .thinking ? [.piece(piece)] : parsed(parser?.take(piece.text) ?? [], by: piece.author)
    }
    if case .finished = timed.event {
      updates += parsed(parser?.finish() ?? [], by: Author(lastAuthor ?? .large))
    }
    return updates
  }

  private mutating func parsed(_ pieces: [ToolCallParser.Piece], by author: Author) -> [RunUpdate] {
    var updates: [RunUpdate] = []
    for piece in pieces {
      switch piece {
      case .text(let text): updates.append(.piece(Piece(text: text, author: author, segment: .answer)))
      case .call(let call):
        updates.append(.call(call, index: calls))
        calls += 1
      case .fault(let reason): toolFaults.append(reason)
      }
    }
    return updates
  }

  private mutating func pieces(_ timed: TimedEvent) -> [Piece] {
    if keepsEvents, !timed.event.isTransient { events.append(timed) }
    let event = timed.event
    switch event {
    case .accepted(let thought):
      lastEnding = thought.ending
      guard let role = Role(rawValue: thought.author.rawValue) else {
        let isTransition = thought.segment == .answer && plan.problem.answerBeginning.isEmpty
        insertedTokens += isTransition ? thought.tokenCount : 0
        break
      }
      lastAuthor = role
      if let tokenizer = plan.solver[role]?.model.tokenizer { logProbabilities?.add(thought, tokenizer) }
    case .finished(let outcome): self.outcome = outcome
    default: break
    }
    var pieces = text.take(event).map { piece in
      Piece(text: piece.text, author: piece.author, segment: plan.isUnmarked ? .answer : piece.segment)
    }
    hasAnswer = hasAnswer || pieces.contains { $0.segment == .answer }
    // A model without marks wrote its answer where the other one thinks.
    if case .finished(let outcome) = event, !hasAnswer, let answer = outcome.answer {
      pieces.append(Piece(text: answer, author: Author(lastAuthor ?? .large), segment: .answer))
    }
    return pieces
  }

  /// How the run ended; nil if it has not begun.
  ///
  /// - Parameter deadline: What the deadline cut.
  func result(_ deadline: DeadlineCut) -> RunResult? {
    guard let outcome else { return nil }
    let isLate = deadline == .run || deadline == .thinking && outcome.isTruncated
    let (small, large) = (outcome.usage.small, outcome.usage.large)
    let thinking = small.thinking + large.thinking
    // Text between thinking and answer that is longer than what was reserved is not cut, and not counted beyond it.
    let budget = plan.solver.budget
    let completion = min(
      thinking + small.answer + large.answer + insertedTokens, budget.thinkingTokens + budget.answerTokens)
    let prompt = lastAuthor.flatMap { plan.promptTokens[$0] } ?? plan.promptTokens.values.max() ?? 0
    // Of a prompt that was there whole, the last token was still evaluated again.
    let cached = min(lastAuthor.map { outcome.usage[$0].cached } ?? max(small.cached, large.cached), prompt - 1)
    return RunResult(
      outcome: outcome, finish: isLate ? .deadline : outcome.finish,
      isComplete: deadline != .run && lastEnding == .endOfTurn,
      promptTokens: prompt, cachedTokens: min(cached, prompt), reasoningTokens: plan.isUnmarked ? 0 : thinking,
      completionTokens: completion, logProbabilities: logProbabilities, calls: calls, toolFaults: toolFaults)
  }
}
