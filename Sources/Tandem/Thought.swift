package import TandemInference

/// A piece of a chain, by one author: usually what stands between two blank lines.
public struct Thought: Sendable, Hashable {
  /// As a reader sees it: without delimiters of thinking and without control tokens.
  public let text: String
  public let author: Author
  public let segment: Segment
  public let ending: Ending
  /// Tokens that its author sampled; for inserted text, those of the model that reads it first.
  public let tokenCount: Int
  /// The tokens by vocabulary: as they were sampled in the author's own, the text encoded on its own in any other.
  package var tokens: [UInt64: [Token]]

  /// Why a thought ends where it does.
  public enum Ending: String, Sendable, Hashable, Codable {
    /// A blank line.
    case boundary
    /// As many tokens as were asked for.
    case limit
    /// The end of thinking.
    case endOfThinking = "end-of-thinking"
    /// The end of the model's turn: nothing follows.
    case endOfTurn = "end-of-turn"
  }

  package init(
    text: String, author: Author, segment: Segment, ending: Ending, tokenCount: Int, tokens: [UInt64: [Token]] = [:]
  ) {
    self.text = text
    self.author = author
    self.segment = segment
    self.ending = ending
    self.tokenCount = tokenCount
    self.tokens = tokens
  }
}

// Token ids mean nothing outside the process that knows the vocabulary: traces hold the text.
extension Thought: Codable {
  private enum CodingKeys: String, CodingKey {
    case text, author, segment, ending
    case tokenCount = "tokens"
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      text: try values.decode(String.self, forKey: .text), author: try values.decode(Author.self, forKey: .author),
      segment: try values.decode(Segment.self, forKey: .segment),
      ending: try values.decode(Ending.self, forKey: .ending),
      tokenCount: try values.decode(Int.self, forKey: .tokenCount))
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(text, forKey: .text)
    try values.encode(author, forKey: .author)
    try values.encode(segment, forKey: .segment)
    try values.encode(ending, forKey: .ending)
    try values.encode(tokenCount, forKey: .tokenCount)
  }
}

/// What one model wrote in one go. More than one thought only where it went from thinking on into the answer.
public struct Passage: Sendable, Hashable {
  public let thoughts: [Thought]

  package init(_ thoughts: [Thought]) { self.thoughts = thoughts }

  public var text: String { thoughts.map(\.text).joined() }
  public var tokenCount: Int { thoughts.reduce(0) { $0 + $1.tokenCount } }
  public var ending: Thought.Ending { thoughts.last?.ending ?? .limit }
}
