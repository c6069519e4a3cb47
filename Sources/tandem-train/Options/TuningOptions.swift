import ArgumentParser
import TandemTraining

/// How a model that exists is trained on. The defaults are SCoT's, but for the schedule: a cosine after a warm-up.
struct TuningOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: ArgumentHelp("The folder of the run.", valueName: "folder")) var output: String
  @Option(help: "How often everything is read.") var epochs = 5.0
  @Option(help: "The highest learning rate.") var learningRate: Float = 1e-4
  @Option(help: "Tokens of a batch, of which a step has one for each process; at least the longest document.")
  var batch = 2048
  @Option(help: "The most tokens of a document, where it should not be the model's own context.") var context: Int?
  @OptionGroup var lora: LoRAOptions
  @Option(help: "LoRA: the share of inputs that are dropped in training. Default: 0.1.") var dropout: Float?
  @Option(name: [.customShort("s"), .long], help: "Seeds weights, dropout and the order of documents.")
  var seed: UInt64 = 1
  @Option(name: [.customShort("t"), .long], help: "Compute threads.") var threads = 1
  @OptionGroup(title: "Several processes") var processes: GroupOptions

  func validate() throws {
    guard epochs > 0, epochs <= 10_000 else { throw ValidationError("--epochs must be above 0, at most 10000.") }
    guard (1...256).contains(threads) else { throw ValidationError("--threads must be from 1 to 256.") }
    guard (2...1_048_576).contains(batch) else { throw ValidationError("--batch must be from 2 to 1048576.") }
    guard context.map({ (2...1_048_576).contains($0) }) ?? true else {
      throw ValidationError("--context must be from 2 to 1048576.")
    }
  }

  func adapter() throws -> LoRAConfiguration { try lora.configuration(dropout: dropout ?? 0.1) }

  /// For these documents: as many steps as the epochs come to.
  func training(_ documents: [TrainingDocument], _ group: ProcessGroup) -> TrainingOptions {
    let rowLength = max(batch, documents.map(\.length).max() ?? 1)
    let batches = processes.batchesPerStep(group)
    let positions = epochs * Double(documents.reduce(0) { $0 + $1.length })
    let steps = max(1, Int((positions / Double(rowLength * batches)).rounded(.up)))
    return TrainingOptions(
      schedule: CosineSchedule(peak: learningRate, warmUp: min(100, steps / 10), steps: steps),
      optimizer: AdamW.Options(weightDecay: 0), rowLength: rowLength, batchesPerStep: batches, seed: seed)
  }
}
