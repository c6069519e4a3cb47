import ArgumentParser
import Foundation
import Tandem
import TandemSetup

/// How each model is used: what a plan has in its rows under `small` and `large`.
struct RoleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A LoRA adapter for the small model, as GGUF; FILE:SCALE scales it.", valueName: "file"))
  var smallLora: String?

  @Option(help: ArgumentHelp("A LoRA adapter for the large model.", valueName: "file"))
  var largeLora: String?

  @Option(
    help: ArgumentHelp("A LoRA adapter for the large model, used while it chooses among drafts.", valueName: "file"))
  var selectorLora: String?

  @Option(
    help: ArgumentHelp(
      "A control vector, as `tandem steer` makes it, for the small model's thinking; FILE:SCALE scales it.",
      valueName: "file"))
  var smallControlVector: String?

  @Option(help: ArgumentHelp("A control vector for the large model's thinking.", valueName: "file"))
  var largeControlVector: String?

  @Option(help: "Temperature of the small model's end of thinking: below 1 ends it sooner, 1 is off.")
  var smallStopTemp: Float?

  @Option(help: "Temperature of the large model's end of thinking.")
  var largeStopTemp: Float?

  @Option(help: "How to divide that logit: paper, sign-safe, shifted or log-odds. Default: sign-safe.")
  var stopMeasure: StopTemperature.Measure?

  @Option(help: "Speculative decoding for the small model: lookup (n-grams). The output does not change.")
  var smallDraft: RoleSettings.Draft?

  @Option(
    help: ArgumentHelp(
      "Speculative decoding for the large model: lookup, small (the small model drafts) or cascade (small with lookup)."
    ))
  var largeDraft: RoleSettings.Draft?

  @Option(help: "The most draft tokens at a time. Default: 4.")
  var draftMax: Int?

  @Option(
    help: ArgumentHelp(
      "A small model after training, whose difference to its base is added to the small model's logits (ThinkLogit).",
      valueName: "model"))
  var smallGuide: String?

  @Option(help: ArgumentHelp("That guide before training.", valueName: "model"))
  var smallGuideBase: String?

  @Option(
    help: ArgumentHelp("A guide for the large model: a small one of the same vocabulary.", valueName: "model"))
  var largeGuide: String?

  @Option(help: ArgumentHelp("That guide before training.", valueName: "model"))
  var largeGuideBase: String?

  @Option(help: "How much of a guide's difference is added; 0 adds nothing. Default: 1.")
  var guideAlpha: Float?

  func validate() throws {
    guard draftMax == nil || smallDraft != nil || largeDraft != nil else {
      throw ValidationError("--draft-max has no effect without --small-draft or --large-draft.")
    }
    guard stopMeasure == nil || smallStopTemp != nil || largeStopTemp != nil else {
      throw ValidationError("--stop-measure has no effect without --small-stop-temp or --large-stop-temp.")
    }
    guard guideAlpha == nil || smallGuide != nil || largeGuide != nil else {
      throw ValidationError("--guide-alpha has no effect without --small-guide or --large-guide.")
    }
    for (role, guide, base) in [("small", smallGuide, smallGuideBase), ("large", largeGuide, largeGuideBase)]
    where (guide == nil) != (base == nil) {
      throw ValidationError("--\(role)-guide and --\(role)-guide-base go together.")
    }
  }

  var small: RoleSettings {
    get throws {
      try settings(smallStopTemp, smallLora, selector: nil, smallControlVector, smallDraft, smallGuide, smallGuideBase)
    }
  }

  var large: RoleSettings {
    get throws {
      try settings(
        largeStopTemp, largeLora, selector: selectorLora, largeControlVector, largeDraft, largeGuide, largeGuideBase)
    }
  }

  private func settings(
    _ stopTemperature: Float?, _ lora: String?, selector: String?, _ controlVector: String?,
    _ draft: RoleSettings.Draft?, _ guide: String?, _ guideBase: String?
  ) throws -> RoleSettings {
    let (lora, loraScale) = try scaled(lora)
    let (controlVector, controlVectorScale) = try scaled(controlVector)
    return RoleSettings(
      stopTemperature: stopTemperature, stopMeasure: stopTemperature == nil ? nil : stopMeasure, lora: lora,
      loraScale: loraScale, selector: selector, controlVector: controlVector, controlVectorScale: controlVectorScale,
      draft: draft, draftMax: draft == nil ? nil : draftMax, guide: guide,
      guideBase: guideBase, guideAlpha: guide == nil ? nil : guideAlpha)
  }

  /// `FILE`, or `FILE:SCALE`.
  private func scaled(_ text: String?) throws -> (file: String?, scale: Float?) {
    guard let text, let match = text.wholeMatch(of: /(.+):(-?[0-9.]+)/) else { return (text, nil) }
    guard let scale = Float(match.2) else {
      throw ValidationError("The scale of a file must be a number, not \(match.2).")
    }
    return (String(match.1), scale)
  }
}
