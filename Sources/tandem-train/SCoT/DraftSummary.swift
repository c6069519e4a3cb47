import TandemCommandLine
import TandemTraining

/// A file of drafts, summed up in a few lines.
struct DraftSummary {
  let text: String

  init(_ problems: [DraftedProblem]) {
    let drafts = problems.flatMap(\.drafts)
    let (all, longest) = (Self.mean(drafts.map(\.tokenCount)), problems.map { $0.drafts.map(\.tokenCount).max() ?? 0 })
    let right = drafts.filter(\.isRight)
    func share(_ part: Int, _ whole: Int) -> String { (Double(part) / Double(max(whole, 1))).percent() }
    text = """
      \(problems.count) problems, \(drafts.count) drafts; mean tokens: \(all.digits(1)), of the longest of each problem \
      \(Self.mean(longest).digits(1)), of right drafts \(Self.mean(right.map(\.tokenCount)).digits(1))
      right \(share(right.count, drafts.count)), complete \(share(drafts.count(where: \.isComplete), drafts.count)), \
      problems without a right draft \(share(problems.count(where: \.isHopeless), problems.count))
      """
  }

  private static func mean(_ counts: [Int]) -> Double { Double(counts.reduce(0, +)) / Double(max(counts.count, 1)) }
}
