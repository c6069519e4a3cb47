import Tandem

extension TaskReport {
  /// All numbers of a task, as tables of a width that a terminal can show.
  package var tables: [ReportTable] {
    let tables: [ReportTable?] = [
      accuracyTable, comparisonTable, thinkingTable, timeTable, frontierTable, servedTable, draftTable, phaseTable,
      votesTable,
      objectionTable,
      handOverTable, conditionsTable,
    ]
    return tables.compactMap { $0?.withoutEmptyColumns() }.filter { !$0.rows.isEmpty }
  }

  private var accuracyTable: ReportTable {
    ReportTable(
      "Accuracy",
      [
        "row", "accuracy", "95 % Wilson", "95 % by problem", "correct", "wrong", "completed from memory", "cut",
        "unparsable", "window too small", "failed", "done",
      ],
      rows: rows.map { row in
        let counts = row.counts
        return [
          row.label, ReportNumber.percent(row.accuracy?.value), ReportNumber.percent(row.accuracy?.wilson),
          ReportNumber.percent(row.accuracy?.bootstrap), "\(counts.correct)", "\(counts.wrong)",
          ReportNumber.percent(row.memoryCompletionRate),
          "\(counts.truncated)" + (counts.rightAfterCut > 0 ? " (\(counts.rightAfterCut) right)" : ""),
          "\(counts.unparsable)", counts.shrunken.map { "\($0)" } ?? "", "\(counts.failed)",
          "\(counts.done)/\(counts.jobs)",
        ]
      })
  }

  private var comparisonTable: ReportTable {
    ReportTable(
      "Against \(baseline), on the same problems and seeds",
      ["row", "points (95 %)", "p", "won", "lost", "pairs", "thinking tokens (95 %)", "seconds (95 %)"],
      rows: comparisons.map { comparison in
        [
          comparison.row, ReportNumber.signed(comparison.accuracy, times: 100, 1),
          ReportNumber.pValue(comparison.pValue), "\(comparison.won)", "\(comparison.lost)", "\(comparison.pairs)",
          ReportNumber.signed(comparison.thinkingTokens, 0), ReportNumber.signed(comparison.seconds, 2),
        ]
      })
  }

  private var thinkingTable: ReportTable {
    ReportTable(
      "Thinking tokens, means a run",
      [
        "row", "all", "correct", "wrong", "cut", "small", "large", "inserted", "large share", "large sampled",
        "large evaluated", "large saved",
      ],
      rows: rows.map { row in
        let (thinking, tokens) = (row.thinking, row.thinking.tokens)
        let means = [tokens.all, tokens.correct, tokens.wrong, tokens.truncated].map { ReportNumber.decimal($0) }
        let authors = [thinking.small, thinking.large, thinking.inserted].map { ReportNumber.decimal($0) }
        return [row.label] + means + authors + [
          ReportNumber.percent(thinking.largeShare), ReportNumber.decimal(thinking.largeSampled),
          ReportNumber.decimal(thinking.largeEvaluated), ReportNumber.percent(thinking.largeSaved),
        ]
      })
  }

  private var timeTable: ReportTable {
    ReportTable(
      "Time and cost",
      [
        "row", "seconds a run", "95 %", "seconds in all", "GFLOP a run", "with attention", "cache read, GB", "eGFLOP",
        "cost in all", "of 1000 runs", "of 1000 correct",
      ],
      rows: rows.map { row in
        let interval = row.time.interval.map { [$0.lower, $0.upper].map { ReportNumber.short($0) } }
        return [
          row.label, ReportNumber.short(row.time.seconds), interval?.joined(separator: "–") ?? "",
          ReportNumber.short(row.time.busySeconds),
          ReportNumber.short(row.time.operations.map { $0 / 1e9 }),
          ReportNumber.short(row.time.kinetics.map { $0.operations / 1e9 }),
          ReportNumber.short(row.time.kinetics.map { $0.bytes / 1e9 }),
          ReportNumber.short(row.time.equivalentOperations.map { $0 / 1e9 }), ReportNumber.short(row.cost?.total),
          ReportNumber.short(row.cost.map { $0.perRun * 1000 }),
          ReportNumber.short(row.cost?.perCorrect.map { $0 * 1000 }),
        ]
      })
  }

  private var frontierTable: ReportTable? {
    ReportTable(
      "Which size, how many tokens, how many tries: what no other row or vote is as accurate for (arXiv:2506.05333)",
      ["row", "models", "thinking tokens", "tries", "eGFLOP", "accuracy"], leading: 2,
      rows: (frontier ?? []).filter(\.isBest).map { point in
        [
          point.row, point.models.joined(separator: " + "), ReportNumber.decimal(point.thinkingTokens),
          "\(point.tries)", ReportNumber.short(point.equivalentOperations / 1e9), ReportNumber.percent(point.accuracy),
        ]
      })
  }

  private var servedTable: ReportTable? {
    ReportTable(
      "What servers did, means a run",
      [
        "row", "model", "calls", "prompt tokens", "cached", "sampled", "discarded", "seconds on the wire",
        "before the first token",
      ], leading: 2,
      rows: rows.flatMap { row in
        (row.served ?? []).map { served in
          [
            row.label, served.model, ReportNumber.decimal(served.calls, 1), ReportNumber.decimal(served.prompt),
            ReportNumber.percent(served.cached), ReportNumber.decimal(served.sampled),
            ReportNumber.decimal(served.discarded, 1), ReportNumber.short(served.seconds),
            ReportNumber.short(served.secondsToFirstToken),
          ]
        }
      })
  }

  private var draftTable: ReportTable? {
    ReportTable(
      "Drafts: what they were worth by the small model's own answers, and the choice among them",
      [
        "row", "drafts", "tokens of one", "complete", "one", "majority", "shortest", "any (oracle)", "chosen",
        "chose a right one", "rejected where none is right", "rethink rate",
      ],
      rows: rows.compactMap { row in
        guard let drafts = row.drafts else { return nil }
        let answered = drafts.answered
        return [
          row.label, ReportNumber.decimal(drafts.drafts), ReportNumber.decimal(drafts.tokens),
          ReportNumber.percent(drafts.complete), ReportNumber.percent(answered?.single),
          ReportNumber.percent(answered?.majority), ReportNumber.percent(answered?.shortest),
          ReportNumber.percent(answered?.oracle), ReportNumber.percent(answered?.chosen),
          ReportNumber.percent(answered?.whenRightExists), ReportNumber.percent(answered?.whenNoneIsRight),
          ReportNumber.percent(drafts.rejected),
        ]
      })
  }

  private var objectionTable: ReportTable? {
    ReportTable(
      "Right answers that were objected to (the protocol of GaslightingBench-R, arXiv:2506.09677)",
      ["row", "accuracy", "objections", "right again", "given up", "accuracy after"],
      rows: rows.compactMap { row in
        row.objections.map {
          [
            row.label, ReportNumber.percent(row.accuracy?.value), "\($0.objections)", "\($0.kept)",
            ReportNumber.percent($0.flipRate), ReportNumber.percent($0.accuracyAfter),
          ]
        }
      })
  }

  private var phaseTable: ReportTable? {
    let phases = Set(rows.flatMap { $0.time.phases.keys }).sorted()
    return ReportTable(
      "Seconds a run by phase", ["row"] + phases,
      rows: rows.filter { !$0.time.phases.isEmpty }.map { row in
        [row.label] + phases.map { ReportNumber.short(row.time.phases[$0]) }
      })
  }

  /// pass@k and majority@k; none with one seed, where they are the accuracy.
  private var votesTable: ReportTable? {
    let ks = Set(rows.flatMap { $0.votes.map(\.k) }).sorted()
    guard ks.contains(where: { $0 > 1 }) else { return nil }
    return ReportTable(
      "Of k runs of a problem: any right (pass@k), the most frequent answer right (majority@k)",
      ["row"] + ks.map { "pass@\($0)" } + ks.map { "majority@\($0)" },
      rows: rows.map { row in
        let votes = ks.map { k in row.votes.first { $0.k == k } }
        return [row.label] + votes.map { ReportNumber.percent($0?.pass) }
          + votes.map { ReportNumber.percent($0?.majority) }
      })
  }

  private var handOverTable: ReportTable {
    let reasons = Set(rows.flatMap { $0.handOvers.keys }).sorted()
    return ReportTable(
      "Reflection (sums of segments as in arXiv:2504.12329, and means a run) and hand-overs a run, by reason",
      ["row", "correct", "all others", "a correct run", "a wrong run", "a cut run", "hand-overs"] + reasons,
      rows: rows.map { row in
        let (reflections, means) = (row.reflections, row.reflections.means)
        let all = row.handOvers.values.reduce(0, +)
        return [row.label, "\(reflections.correctSum)", "\(reflections.otherSum)"]
          + [means.correct, means.wrong, means.truncated].map { ReportNumber.decimal($0, 1) }
          + [row.handOvers.isEmpty ? "" : ReportNumber.decimal(all, 1)]
          + reasons.map { ReportNumber.decimal(row.handOvers[$0], 1) }
      })
  }

  private var conditionsTable: ReportTable {
    ReportTable(
      "Conditions",
      [
        "row", "strategy", "changed settings", "models", "prompt, extraction", "limits in tokens", "sampling", "grader",
      ],
      leading: 8,
      rows: rows.map { row in
        let settings = row.changedSettings.sorted { $0.key < $1.key }.map {
          "\($0.key)=\(ReportNumber.setting($0.value))"
        }
        return [
          row.label, row.strategy, settings.joined(separator: " "),
          [row.small, row.large].compactMap(\.self).joined(separator: " + "), row.conditions?.question ?? "",
          row.conditions?.limits ?? "", row.conditions?.sampling ?? "", row.conditions?.grader ?? "",
        ]
      })
  }
}
