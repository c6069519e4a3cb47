import ArgumentParser
import TandemTraining

/// How a model that exists is trained on. The defaults are SCoT's, but for the schedule: a cosine after a warm-up.
struct TuningOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: ArgumentHelp("The folder of the run.", valueName: "folder")) var output: String
  @Option(help: "How often everything is read.") var epochs = 5.0
  @Option(help: "The highest learning rate.") var learningRate: Float = 1e-4
  @Option(help: "Tokens that one step moves the parameters by; at least the longest document.") var batch = 2048
  @Option(help: "The most tokens of a document, where it should not be the model's own context.") var context: Int?
  @Option(help: "LoRA: r, the rank of the updates.") var rank = 8
  @Option(help: "LoRA: the updates are multiplied by alpha / r.") var alpha: Float = 32
  @Option(help: "LoRA: the share of inputs that are dropped in training.") var dropout: Float = 0.1
  @Option(help: "LoRA: the matrices to adapt, separated by commas, or all.") var targets = "attn_q,attn_v"
  @Option(name: [.customShort("s"), .long], help: "Seeds weights, dropout and the order of documents.")
  var seed: UInt64 = 1
  @Option(name: [.customShort("t"), .long], help: "Compute threads.") var threads = 1

  func validate() throws {
    guard epochs > 0, epochs <= 10_000 else { throw ValidationError("--epochs must be above 0, at most 10000.") }
    guard (1...256).contains(threads) else { throw ValidationError("--threads must be from 1 to 256.") }
    guard (2...1_048_576).contains(batch) else { throw ValidationError("--batch must be from 2 to 1048576.") }
    guard context.map({ (2...1_048_576).contains($0) }) ?? true else {
      throw ValidationError("--context must be from 2 to 1048576.")
    }
    _ = try adapter()
  }

  func adapter() throws -> LoRAConfiguration {
    typealias Target = LoRAConfiguration.Target
    let names = targets == "all" ? Target.allCases.map(\.rawValue) : targets.split(separator: ",").map(String.init)
    let chosen = names.compactMap(Target.init)
    guard chosen.count == names.count else {
      throw ValidationError("--targets can be \(Target.allCases.map(\.rawValue).joined(separator: ", ")), or all.")
    }
    return LoRAConfiguration(rank: rank, alpha: alpha, dropout: dropout, targets: chosen)
  }

  /// For these documents: as many steps as the epochs come to.
  func training(_ documents: [TrainingDocument]) -> TrainingOptions {
    let rowLength = max(batch, documents.map(\.length).max() ?? 1)
    let steps = max(1, Int((epochs * Double(documents.reduce(0) { $0 + $1.length }) / Double(rowLength)).rounded(.up)))
    return TrainingOptions(
      schedule: CosineSchedule(peak: learningRate, warmUp: min(100, steps / 10), steps: steps),
      optimizer: AdamW.Options(weightDecay: 0), rowLength: rowLength, seed: seed)
  }
}
