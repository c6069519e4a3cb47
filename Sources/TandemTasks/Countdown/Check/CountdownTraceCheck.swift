package import Tandem

/// Where the thinking about a Countdown problem went wrong, thought by thought: what a program can tell.
package struct CountdownTraceCheck: Sendable, Hashable, Codable {
  /// One for each thought, in order.
  package let verdicts: [Verdict]

  package struct Verdict: Sendable, Hashable, Codable {
    /// The place of the thought in the chain, from 0.
    package let thought: Int
    package let author: Author
    package fileprivate(set) var faults: [CountdownFault] = []

    package var isWrong: Bool { faults.contains { $0.isWrong } }
  }

  /// The thought where it went wrong first, by whomever.
  package var firstWrong: Verdict? { verdicts.first { $0.isWrong } }

  /// What went wrong first there.
  package var firstFault: CountdownFault? { firstWrong?.faults.first { $0.isWrong } }

  /// How often `author` made each kind of fault.
  package func counts(by author: Author) -> [CountdownFault.Kind: Int] {
    verdicts.lazy.filter { $0.author == author }.flatMap(\.faults).reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }
  }

  /// Checks a recorded run; nil if its question is no Countdown problem.
  package init?(_ trace: Trace) {
    guard let question = trace.header?.problem.question, let problem = Countdown(question: question) else { return nil }
    self.init(of: trace.thoughts, about: problem)
  }

  /// Checks a chain of thoughts.
  ///
  /// A sentence counts for the author who ended it. What a limit cut off is read together with what follows. It is no
  /// fault if the text that follows does not continue it, or if inserted text can't be read.
  package init(of thoughts: [Thought], about problem: Countdown) {
    var books = CountdownBookkeeping(problem)
    var (verdicts, open) = ([Verdict](), "")
    for (index, thought) in thoughts.enumerated() {
      var verdict = Verdict(thought: index, author: thought.author)
      if thought.segment == .thinking {
        var pieces = thought.text.sentences
        let cut = thought.ending == .limit ? pieces.popLast(where: { !$0.hasSuffix(".") }) : nil
        for piece in pieces {
          defer { open = "" }
          let whole = (open + piece).trimmed
          if let sentence = CountdownSentence(whole) ?? CountdownSentence(piece.trimmed) {
            verdict.faults += books.read(sentence).map { $0.located(sentence.description) }
          } else if thought.author != .inserted {
            verdict.faults.append(CountdownFault(.unreadable, "it has no known form").located(String(whole)))
          }
        }
        open += cut ?? ""
      }
      verdicts.append(verdict)
    }
    let answer = thoughts.filter { $0.segment == .answer }.map(\.text).joined()
    if let last = thoughts.lastIndex(where: { $0.segment == .answer }), !problem.isSolved(by: answer) {
      verdicts[last].faults.append(
        CountdownFault(.wrongAnswer, "it does not make \(problem.target)").located(String(answer.trimmed)))
    }
    self.verdicts = verdicts
  }
}

extension CountdownFault {
  fileprivate func located(_ sentence: String) -> Self {
    var fault = self
    fault.sentence = sentence
    return fault
  }
}

extension String {
  /// The sentences of a text, each with its full stop, and what is left between the last of them and a blank line or
  /// the end. Pieces of nothing but white space are left out, save for their part in a sentence.
  fileprivate var sentences: [String] {
    var sentences: [String] = []
    for paragraph in split(separator: "\n\n") {
      var piece = ""
      for character in paragraph {
        piece.append(character)
        if character == "." {
          sentences.append(piece)
          piece = ""
        }
      }
      if !piece.trimmed.isEmpty { sentences.append(piece) }
    }
    return sentences
  }
}

extension [String] {
  fileprivate mutating func popLast(where isWanted: (String) -> Bool) -> String? {
    last.map(isWanted) == true ? removeLast() : nil
  }
}
