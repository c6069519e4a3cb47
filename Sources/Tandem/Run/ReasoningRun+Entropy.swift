public import TandemInference

/// What a model wrote before its entropy crossed a bound.
public struct BoundedPassage: Sendable {
  /// The part to keep.
  public let kept: Passage
  /// Its last character, if the other model is to write it again; else nothing.
  public let dropped: Passage
  /// Whether the entropy has crossed the bound.
  public let isCrossed: Bool
}

extension ReasoningRun {
  /// Lets a model write until its entropy crosses `bound`, or the thinking ends; nothing is kept until it is accepted.
  ///
  /// If `dropsLast`, the token at which it crosses is no part of the result, as in R-Stitch if the small model is
  /// uncertain of it; nor is a character of which it is a part.
  public mutating func write(
    _ role: Role, until bound: EntropyBound, dropsLast: Bool
  ) async throws -> BoundedPassage {
    let passage = try await write(role, upTo: Stop.endOfSegment.orAt(bound, mayDropIt: dropsLast))
    let reasoner = try reasoner(role)
    let size = reasoner.model.tokenizer.vocabulary.size
    // A delimiter of several tokens must not be divided between the models.
    let isWhole = passage.ending == .endOfThinking && reasoner.closing.count > 1
    let resolved = isWhole ? nil : bound.resolved(vocabularySize: size)
    // A few tokens may follow the one at which it crosses, to complete a character.
    let entropies = passage.readings.map(\.entropy)
    let last = entropies.indices.suffix(1 + Reasoner.completionTokens)
    let crossing = try resolved.flatMap { bound in
      try last.first { try bound.isCrossed(by: Array(entropies[...$0])) }
    }
    guard let crossing, dropsLast else {
      return BoundedPassage(kept: passage, dropped: .empty, isCrossed: crossing != nil)
    }
    let (kept, dropped) = reasoner.split(passage, at: crossing)
    return BoundedPassage(kept: kept, dropped: dropped, isCrossed: true)
  }
}
