import Foundation
import Tandem
import TandemInference
import TandemTasks

extension Runner {
  /// The strategy of a row; of one that matches another, with the probability that gives the same share on this task.
  func strategy(
    of row: Plan.Row, _ task: LoadedTask, _ log: RunLog, _ ledger: RunLedger
  ) async throws -> any Strategy {
    guard let target = row.matchShare else { return try plan.strategy(of: row) }
    let name = task.choice.title
    let known = try folder.calibrations().last { $0.task == name && $0.row == row.label }
    if let known { return try plan.strategy(of: row, probability: known.probability) }
    guard let share = await ledger.usage(task: name, row: target).largeShare else {
      throw EvaluationError.notCalibrated(task: name, row: row.label, reason: "\(target) has no thinking to match")
    }
    report(.calibrating(task: name, row: row.label))
    let calibration = try await calibrate(row, task, target: target, share: share)
    try await log.add(calibration)
    report(.calibrated(calibration))
    return try plan.strategy(of: row, probability: calibration.probability)
  }

  private func calibrate(
    _ row: Plan.Row, _ task: LoadedTask, target: String, share: Double
  ) async throws -> Calibration {
    let pilot = task.pilot
    // The smallest seed that the plan does not have.
    let seed = sequence(first: UInt64(0)) { $0 + 1 }.first { !plan.seeds.contains($0) } ?? 0
    var (probability, trials, offsets) = (share, [Calibration.Trial](), [Double]())
    // A thought of the one is as long as a thought of the other, nearly: the log-odds of probability and share differ
    // by little, and by as much near the target. Two trials on problems of their own measure by how much.
    for half in 0..<2 where share > 0 && share < 1 {
      let exercises = pilot.exercises.enumerated().filter { pilot.exercises.count < 2 || $0.offset % 2 == half }
      guard let found = try await self.share(of: row, probability, task, exercises.map(\.element), seed) else {
        throw EvaluationError.notCalibrated(task: task.choice.title, row: row.label, reason: "the pilot failed")
      }
      trials.append(Calibration.Trial(probability: probability, share: found))
      offsets.append(Self.logOdds(found) - Self.logOdds(probability))
      let corrected = Self.logOdds(share) - offsets.reduce(0, +) / Double(offsets.count)
      probability = 1 / (1 + exp(-corrected))
    }
    return Calibration(
      task: task.choice.title, row: row.label, target: target, targetShare: share, probability: probability,
      trials: trials, seed: seed, problems: pilot.exercises.count, isHeldOut: pilot.isHeldOut)
  }

  /// The share that a probability gives on the pilot; nil if no problem of it could be run.
  private func share(
    of row: Plan.Row, _ probability: Double, _ task: LoadedTask, _ exercises: [Exercise], _ seed: UInt64
  ) async throws -> Double? {
    let strategy = try plan.strategy(of: row, probability: probability)
    let pilot = RunLedger(total: exercises.count, records: [])
    try await inParallel(exercises, strategy, row) { exercise in
      let key = Record.Key(task: task.choice.title, problem: exercise.id, row: row.label, seed: seed)
      let attempt = JobAttempt(
        job: Job(exercise: exercise, key: key), task: task, row: row, strategy: strategy, solver: try solver(of: row))
      _ = await pilot.add(try await attempt.run().0)
    }
    return await pilot.usage(task: task.choice.title, row: row.label).largeShare
  }

  private static func logOdds(_ share: Double) -> Double {
    let share = min(max(share, 0.005), 0.995)
    return log(share / (1 - share))
  }
}
