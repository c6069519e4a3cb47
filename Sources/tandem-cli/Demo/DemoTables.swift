import TandemCommandLine
import TandemEvaluation

/// The report in one table of a terminal's width.
struct DemoTable {
  static let legend = """
    CUT: runs whose thinking or answer reached its limit; they never count as right.
    SMALL, LARGE: mean thinking tokens of each model, as far as they were kept. SECONDS: of the whole row.
    """

  private let report: Report

  init(_ report: Report) { self.report = report }

  var text: StyledText {
    var table = Table(
      ["STRATEGY", "ACCURACY", "95 %", "THINKING TOKENS", "SMALL", "LARGE", "CUT", "SECONDS"],
      rightAligned: [1, 2, 3, 4, 5, 6, 7])
    for row in report.tasks.flatMap(\.rows) {
      let interval = row.accuracy?.bootstrap ?? row.accuracy?.wilson
      table.add([
        row.label, (row.accuracy?.value ?? 0).percent(),
        interval.map { "\(($0.lower * 100).digits(1))–\(($0.upper * 100).digits(1))" } ?? "",
        (row.thinking.tokens.all ?? 0).digits(0), row.thinking.small.digits(0), row.thinking.large.digits(0),
        "\(row.counts.truncated)", (row.time.busySeconds ?? row.time.seconds).digits(1),
      ])
    }
    return table.text
  }
}

/// Two reports of the same tasks, before and after training, side by side.
struct LengthTable {
  private let before: Report
  private let after: Report

  init(before: Report, after: Report) { (self.before, self.after) = (before, after) }

  var text: StyledText {
    var table = Table(
      ["ASKED FOR", "BEFORE", "THINKING TOKENS", "AFTER TLDR", "THINKING TOKENS", "SAVED"],
      rightAligned: [1, 2, 3, 4, 5])
    for (old, new) in zip(before.tasks, after.tasks) where old.name == new.name {
      guard let first = old.rows.first, let second = new.rows.first else { continue }
      let tokens = (first.thinking.tokens.all ?? 0, second.thinking.tokens.all ?? 0)
      table.add([
        old.name, (first.accuracy?.value ?? 0).percent(), tokens.0.digits(0), (second.accuracy?.value ?? 0).percent(),
        tokens.1.digits(0), (tokens.0 > 0 ? 1 - tokens.1 / tokens.0 : 0).percent(),
      ])
    }
    return table.text
  }
}
