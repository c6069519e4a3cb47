extension Report {
  /// What stands above the numbers: differences that were allowed, then the notes.
  package var notices: [String] {
    let warning = "These runs were made under different conditions; rows of different runs don't compare."
    return (differences.isEmpty ? [] : [warning]) + differences + notes
  }

  /// How the numbers were made, in a few sentences.
  package var methods: String {
    """
    Accuracy is correct / (done - failed); thinking or an answer that was cut is never graded as an answer, and how \
    many would be right is in brackets. Wilson's interval takes all runs for independent; the one by problem is a \
    percentile bootstrap of \(resamples) samples (seed \(bootstrapSeed)) that draws problems with all their seeds. p: \
    exact two-sided permutation test that turns the sign of each problem's difference (with one seed McNemar's exact \
    test); it is not corrected for the number of rows. pass@k: Chen et al. 2021; majority@k: its exact expectation, \
    where all right answers count as one. Large share: of the kept thinking that was sampled. Seconds in all: while any \
    job of the row was going on. Window too small: of those done, how many were allowed less thinking than the budget says.
    """
  }
}
