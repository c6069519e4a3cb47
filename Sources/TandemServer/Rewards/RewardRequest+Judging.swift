import TandemRewards

extension RewardRequest.Group {
  /// Its outcomes, in the order of the completions.
  func judged(_ place: String) async throws -> [RewardOutcome] {
    switch (outcomes, completions) {
    case (let outcomes?, nil):
      return try outcomes.enumerated().map { index, outcome in
        guard let isCorrect = outcome.isCorrect else {
          throw RewardRequest.invalid("\(place).outcomes[\(index)] does not say whether it isCorrect.")
        }
        return try outcome.outcome("\(place).outcomes[\(index)]", isCorrect)
      }
    case (nil, let completions?):
      guard let check, let answer else {
        throw RewardRequest.invalid("\(place) has completions, and needs 'check' and 'answer' to judge them.")
      }
      let outputs = try completions.enumerated().map { index, completion in
        guard let output = completion.output else {
          throw RewardRequest.invalid("\(place).completions[\(index)] has no output.")
        }
        return output
      }
      let areRight = try await Judge.areRight(outputs, check, answer)
      return try zip(completions, areRight).enumerated().map { index, judged in
        let (completion, isRight) = judged
        return try completion.outcome("\(place).completions[\(index)]", completion.isCut != true && isRight)
      }
    default: throw RewardRequest.invalid("\(place) must have either outcomes or completions.")
    }
  }
}

extension RewardRequest.Completion {
  fileprivate func outcome(_ place: String, _ isCorrect: Bool) throws -> RewardOutcome {
    guard length >= 0 else { throw RewardRequest.invalid("\(place): a length can't be below 0.") }
    return RewardOutcome(
      length: length, isCorrect: isCorrect, isCut: isCut ?? false, isRepetitive: isRepetitive ?? false)
  }
}
