import ArgumentParser
import Foundation
import TandemTraining

/// The size of an adapter. The defaults are SCoT's.
struct LoRAOptions: ParsableArguments {
  @Option(help: "LoRA: r, the rank of the updates. Default: 8.") var rank: Int?
  @Option(help: "LoRA: the updates are scaled by alpha / r. Default: 32.") var alpha: Float?
  @Option(help: "LoRA: the matrices to adapt, separated by commas, or all. Default: attn_q,attn_v.")
  var targets: String?

  /// Whether any of them was asked for.
  var isGiven: Bool { rank != nil || alpha != nil || targets != nil }

  func validate() throws { _ = try configuration(dropout: 0) }

  func configuration(dropout: Float) throws -> LoRAConfiguration {
    typealias Target = LoRAConfiguration.Target
    let targets = targets ?? "attn_q,attn_v"
    let names = targets == "all" ? Target.allCases.map(\.rawValue) : targets.split(separator: ",").map(String.init)
    let chosen = names.compactMap(Target.init)
    guard chosen.count == names.count else {
      throw ValidationError("--targets can be \(Target.allCases.map(\.rawValue).joined(separator: ", ")), or all.")
    }
    return LoRAConfiguration(rank: rank ?? 8, alpha: alpha ?? 32, dropout: dropout, targets: chosen)
  }
}

extension LoRA {
  /// Writes FOLDER/adapter.gguf with its own name and that of the file it is for, and returns its path.
  func save(in folder: String, named name: String, for base: String) throws -> String {
    let path = "\(folder)/adapter.gguf"
    try save(
      path,
      metadata: [
        "general.name": .string(name), "general.base_model.count": .uint32(1),
        "general.base_model.0.name": .string(URL(filePath: base).deletingPathExtension().lastPathComponent),
      ])
    return path
  }
}
