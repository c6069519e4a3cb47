import ArgumentParser
import TandemTraining

/// How an existing model is trained further. The defaults are SCoT's, except for the schedule: a cosine after a warm-up.
struct TuningOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: ArgumentHelp("The run's folder.", valueName: "folder")) var output: String
  @Option(help: "Epochs.") var epochs = 5.0
  @Option(help: "The highest learning rate.") var learningRate: Float = 1e-4
  @Option(help: "Tokens per batch, at least those of the longest example. A step has one batch for each process.")
  var batch = 2048
  @Option(help: "The most tokens of a document. Default: the model's own context.") var context: Int?
  @OptionGroup var lora: LoRAOptions
  @Option(help: "LoRA: the share of inputs dropped in training. Default: 0.1; 0 for dpo, wspo and draft.") var dropout:
    Float?
  @Option(name: [.customShort("s"), .long], help: "Seed of weights, dropout and the order of documents.")
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

  /// Throws if all weights are trained and something is asked for that only an adapter has.
  func validate(all: Bool) throws {
    guard !all || !lora.isGiven && dropout == nil else {
      throw ValidationError("--rank, --alpha, --targets and --dropout have no effect with --full.")
    }
  }

  func adapter(dropout standard: Float) throws -> LoRAConfiguration {
    try lora.configuration(dropout: dropout ?? standard)
  }

  /// The options for these documents, so many to an example: as many steps as the epochs need.
  func training(
    _ documents: [TrainingDocument], perExample count: Int = 1, _ group: ProcessGroup
  ) -> TrainingOptions {
    let lengths = stride(from: 0, to: documents.count, by: count).map { start in
      documents[start..<min(start + count, documents.count)].reduce(0) { $0 + $1.length }
    }
    let rowLength = max(batch, lengths.max() ?? 1)
    let batches = processes.batchesPerStep(group)
    let positions = epochs * Double(lengths.reduce(0, +))
    let steps = max(1, Int((positions / Double(rowLength * batches)).rounded(.up)))
    return TrainingOptions(
      schedule: CosineSchedule(peak: learningRate, warmUp: min(100, steps / 10), steps: steps),
      optimizer: AdamW.Options(weightDecay: 0), rowLength: rowLength, batchesPerStep: batches, seed: seed)
  }
}
