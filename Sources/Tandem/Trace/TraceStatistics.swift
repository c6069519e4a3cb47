/// What happened in a run, counted from its trace alone.
public struct TraceStatistics: Sendable, Hashable, Codable {
  /// The small model's work.
  public var small = Counts()
  /// The large model's work.
  public var large = Counts()
  /// Tokens of thinking, inserted ones included.
  public var thinkingTokens = 0
  /// Segments of the thinking as the paper counts reflection (arXiv:2504.12329, Fig. 3): paragraphs, merged until one
  /// begins with a word of reflection; at least one.
  public var reflections = 1
  /// The number of takeovers by the large model, by reason.
  public var handOvers: [Reason: Int] = [:]
  /// The large model's share of the kept thinking that was sampled.
  public var largeShare: Double?
  /// How close the models came to ending the thinking.
  public var stops = StopStatistics()
  /// How much the thinking repeats itself; nil if it is shorter than four words.
  public var repetition: Double?
  /// Why the run ended; nil if the trace has no outcome.
  public var finish: FinishReason?

  /// The work of one model.
  public struct Counts: Sendable, Hashable, Codable {
    /// Thoughts that were kept.
    public var thoughts = 0
    /// Tokens of these thoughts.
    public var tokens = 0
    /// Thoughts that were not kept.
    public var rejectedThoughts = 0
    /// Tokens of thoughts and answers that were not kept.
    public var rejectedTokens = 0
    /// Tokens of the answer.
    public var answerTokens = 0

    /// Nothing yet.
    public init() {}
  }

  /// Counts the events of `trace`.
  public init(_ trace: Trace) {
    for event in trace.events {
      switch event {
      case .accepted(let thought): add(thought)
      case .rejected(let thought, _):
        count(thought.author) {
          $0.rejectedThoughts += 1
          $0.rejectedTokens += thought.tokenCount
        }
      case .handedOver(.large, let reason): handOvers[reason, default: 0] += 1
      case .finished(let outcome): finish = outcome.finish
      case .started, .text, .selected, .handedOver, .failed: break
      }
    }
    let sampled = small.tokens + large.tokens
    largeShare = sampled > 0 ? Double(large.tokens) / Double(sampled) : nil
    let thinking = trace.thoughts.filter { $0.segment == .thinking }.map(\.text).joined()
    reflections = Self.reflectionSegments(in: thinking)
    repetition = Repetition.rate(of: thinking)
  }

  private mutating func add(_ thought: Thought) {
    stops.add(thought)
    if thought.segment == .thinking { thinkingTokens += thought.tokenCount }
    count(thought.author) {
      if thought.segment == .thinking {
        $0.thoughts += 1
        $0.tokens += thought.tokenCount
      } else {
        $0.answerTokens += thought.tokenCount
      }
    }
  }

  private mutating func count(_ author: Author, _ change: (inout Counts) -> Void) {
    switch author {
    case .small: change(&small)
    case .large: change(&large)
    case .inserted: break
    }
  }

  /// The released notebook's count: paragraphs whose first 30 characters hold one of four words begin a new segment.
  static func reflectionSegments(in thinking: String) -> Int {
    let words = ["wait", "hmm", "alternatively", "double-check"]
    let paragraphs = thinking.split(separator: "\n\n").map { $0.prefix(30).lowercased() }
    let beginnings = paragraphs.dropFirst().count { paragraph in words.contains { paragraph.contains($0) } }
    return 1 + beginnings
  }
}
