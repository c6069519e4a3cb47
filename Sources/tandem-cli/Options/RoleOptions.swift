import ArgumentParser
import Foundation
import Tandem
import TandemSetup

/// How each model is used: what a plan has in its rows under `small` and `large`.
struct RoleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A LoRA adapter of the small model, as GGUF; at FILE:SCALE, with a scale.", valueName: "file"))
  var smallLora: String?

  @Option(help: ArgumentHelp("A LoRA adapter of the large model, likewise.", valueName: "file"))
  var largeLora: String?

  @Option(
    help: ArgumentHelp("A LoRA of the large model that is on while it chooses among drafts.", valueName: "file"))
  var selectorLora: String?

  @Option(
    help: ArgumentHelp(
      "A control vector, as `tandem steer` makes it, that is on while the small model thinks; at FILE:SCALE, with a scale.",
      valueName: "file"))
  var smallControlVector: String?

  @Option(help: ArgumentHelp("The same for the large model.", valueName: "file"))
  var largeControlVector: String?

  @Option(help: "T on the small model's end of thinking: below 1 ends it sooner, 1 is off.")
  var smallStopTemp: Float?

  @Option(help: "The same for the large model.")
  var largeStopTemp: Float?

  @Option(help: "How the logit is divided: paper, sign-safe, shifted or log-odds. Default: sign-safe.")
  var stopMeasure: StopTemperature.Measure?

  @Option(help: "Guess the small model's tokens ahead, by n-grams: lookup. What is written does not depend on it.")
  var smallDraft: RoleSettings.Draft?

  @Option(
    help: ArgumentHelp(
      "Guess the large model's tokens ahead: lookup, small for the small model, or cascade for the small model with lookup."
    ))
  var largeDraft: RoleSettings.Draft?

  @Option(help: "The most tokens of a guess. Default: 4.")
  var draftMax: Int?

  func validate() throws {
    guard draftMax == nil || smallDraft != nil || largeDraft != nil else {
      throw ValidationError("--draft-max has no effect without --small-draft or --large-draft.")
    }
    guard stopMeasure == nil || smallStopTemp != nil || largeStopTemp != nil else {
      throw ValidationError("--stop-measure has no effect without --small-stop-temp or --large-stop-temp.")
    }
  }

  var small: RoleSettings {
    get throws { try settings(smallStopTemp, smallLora, selector: nil, smallControlVector, smallDraft) }
  }

  var large: RoleSettings {
    get throws {
      try settings(largeStopTemp, largeLora, selector: selectorLora, largeControlVector, largeDraft)
    }
  }

  private func settings(
    _ stopTemperature: Float?, _ lora: String?, selector: String?, _ controlVector: String?,
    _ draft: RoleSettings.Draft?
  ) throws -> RoleSettings {
    let (lora, loraScale) = try scaled(lora)
    let (controlVector, controlVectorScale) = try scaled(controlVector)
    return RoleSettings(
      stopTemperature: stopTemperature, stopMeasure: stopTemperature == nil ? nil : stopMeasure, lora: lora,
      loraScale: loraScale, selector: selector, controlVector: controlVector, controlVectorScale: controlVectorScale,
      draft: draft, draftMax: draft == nil ? nil : draftMax)
  }

  /// `FILE`, or `FILE:SCALE`.
  private func scaled(_ text: String?) throws -> (file: String?, scale: Float?) {
    guard let text, let match = text.wholeMatch(of: /(.+):(-?[0-9.]+)/) else { return (text, nil) }
    guard let scale = Float(match.2) else { throw ValidationError("\(match.2) is no scale.") }
    return (String(match.1), scale)
  }
}
