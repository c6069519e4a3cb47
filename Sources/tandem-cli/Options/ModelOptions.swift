import ArgumentParser
import Foundation
import Tandem
import TandemInference
import TandemLlama
import TandemModels

/// Which models, and how they run. Flags are spelled as llama-server spells them where it has them.
struct ModelOptions: ParsableArguments {
  @Option(help: "A pair with its settings; see `tandem models presets`. Default: nano, unless models are given.")
  var preset: String?

  @Option(help: ArgumentHelp("The small model: a name, a path, or hf:OWNER/REPO/FILE.gguf.", valueName: "model"))
  var small: String?

  @Option(help: ArgumentHelp("The large model, likewise.", valueName: "model"))
  var large: String?

  @Option(name: [.customShort("c"), .long], help: "The most tokens of one sequence, prompt included.")
  var ctxSize: Int?

  @Flag(help: "Let --ctx-size be more than a model was trained with, for an adapter that was trained there.")
  var extendContext = false

  @Option(
    name: [.customShort("t"), .long],
    help: "Compute threads. More than one is faster only where nothing else runs.")
  var threads = 1

  @Option(help: "Layers to keep on a GPU; negative for all. Without effect where llama.cpp was built for CPUs.")
  var gpuLayers = -1

  @Option(help: "Flash attention: auto, on or off.")
  var flashAttn = LlamaParameters.FlashAttention.automatic

  @Flag(help: "Numbers that do not depend on what else is running; slower with many sequences.")
  var deterministic = false

  @Option(help: "How the models mark their thinking: auto, think, s1, bracketed, sky or none.")
  var thinkingFormat = "auto"

  func validate() throws {
    if preset != nil && (small != nil || large != nil) {
      throw ValidationError("--preset names both models; leave out --small and --large, or --preset.")
    }
    _ = try format()
  }

  /// The preset that holds: the one given, or nano where no models are.
  func chosenPreset() throws -> Preset? {
    if let preset { return try Preset.named(preset) }
    return small == nil && large == nil ? .nano : nil
  }

  func format() throws -> ReasoningFormat? {
    if thinkingFormat == "auto" { return nil }
    guard let format = ReasoningFormat.known.first(where: { $0.name == thinkingFormat }) else {
      let names = ["auto"] + ReasoningFormat.known.map(\.name)
      throw ValidationError("--thinking-format can be \(names.joined(separator: ", ")), not \(thinkingFormat).")
    }
    return format
  }
}
