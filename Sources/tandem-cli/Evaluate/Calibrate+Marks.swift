import ArgumentParser
import Tandem
import TandemCommandLine
import TandemEvaluation
import TandemSetup

extension Calibrate {
  /// One row, with the large model in both roles: it thinks alone, and marks each of its own steps.
  func markPlan() throws -> PlanDraft {
    var settings = try StrategyOptions.settings(changes)
    guard settings["threshold"] == nil else {
      throw ValidationError("--set threshold has no effect: calibration looks for it. Leave it out.")
    }
    settings["threshold"] = .integer(-1)
    var options = given
    let preset = try options.chosenPreset()
    options.preset = preset?.name
    options.large = options.large ?? preset?.options.large
    options.small = options.large
    return draft([.init(strategy: SpecReason.name, settings: settings)], options)
  }

  func text(_ calibration: MarkCalibration) -> StyledText {
    var table = Table(["QUANTILE", "THRESHOLD", "REJECTED"], rightAligned: [0, 1, 2])
    for point in calibration.points {
      table.add([
        point.quantile.percent(0), point.threshold.digits(3), point.rejected.percent(),
      ])
    }
    let chosen = calibration.chosen
    return table.text
      + "\n\(calibration.steps) of its own steps in \(calibration.runs) runs, with a mean mark of "
      + "\(calibration.mean.digits(2)): \(chosen.rejected.percent()) of them are below the threshold. It is valid "
      + "only for the settings given here.\n--set threshold=\(chosen.threshold.digits(3))\n"
  }
}
