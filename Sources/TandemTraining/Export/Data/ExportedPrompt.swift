package import TandemInference
package import TandemRewards
import TandemTasks

/// A prompt of a hand-over, with its answer and what a reward may ask for.
package struct ExportedPrompt: Sendable, Hashable {
  /// The conversation up to the turn that is to be written; the last message is the user's.
  package var messages: [Message]
  /// As the check of the hand-over reads it.
  package var answer: String
  package var level: LengthLevel?
  package var budget: Int?
  package var reference: RewardContext.Reference?

  package init(
    _ messages: [Message], answer: String, level: LengthLevel? = nil, budget: Int? = nil,
    reference: RewardContext.Reference? = nil
  ) {
    (self.messages, self.answer) = (messages, answer)
    (self.level, self.budget, self.reference) = (level, budget, reference)
  }

  /// What the user asks last.
  package var question: String { messages.last?.content ?? "" }

  /// The same with each of `levels` in turn, in words after the question, or as a number of tokens if the level has a
  /// budget; unchanged if it has a level or a budget of its own, or if none is asked for.
  package func asked(_ levels: [LengthLevel], budgets: [LengthLevel: Int]) -> [Self] {
    guard level == nil, budget == nil, !levels.isEmpty else { return [self] }
    return levels.map { level in
      var copy = self
      copy.level = level
      copy.budget = budgets[level]
      let wish = budgets[level].map { "Think for \($0) tokens." } ?? CountdownPractice.effort(level).sentence
      copy.messages[messages.count - 1].content += " " + wish
      return copy
    }
  }
}
