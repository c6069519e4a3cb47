import FoundationEssentials

/// A problem and what one model thought about it, once or several times: what SCoT's adapters are trained on.
///
/// Files are JSON Lines with one of these a line.
package struct DraftedProblem: Sendable, Hashable, Codable {
  /// As the models were asked.
  package let question: String
  package let drafts: [Draft]

  /// A chain of thought, without its delimiters.
  package struct Draft: Sendable, Hashable, Codable {
    package let text: String
    package let tokenCount: Int
    /// Whether the model ended its thinking itself.
    package let isComplete: Bool
    /// Whether the answer that it gave after it is right.
    package let isRight: Bool
    /// That answer, if it was written down.
    package var answer: String?

    package init(text: String, tokenCount: Int, isComplete: Bool, isRight: Bool, answer: String? = nil) {
      self.text = text
      self.answer = answer
      self.tokenCount = tokenCount
      self.isComplete = isComplete
      self.isRight = isRight
    }
  }

  package init(question: String, drafts: [Draft]) {
    self.question = question
    self.drafts = drafts
  }

  /// Whether none of the drafts is right: the paper's class 2.
  package var isHopeless: Bool { !drafts.contains(where: \.isRight) }

  /// The numbers of the right drafts, counted from 1; the number after the last if none is.
  package var labels: [Int] {
    isHopeless ? [drafts.count + 1] : drafts.indices.filter { drafts[$0].isRight }.map { $0 + 1 }
  }

  /// The same with its drafts in another order.
  package func reordered(_ order: [Int]) -> Self { Self(question: question, drafts: order.map { drafts[$0] }) }

  /// Reads a file. Throws `fileUnreadable`, or `fileInvalid` with FILE:LINE.
  package static func read(_ path: String) throws(TrainingError) -> [Self] {
    var problems: [Self] = []
    for (number, line) in try TrainingFile.lines(of: path) {
      guard let problem = try? JSONDecoder().decode(Self.self, from: line), !problem.drafts.isEmpty else {
        throw .fileInvalid(path: "\(path):\(number)", reason: "it is not a question with drafts")
      }
      problems.append(problem)
    }
    guard !problems.isEmpty else { throw .fileInvalid(path: path, reason: "it has no problem") }
    return problems
  }

  /// Writes a file, whole or not at all. Throws `fileUnwritable`.
  package static func write(_ problems: [Self], to path: String) throws(TrainingError) {
    var text = ""
    for problem in problems { text += try problem.jsonLine() + "\n" }
    try TrainingFile.write(Data(text.utf8), to: path)
  }
}
