/// What a strategy puts into a model's window besides the prompt, the thinking and the answer, in that model's tokens.
///
/// The thinking budget of a run shrinks so that all of it fits: see `ReasoningRun.thinkingBudget`.
public struct WindowNeed: Sendable, Hashable {
  /// The longest text that is inserted into thinking that may continue after it.
  public var inserted: Int
  /// The most tokens that the model reads and writes after the chain and that are dropped again, such as a question
  /// about a thought. It may need the answer's place.
  public var aside: Int
  /// What is inserted even if nothing is thought, such as a text in place of the thinking.
  /// The beginning of an answer is part of the answer.
  public var always: Int

  /// Nothing unless given.
  public init(inserted: Int = 0, aside: Int = 0, always: Int = 0) {
    self.inserted = inserted
    self.aside = aside
    self.always = always
  }
}
