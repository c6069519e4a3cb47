/// What happened in a run, counted from its trace alone.
public struct TraceStatistics: Sendable, Hashable, Codable {
  public var small = Counts()
  public var large = Counts()
  /// Tokens of thinking, inserted ones included.
  public var thinkingTokens = 0
  /// Segments of the thinking as the paper counts reflection (arXiv:2504.12329, Fig. 3): paragraphs, merged until one
  /// begins with a word of reflection; at least one.
  public var reflections = 1
  /// How often the large model took over, by reason.
  public var handOvers: [String: Int] = [:]
  /// The large model's share of the kept thinking that was sampled.
  public var largeShare: Double?
  /// How near the models were to ending the thinking.
  public var stops = StopStatistics()
  /// How much the thinking repeats itself; nil where it is shorter than four words.
  public var repetition: Double?
  public var finish: String?

  /// What one model did.
  public struct Counts: Sendable, Hashable, Codable {
    public var thoughts = 0
    public var tokens = 0
    public var rejectedThoughts = 0
    public var rejectedTokens = 0
    public var answerTokens = 0

    public init() {}
  }

  public init(_ trace: Trace) {
    for event in trace.events {
      switch event {
      case .accepted(let thought): add(thought)
      case .rejected(let thought, _):
        count(thought.author) {
          $0.rejectedThoughts += 1
          $0.rejectedTokens += thought.tokenCount
        }
      case .handedOver(.large, let reason): handOvers[reason.rawValue, default: 0] += 1
      case .finished(let outcome): finish = outcome.finish.rawValue
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
