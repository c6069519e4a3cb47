/// How documents of word problems are made: every number of it.
package struct WordTracePolicy: Sendable, Hashable, Codable {
  // MARK: - Problems

  /// How many stories have their sentences in an order at random.
  package var reorderedShare = 0.1
  /// How many lack a sentence that is needed, so that there is no answer.
  package var missingShare = 0.05

  // MARK: - Thinking

  /// How often a look into the story begins with a cue word. The fewer do, the less a large model takes over.
  package var cueAtLook = 0.6
  /// The weights of 0, 1, 2 … checks of what is right already: overthinking, which can be unlearned.
  package var checks = [0.3, 0.4, 0.2, 0.1]
  /// How often the last calculation is done another way.
  package var otherWayShare = 0.15
  /// How many traces are cut at some thought and answered at once: a model learns to answer when it is made to, and
  /// does not learn to stop early.
  package var truncatedShare = 0.1

  // MARK: - Mistakes

  /// How many traces may have a mistake in them. It is read, and never learned; its correction is.
  package var mistakeShare = 0.15
  /// The weights of the kinds of mistake.
  package var mistakes: [WordMistake: Double] = [.slip: 1, .misreading: 1, .hiddenSlip: 1]

  // MARK: - Instructions

  /// How many documents have an instruction.
  package var instructionShare = 0.4
  /// The weights of the instructions.
  package var instructions: [WordInstruction: Double] = [
    .effort: 3, .draft: 1, .hint: 1, .outline: 1, .alongOutline: 1, .mark: 1,
  ]
  /// What an effort changes: the weights of 0, 1, 2 … checks.
  package var checksAtEffort: [CountdownEffort: [Double]] = [.low: [1], .medium: [0, 1], .high: [0, 0, 0.5, 0.5]]
  /// How many of the documents that teach to mark have a mistake, if there is an occasion; the step to be marked is then
  /// often that.
  package var markedMistakeShare = 0.6

  package init() {}
}
