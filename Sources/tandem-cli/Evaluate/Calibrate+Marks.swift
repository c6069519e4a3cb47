import ArgumentParser
import Tandem
import TandemCommandLine
import TandemEvaluation
import TandemModels

extension Calibrate {
  /// One row, with the large model in both roles: it thinks alone, and marks each of its own steps.
  func markPlan() throws -> Plan {
    var settings = try StrategyOptions.settings(changes)
    guard settings["threshold"] == nil else {
      throw ValidationError("--set threshold: that is what is looked for. Leave it out.")
    }
    settings["threshold"] = .integer(-1)
    var models = models
    let preset = try models.chosenPreset()
    models.preset = preset?.name
    models.large = models.large ?? preset?.large.description
    models.small = models.large
    var plan = try plan(SpecReason.name, models)
    plan.rows[0].settings.merge(settings) { $1 }
    return plan
  }

  func text(_ calibration: MarkCalibration) -> String {
    var table = Table(["QUANTILE", "THRESHOLD", "REJECTED"], rightAligned: [0, 1, 2])
    for point in calibration.points {
      table.add([
        "\((point.quantile * 100).digits(0)) %", point.threshold.digits(3), "\((point.rejected * 100).digits(1)) %",
      ])
    }
    let chosen = calibration.chosen
    return table.lines(Console.current())
      + "\n\(calibration.steps) of its own steps in \(calibration.runs) runs, with a mean mark of "
      + "\(calibration.mean.digits(2)): \((chosen.rejected * 100).digits(1)) % of them are below the threshold. It holds "
      + "for the settings that were given here.\n--set threshold=\(chosen.threshold.digits(3))\n"
  }
}
