/// The accepted thoughts of a run, in order: all that the two models have in common.
public struct Chain: Sendable, Hashable {
  public private(set) var thoughts: [Thought] = []

  public init() {}

  package mutating func append(_ thought: Thought) { thoughts.append(thought) }

  /// Where the next thought belongs.
  public var segment: Segment {
    guard let last = thoughts.last else { return .thinking }
    return last.ending == .endOfThinking ? .answer : last.segment
  }

  /// Whether a model has ended its turn.
  public var isComplete: Bool { thoughts.last?.ending == .endOfTurn }

  public var thinking: String { text(of: .thinking) }
  public var answer: String { text(of: .answer) }

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
