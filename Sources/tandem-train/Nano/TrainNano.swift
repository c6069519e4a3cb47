import ArgumentParser
import Foundation
import TandemCommandLine
import TandemSupport
import TandemTraining

struct TrainNano: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nano",
    abstract: "Train a model of the built-in pair from scratch, on Countdown traces.",
    discussion: """
      Makes the traces, learns the vocabulary, trains, and writes MODEL.gguf with a log and the loss curve. Ctrl-C keeps a \
      checkpoint; run the same command again to continue. `scripts/train-nano` trains both models and measures them.

      EXAMPLES
        tandem train nano small --quick --output runs/small
        tandem solve --small runs/small/nano-small.gguf \\
          --strategy small-only "Use 3, 7, 5, 2 to make 24."

      On two machines, of which the second has --node-rank 1:
        tandem train nano large --output runs/large \\
          --hosts 10.0.0.1:5000,10.0.0.2:5000 --node-rank 0
      """)

  enum Size: String, ExpressibleByArgument, CaseIterable { case small, large }

  @Argument(help: "small (0.14M parameters) or large (0.87M).") var size: Size
  @Option(name: .shortAndLong, help: "The run's folder.") var output: String
  @Flag(help: "Use half of the tokens: a worse model in half the time.") var quick = false
  @Option(name: [.customShort("s"), .long], help: "Seed of weights, documents and their order; else the recipe's.")
  var seed: UInt64?
  @Option(help: "Tokens to train on, instead of the recipe's.") var tokens: Int?
  @Option(help: "The highest learning rate, instead of the recipe's.") var learningRate: Float?
  @Option(name: [.customShort("t"), .long], help: "Compute threads.") var threads = 1
  @OptionGroup(title: "Several processes") var processes: GroupOptions

  func validate() throws {
    guard tokens.map({ $0 >= 10_000 }) ?? true else { throw ValidationError("--tokens must be at least 10000.") }
    guard (1...256).contains(threads) else { throw ValidationError("--threads must be from 1 to 256.") }
  }

  func run() async throws {
    try MLX.use(threads: threads)
    if let warning = MLX.warning { Console.write("Warning: \(warning)\n", to: .standardError) }
    var recipe = size == .small ? NanoRecipe.small : .large
    if quick { recipe = recipe.quick }
    recipe.tokens = tokens ?? recipe.tokens
    recipe.peak = learningRate ?? recipe.peak
    recipe.seed = seed ?? recipe.seed
    let group = try processes.join()
    let options = recipe.options(batches: processes.batchesPerStep(group))

    let line = ProgressLine()
    let corpus = try NanoCorpus(recipe.policy, documents: recipe.documents, seed: recipe.seed) {
      if group.isFirst { line.show("\($0) of \(recipe.documents) documents") }
    }
    line.end()
    let run = TrainingRun(folder: output)
    let resumed = group.isFirst ? try run.resumed(corpus.documents) : nil
    var trainer =
      try resumed ?? Trainer(Llama(recipe.configuration, seed: recipe.seed), corpus.documents, options)
    guard trainer.options == options else {
      throw TrainingError.checkpointMismatch(
        path: run.checkpointPath, reason: "its options differ from this command's; choose another --output")
    }
    try trainer.join(group)
    let display = TrainingDisplay()
    let isComplete = try run.train(&trainer) {
      if group.isFirst { display.show($0) }
    } isStopped: {
      Task.isCancelled
    }
    display.end()
    guard isComplete else { throw CancellationError() }
    if group.isFirst { try save(trainer.model, recipe, corpus, batches: options.batchesPerStep) }
  }

  private func save(_ model: Llama, _ recipe: NanoRecipe, _ corpus: NanoCorpus, batches: Int) throws {
    let path = "\(output)/\(recipe.name).gguf"
    var metadata = NanoFormat.metadata(corpus.vocabulary)
    metadata["general.name"] = .string(recipe.name)
    metadata["general.license"] = .string("apache-2.0")
    try model.save(path, as: .f16, metadata: metadata)
    let card = ModelCard(
      model: recipe.name, parameters: recipe.configuration.parameterCount, command: command(recipe, batches: batches),
      seed: recipe.seed,
      documents: corpus.documents.count, documentTokens: corpus.tokenCount, leftOut: corpus.leftOut,
      dataSHA256: corpus.hash, tokens: recipe.tokens, batch: recipe.batch * batches, learningRate: recipe.peak)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try DurableFile.write(encoder.encode(card), to: "\(output)/\(recipe.name).json")
    Console.write("\(path)\n")
  }

  /// The command that reproduces this model.
  private func command(_ recipe: NanoRecipe, batches: Int) -> String {
    var words = ["tandem train nano \(size.rawValue) --seed \(recipe.seed)"]
    if quick { words.append("--quick") }
    if let tokens { words.append("--tokens \(tokens)") }
    if let learningRate { words.append("--learning-rate \(learningRate)") }
    if batches > 1 { words.append("--batches \(batches)") }
    return words.joined(separator: " ")
  }
}

extension NanoRecipe {
  /// The recipe's options with fewer steps of several batches each.
  fileprivate func options(batches: Int) -> TrainingOptions {
    var recipe = self
    recipe.tokens /= batches
    var options = recipe.options
    options.batchesPerStep = batches
    return options
  }
}

/// What one must know to reproduce a model.
struct ModelCard: Encodable {
  let model: String
  let parameters: Int
  let command: String
  let seed: UInt64
  let documents: Int
  let documentTokens: Int
  let leftOut: Int
  let dataSHA256: String
  let tokens: Int
  let batch: Int
  let learningRate: Float
}
