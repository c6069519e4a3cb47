import FoundationEssentials
import TandemInference
import TandemSupport

/// TOPS, thinking-optimal scaling (arXiv:2502.18080): a problem is thought about with several efforts, and the shortest right
/// answer is learnt, by `tandem train sft`.
package enum TOPS {
  /// The shortest right draft of each problem that has one, in the order of the problems; of equals the first. The
  /// same problem may be there several times, once for each effort.
  package static func shortestRight(_ problems: [DraftedProblem]) -> [ChosenDraft] {
    DraftedProblem.joined(problems).compactMap { problem in
      problem.drafts.filter(\.isGood).min { $0.tokenCount < $1.tokenCount }
        .map { ChosenDraft(question: problem.question, draft: $0) }
    }
  }
}

/// A problem and the draft of it that is to be learnt.
package struct ChosenDraft: Sendable, Hashable {
  package let question: String
  package let draft: DraftedProblem.Draft

  /// Writes conversations as `ChatFile` reads them. Throws `fileUnwritable`.
  package static func write(_ chosen: [ChosenDraft], to path: String) throws(TrainingError) {
    var text = ""
    for one in chosen {
      let messages = [("user", one.question), ("assistant", one.draft.message)]
      text += try ["messages": messages.map { ["role": $0.0, "content": $0.1] }].jsonLine() + "\n"
    }
    try TrainingFile.write(Data(text.utf8), to: path)
  }
}

/// The preference pairs of AdaR1 (arXiv:2504.21659), from drafts of a model that thinks long and of one that thinks short.
package struct AdaR1: Sendable, Hashable {
  /// ε: the long thinker's group is preferred if its accuracy is above the short one's by more than this. 0.1 is ours.
  package var epsilon: Double
  /// The most pairs of the two groups of a problem. Ours.
  package var groupPairs: Int

  package init(epsilon: Double = 0.1, groupPairs: Int = 2) {
    (self.epsilon, self.groupPairs) = (epsilon, groupPairs)
  }

  /// Whether a problem is worth thinking long about.
  package func prefersLong(accuracy long: Double, short: Double) -> Bool { long - short > epsilon }

  /// The pairs of all problems that both have drafts of, in the order of `long`:
  /// - of groups: right drafts of the preferred group over drafts of the other, each in their order
  /// - of instances: in the preferred group, the shortest right draft over the longest draft
  package func pairs(long: [DraftedProblem], short: [DraftedProblem]) -> [AnswerPair] {
    let others = Dictionary(DraftedProblem.joined(short).map { ($0.question, $0.drafts) }) { first, _ in first }
    var pairs: [AnswerPair] = []
    for problem in DraftedProblem.joined(long) {
      guard let drafts = others[problem.question] else { continue }
      let isLong = prefersLong(accuracy: problem.drafts.accuracy, short: drafts.accuracy)
      let (preferred, other) = isLong ? (problem.drafts, drafts) : (drafts, problem.drafts)
      let right = preferred.filter(\.isGood)
      var chosen = Array(zip(right, other).prefix(groupPairs))
      if let best = right.min(by: { $0.tokenCount < $1.tokenCount }),
        let longest = preferred.max(by: { $0.tokenCount < $1.tokenCount }), best.tokenCount < longest.tokenCount
      {
        chosen.append((best, longest))
      }
      for (better, worse) in chosen where better.message != worse.message {
        pairs.append(
          AnswerPair([Message(.user, problem.question)], chosen: better.message, rejected: worse.message))
      }
    }
    return pairs
  }
}

extension DraftedProblem {
  /// Each question once, with all its drafts, in the order of the first mentions.
  static func joined(_ problems: [DraftedProblem]) -> [DraftedProblem] {
    let drafts = Dictionary(grouping: problems, by: \.question).mapValues { $0.flatMap(\.drafts) }
    var seen: Set<String> = []
    return problems.filter { seen.insert($0.question).inserted }.map {
      DraftedProblem(question: $0.question, drafts: drafts[$0.question] ?? [])
    }
  }
}

extension DraftedProblem.Draft {
  /// Whether it can be learnt from: it came to a right answer, which is known.
  var isGood: Bool { isComplete && isRight && answer != nil }

  /// The assistant's message: thinking and answer as the model wrote them.
  var message: String {
    let markers = ReasoningMarkers.think
    // One that did not come to an end shows neither the end of a thinking nor an answer.
    return "\(markers.opening)\n\(text)" + (answer.map { "\(markers.closing)\n\n\($0)" } ?? "")
  }
}

extension [DraftedProblem.Draft] {
  fileprivate var accuracy: Double { Double(count { $0.isRight }) / Double(Swift.max(count, 1)) }
}
