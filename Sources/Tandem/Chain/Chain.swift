/// The accepted thoughts of a run, in order: all that the two models share.
public struct Chain: Sendable, Hashable {
  /// The thoughts, first one first.
  public private(set) var thoughts: [Thought] = []

  /// An empty chain.
  public init() {}

  package mutating func append(_ thought: Thought) { thoughts.append(thought) }

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
    thoughts.reduce(0) { sum, thought in
      let counts = thought.segment == segment && (author == nil || thought.author == author)
      return counts ? sum + thought.tokenCount : sum
    }
  }

  private func text(of segment: Segment) -> String {
    thoughts.reduce(into: "") { if $1.segment == segment { $0 += $1.text } }
  }
}
