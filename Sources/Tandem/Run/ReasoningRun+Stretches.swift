public import TandemInference

/// What a model wrote until its certainty changed.
public struct Stretch: Sendable {
  /// What of it is to be kept.
  public let kept: Passage
  /// Its last token, where that is to be written by somebody else; else nothing.
  public let redone: Passage
  /// Whether its entropy has crossed the bound.
  public let isCrossed: Bool
}

extension ReasoningRun {
  /// Lets a model write until its entropy crosses `bound`, or the thinking ends; nothing is kept until it is accepted.
  ///
  /// - Parameter redoesLast: Whether the token at which it crosses is dropped, as R-Stitch does with what the small model
  ///   is not sure of.
  public mutating func write(_ role: Role, until bound: EntropyBound, redoesLast: Bool) async throws -> Stretch {
    let passage = try await write(role, upTo: Stop.endOfSegment.orAt(bound))
    let reasoner = try reasoner(role)
    let size = reasoner.model.tokenizer.vocabulary.size
    // A delimiter of several tokens is no place to change the pen.
    let isWhole = passage.ending == .endOfThinking && reasoner.closing.count > 1
    let resolved = isWhole ? nil : bound.resolved(vocabularySize: size)
    let isCrossed = try resolved?.isCrossed(by: passage.readings.map(\.entropy)) ?? false
    guard isCrossed && redoesLast else { return Stretch(kept: passage, redone: .empty, isCrossed: isCrossed) }
    let (kept, last) = reasoner.split(passage, at: passage.tokenCount - 1)
    return Stretch(kept: kept, redone: last, isCrossed: true)
  }
}
