package import TandemInference

/// The accepted thoughts of a run, in order: all that the two models share.
///
/// What a run asks about it at every hand-over is counted as thoughts are appended, so that a hand-over costs the same
/// however long the chain is.
public struct Chain: Sendable {
  /// The thoughts, first one first.
  public private(set) var thoughts: [Thought] = []
  /// The tokens by part and author.
  private var counts: [Part: Int] = [:]
  /// The tokens in each vocabulary, one thought after the other.
  private var readings: [UInt64: Reading] = [:]

  private struct Part: Hashable {
    let segment: Segment
    let author: Author
  }

  private struct Reading {
    var tokens: [Token] = []
    /// How many thoughts there are in this vocabulary.
    var thoughts = 0
  }

  /// An empty chain.
  public init() {}

  package mutating func append(_ thought: Thought) {
    thoughts.append(thought)
    counts[Part(segment: thought.segment, author: thought.author), default: 0] += thought.tokenCount
    for (vocabulary, tokens) in thought.tokens {
      readings[vocabulary, default: .init()].tokens += tokens
      readings[vocabulary, default: .init()].thoughts += 1
    }
  }

  /// Its tokens in a vocabulary; nil if a thought has none.
  package func tokens(in vocabulary: UInt64) -> [Token]? {
    if thoughts.isEmpty { return [] }
    return readings[vocabulary].flatMap { $0.thoughts == thoughts.count ? $0.tokens : nil }
  }

  /// The number of tokens that its thoughts have in a vocabulary.
  package func tokenCount(in vocabulary: UInt64) -> Int { readings[vocabulary]?.tokens.count ?? 0 }

  /// The part of the turn to which the next thought belongs.
  public var segment: Segment {
    guard let last = thoughts.last else { return .thinking }
    return last.ending == .endOfThinking ? .answer : last.segment
  }

  /// Whether a model has ended its turn.
  public var isComplete: Bool { thoughts.last?.ending == .endOfTurn }

  /// The text of the thinking.
  public var thinking: String { text(of: .thinking) }
  /// The text of the answer.
  public var answer: String { text(of: .answer) }

  /// The tokens of one part of the turn, by one author or all.
  public func tokenCount(of segment: Segment, by author: Author? = nil) -> Int {
    counts.reduce(0) { sum, part in
      let counts = part.key.segment == segment && (author == nil || part.key.author == author)
      return counts ? sum + part.value : sum
    }
  }

  /// Whether the thinking, and `text` after it, ends with a blank line. Reads no more of the chain than that takes.
  package func endsWithBlankLine(followedBy text: String = "") -> Bool {
    var end = text
    for thought in thoughts.reversed() where thought.segment == .thinking {
      if end.unicodeScalars.count > 2 { break }  // what is before a line feed can be a part of its character
      end = thought.text + end
    }
    return end.hasSuffix("\n\n")
  }

  private func text(of segment: Segment) -> String {
    thoughts.reduce(into: "") { if $1.segment == segment { $0 += $1.text } }
  }
}

// Everything else follows from the thoughts.
extension Chain: Hashable {
  /// Whether both have the same thoughts.
  public static func == (a: Self, b: Self) -> Bool { a.thoughts == b.thoughts }

  /// Hashes the thoughts.
  public func hash(into hasher: inout Hasher) { hasher.combine(thoughts) }
}
