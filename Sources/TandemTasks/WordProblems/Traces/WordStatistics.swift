import Tandem

/// Lengths and cues of documents, in figures: what a model card says of the data.
package struct WordStatistics: Sendable, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ documents: [WordDocument]) {
    func mean(_ documents: [WordDocument], _ value: (WordDocument) -> Int) -> Double {
      let mean = Double(documents.reduce(0) { $0 + value($1) }) / Double(max(documents.count, 1))
      return (mean * 1_000).rounded() / 1_000
    }
    func words(_ document: WordDocument) -> Int {
      document.thoughts.reduce(0) { $0 + $1.text.split(separator: " ").count }
    }
    func cued(_ document: WordDocument, _ cue: Cue) -> Int {
      document.thoughts.count { thought in
        // The beginning of a thought is what a strategy looks at.
        thought.sentences.first.map { CueWords.paper.cue(of: $0.description) } == cue
      }
    }
    let whole = documents.filter { $0.instruction == nil && $0.learnsStop }
    var lines = [
      "steps \(mean(documents) { WordSolver($0.problem).steps })",
      "words of a question \(mean(documents) { $0.problem.question.split(separator: " ").count })",
      "thoughts \(mean(whole) { $0.thoughts.count }), words \(mean(whole, words))",
      "reflecting \(mean(whole) { cued($0, .reflection) }), affirming \(mean(whole) { cued($0, .affirmation) })",
      "not learned \(mean(whole) { $0.thoughts.count { !$0.isLearned } })",
      "without an answer \(mean(documents) { WordSolver($0.problem).answer == nil ? 1 : 0 })",
      "cut \(mean(documents) { $0.learnsStop || $0.instruction == .mark ? 0 : 1 })",
    ]
    for instruction in WordInstruction.allCases {
      let some = documents.filter { $0.instruction == instruction }
      lines.append("\(instruction.rawValue) \(some.count): words \(mean(some, words))")
    }
    for effort in CountdownEffort.allCases {
      lines.append("\(effort.rawValue): words \(mean(documents.filter { $0.effort == effort }, words))")
    }
    description = lines.joined(separator: "\n")
  }
}
