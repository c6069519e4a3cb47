/// Where the thinking about a word problem went wrong, thought by thought: what a program can tell.
package struct WordTraceCheck: Sendable, Hashable {
  /// The faults of each thought.
  package let faults: [[WordFault]]

  /// The place of the first thought with something wrong in it.
  package var firstWrong: Int? { faults.firstIndex { $0.contains { $0.isWrong } } }

  /// Reads the texts of the thoughts about a problem, and the answer after them if there is one.
  package init(of thoughts: [String], answer: String? = nil, about problem: WordProblem) {
    var books = WordBookkeeping(problem)
    var faults = thoughts.map { text in
      WordTokens.sentences(of: text).flatMap { sentence in
        WordSentence(sentence, about: problem).map { books.read($0) }
          ?? [WordFault(.unreadable, "'\(sentence)' has no known form")]
      }
    }
    if let answer {
      let isRight = problem.gold.judge(answer, by: .standard).verdict == .correct
      faults.append(isRight ? [] : [WordFault(.wrongAnswer, "right is \(problem.gold)")])
    }
    self.faults = faults
  }
}
