/// A paper whose claims a plan repeats, with its figures.
package struct Paper: Sendable, Hashable {
  /// As it is named on the command line and in plans.
  package let name: String
  package let title: String
  /// Where its figures stand.
  package let source: String
  package let figures: [Figure]
  /// What a reader has to know before comparing.
  package let notes: [String]

  /// What a paper reports of one row on one task; nil for what it does not.
  package struct Figure: Sendable, Hashable {
    package let task: String
    /// The label that rows of plans have for it.
    package let row: String
    /// In per cent.
    package var accuracy: Double?
    /// Mean tokens of an answer, its thinking included.
    package var tokens: Double?
    /// The large model's share of these, in per cent.
    package var largeShare: Double?
    /// Mean thinking tokens of the large model.
    package var largeThinking: Double?
    /// Mean tokens of the longest draft.
    package var draftTokens: Double?
    /// Mean tokens of the answer alone.
    package var answerTokens: Double?
    /// Mean seconds of thinking.
    package var seconds: Double?

    init(
      _ task: String, _ row: String, accuracy: Double? = nil, tokens: Double? = nil, largeShare: Double? = nil,
      largeThinking: Double? = nil, draftTokens: Double? = nil, answerTokens: Double? = nil, seconds: Double? = nil
    ) {
      (self.task, self.row) = (task, row)
      (self.accuracy, self.tokens, self.largeShare) = (accuracy, tokens, largeShare)
      (self.largeThinking, self.draftTokens, self.answerTokens) = (largeThinking, draftTokens, answerTokens)
      self.seconds = seconds
    }
  }

  package static let all = [speculativeThinking, speculativeCoT, tldr]

  /// Throws `ReportError.unknownPaper` with the nearest name.
  package static func named(_ name: String) throws(ReportError) -> Paper {
    guard let paper = all.first(where: { $0.name == name }) else {
      throw .unknownPaper(name: name, known: all.map(\.name))
    }
    return paper
  }

  /// What it reports of a row on a task.
  package func figure(_ task: String, _ row: String) -> Figure? {
    figures.first { $0.task == task && $0.row == row }
  }
}
