/// How far a run is.
package struct EvaluationProgress: Sendable, Hashable, Codable {
  /// All jobs of the plan.
  package var total = 0
  /// Jobs with a record, failed ones included.
  package var done = 0
  package var correct = 0
  package var failed = 0
  /// Jobs done, tokens sampled and seconds gone since the run was begun or resumed.
  package var doneNow = 0
  package var tokensNow = 0
  package var secondsNow = 0.0

  package init() {}

  /// Of all that did not fail; nil before there is one.
  package var accuracy: Double? { done > failed ? Double(correct) / Double(done - failed) : nil }

  package var tokensPerSecond: Double? { secondsNow > 0 ? Double(tokensNow) / secondsNow : nil }

  /// At the pace since it was begun or resumed; rows that are still to come may be slower or faster.
  package var secondsLeft: Double? { doneNow > 0 ? secondsNow / Double(doneNow) * Double(total - done) : nil }

  /// Counts a record that was read when the run was resumed.
  mutating func count(_ record: Record) {
    done += 1
    correct += record.grade == .correct ? 1 : 0
    failed += record.grade == .failed ? 1 : 0
  }
}

/// What a run reports while it is in progress.
package enum EvaluationEvent: Sendable, Hashable {
  case began(EvaluationProgress)
  case recorded(Record, EvaluationProgress)
  /// A pilot is being run to bring a row to another one's share.
  case calibrating(task: String, row: String)
  case calibrated(Calibration)
}
