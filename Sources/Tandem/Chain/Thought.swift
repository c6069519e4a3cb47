package import TandemInference

/// A piece of a chain, by one author: usually what stands between two blank lines.
public struct Thought: Sendable, Hashable {
  /// The text as a reader sees it: without delimiters of thinking and without control tokens.
  public let text: String
  /// Who wrote it.
  public let author: Author
  /// The part of the turn that it belongs to.
  public let segment: Segment
  /// Why it ends.
  public let ending: Ending
  /// The number of tokens that its author sampled; for inserted text, of those in the vocabulary of its first reader.
  public let tokenCount: Int
  /// How close its author came to ending the thinking.
  public let stops: StopReadings
  /// The certainty of its author about each token, delimiters and end of turn included. Not part of a trace.
  public let readings: [TokenReading]
  /// The tokens by vocabulary: as they were sampled in the author's own, the text encoded by itself in any other.
  package var tokens: [UInt64: [Token]]
  /// The beginning of its text that the thought before it had left undecided.
  var carried = ""
  /// What its tokens say beyond its text: what may be the beginning of a stop text, or one and what follows it.
  var unread = ""
  /// The stop text that ended it.
  var stop: String?

  /// Why a thought ends.
  public enum Ending: String, Sendable, Hashable, Codable {
    /// A blank line.
    case boundary
    /// As many tokens as were asked for.
    case limit
    /// The end of thinking.
    case endOfThinking = "end-of-thinking"
    /// The end of the model's turn, or a stop text: nothing follows.
    case endOfTurn = "end-of-turn"
  }

  package init(
    text: String, author: Author, segment: Segment, ending: Ending, tokenCount: Int,
    stops: StopReadings = .init(), readings: [TokenReading] = [], tokens: [UInt64: [Token]] = [:]
  ) {
    self.text = text
    self.author = author
    self.segment = segment
    self.ending = ending
    self.tokenCount = tokenCount
    self.stops = stops
    self.readings = readings
    self.tokens = tokens
  }
}

extension Thought {
  /// The thought without the end of thinking that its author wrote after it, and that end alone, of `count` tokens.
  func split(beforeEnd count: Int) -> (open: Thought, end: Thought) {
    let open = Thought(
      text: text, author: author, segment: segment, ending: text.hasSuffix("\n\n") ? .boundary : .limit,
      tokenCount: tokenCount - count, stops: stops, readings: readings.dropLast(count),
      tokens: tokens.mapValues { $0.dropLast(count) })
    let end = Thought(
      text: "", author: author, segment: segment, ending: ending, tokenCount: count, readings: readings.suffix(count),
      tokens: tokens.mapValues { $0.suffix(count) })
    return (open, end)
  }
}

// Token ids mean nothing outside the process that knows the vocabulary: traces hold the text.
extension Thought: Codable {
  private enum CodingKeys: String, CodingKey {
    case text, author, segment, ending, stops
    case tokenCount = "tokens"
  }

  /// Reads a thought of a trace, which has no tokens.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      text: try values.decode(String.self, forKey: .text), author: try values.decode(Author.self, forKey: .author),
      segment: try values.decode(Segment.self, forKey: .segment),
      ending: try values.decode(Ending.self, forKey: .ending),
      tokenCount: try values.decodeCount(forKey: .tokenCount),
      stops: try values.decodeIfPresent(StopReadings.self, forKey: .stops) ?? .init())
  }

  /// Writes the thought without its tokens.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(text, forKey: .text)
    try values.encode(author, forKey: .author)
    try values.encode(segment, forKey: .segment)
    try values.encode(ending, forKey: .ending)
    try values.encode(tokenCount, forKey: .tokenCount)
    if !stops.isEmpty { try values.encode(stops, forKey: .stops) }
  }
}

/// What one model wrote in one go. It has more than one thought only if it continues from the thinking into the answer.
public struct Passage: Sendable, Hashable {
  /// Its thoughts, in order.
  public let thoughts: [Thought]

  package init(_ thoughts: [Thought]) { self.thoughts = thoughts }

  /// Nothing at all.
  public static let empty = Self([])

  /// The text of all thoughts.
  public var text: String { thoughts.map(\.text).joined() }
  /// The tokens of all thoughts.
  public var tokenCount: Int { thoughts.reduce(0) { $0 + $1.tokenCount } }
  /// The part that is thinking.
  public var thinking: Passage { Passage(thoughts.filter { $0.segment == .thinking }) }
  /// The part that is an answer.
  public var answer: Passage { Passage(thoughts.filter { $0.segment == .answer }) }

  /// Why the last thought ends.
  public var ending: Thought.Ending { thoughts.last?.ending ?? .limit }

  /// Both, one after the other.
  public static func + (a: Self, b: Self) -> Self { Self(a.thoughts + b.thoughts) }
}
