import ArgumentParser
import Foundation
import TandemCommandLine
import TandemInference
import TandemModels
import TandemRewards
import TandemTasks
import TandemTraining

struct TrainTLDR: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tldr",
    abstract: "Train a nano model, by GRPO, to think as long as the prompt asks: short, medium or long (TLDR).",
    discussion: """
      Samples completions of Countdown problems with llama.cpp, rewards right answers and short thinking, and updates the \
      weights. Writes NAME-tldr.gguf (with --lora, adapter.gguf), a log, a report with curves, and levels.json, which \
      compares before and after on held-out problems. Ctrl-C keeps a checkpoint; run the same command again to continue.

      EXAMPLE
        tandem train tldr --model nano-small --output runs/tldr
        tandem solve --small runs/tldr/nano-small-tldr.gguf \\
          --strategy small-only "Use 3, 7, 5, 2 to make 24. Effort: low."
      """)

  @Option(help: "A nano model: a name or a path.") var model: String
  @Option(name: .shortAndLong, help: "The run's folder.") var output: String
  @OptionGroup var policy: PolicyArguments
  @Option(help: "First train on this many tokens of traces whose length fits their level; 0 for none.")
  var levelTokens = 0
  @Option(help: "The highest learning rate on those traces. Default: 0.002.") var levelLearningRate: Float?
  @Flag(help: "Train an adapter instead of all weights.") var lora = false
  @OptionGroup var adapter: LoRAOptions
  @Option(help: "Problems to train on.") var problems = 4096
  @Option(name: [.customShort("s"), .long], help: "Seed of problems, their order and the completions.")
  var seed: UInt64 = 1
  @Option(help: "Held-out problems to measure before and after; 0 for none.") var evaluate = 500
  @Option(
    help: """
      Completions that share the engine's passes. 1 is fastest for the nano models and makes a run reproducible bit for \
      bit; larger models are faster with more.
      """)
  var parallel = 1
  @Option(name: [.customShort("t"), .long], help: "Compute threads.") var threads = 1

  func validate() throws {
    guard lora || !adapter.isGiven else {
      throw ValidationError("--rank, --alpha and --targets have no effect without --lora.")
    }
    guard (0...1_000_000_000).contains(levelTokens) else {
      throw ValidationError("--level-tokens must be from 0 to 1000000000.")
    }
    guard levelTokens > 0 || levelLearningRate == nil else {
      throw ValidationError("--level-learning-rate has no effect without --level-tokens.")
    }
    guard 0...10 ~= levelLearningRate ?? 0 else { throw ValidationError("--level-learning-rate must be from 0 to 10.") }
    guard problems >= 1, evaluate >= 0 else { throw ValidationError("--problems and --evaluate count problems.") }
    guard (1...256).contains(threads) else { throw ValidationError("--threads must be from 1 to 256.") }
    guard (1...256).contains(parallel) else { throw ValidationError("--parallel must be from 1 to 256.") }
  }

  func run() async throws {
    try MLX.use(threads: threads)
    if let warning = MLX.warning { Console.write("Warning: \(warning)\n", to: .standardError) }
    let start = try ModelStore().url(of: ModelReference(parsing: model))
    let (given, metadata) = try Llama.load(start.path)
    let tokenizer = BytePairTokenizer(try BytePairVocabulary(metadata: metadata))
    let display = ProgressLine()
    let options = try policy.options(seed: seed)
    let (practice, validation) = practices(options, tokenizer)
    try checkRoom(for: options.limit, after: practice, in: given)
    let base = levelTokens > 0 ? try learnLevels(given, metadata, tokenizer) : given
    let engine = LlamaRollouts(
      sequences: parallel, contextSize: base.configuration.contextLength, threads: threads)

    let run = PolicyRun(folder: output)
    let learner = lora ? try base.with(LoRA(adapter.configuration(dropout: 0), for: base, seed: seed)) : base
    var trainer = try PolicyTrainer(
      learner, metadata, practice, validation: validation, engine, options, files: run.files(for: learner))
    try run.prepare(&trainer)
    let isComplete = try await run.train(&trainer) {
      display.show(Self.line($0), isLast: $0.step == $0.steps)
    } isStopped: {
      Task.isCancelled
    }
    display.end()
    guard isComplete else { throw CancellationError() }
    let before = levelTokens > 0 ? levelsPath : start.path
    let after = try save(trainer.model, start.deletingPathExtension().lastPathComponent, metadata, on: before)
    Console.write("\(after.adapter ?? after.weights)\n")
    guard evaluate > 0 else { return }
    let levels = levelTokens > 0 ? [("levels", PolicyFiles(weights: levelsPath))] : []
    try await compare(
      [("before", PolicyFiles(weights: start.path))] + levels + [("after", after)], tokenizer, engine,
      limit: options.limit)
  }

  private var levelsPath: String { "\(output)/levels.gguf" }

  /// The problems to train on, and others of the same side of the split to validate with.
  private func practices(
    _ options: PolicyOptions, _ tokenizer: BytePairTokenizer
  ) -> (CountdownPractice, validation: CountdownPractice?) {
    let own = CountdownPractice.trainingProblems(problems, seed: seed)
    let others = CountdownPractice.otherProblems(
      options.validationProblems, than: own, seed: SplitMix64.derive(seed, 1))
    var practice = CountdownPractice(own, tokenizer: tokenizer, seed: seed)
    practice.budgets = policy.budgets
    return (practice, others.isEmpty ? nil : CountdownPractice(others, tokenizer: tokenizer, seed: seed))
  }

  /// Completions that do not fit into the model's context would end the run at the first of them.
  private func checkRoom(for limit: Int, after practice: CountdownPractice, in model: Llama) throws {
    let prompts = (0..<practice.problems.count * practice.levels.count).map(practice.exercise(inOrder:))
    let room = model.configuration.contextLength - (prompts.map(\.prompt.count).max() ?? 0)
    guard limit <= room else {
      throw ValidationError(
        "--limit can be at most \(room): the model's context has no room for more after these problems.")
    }
  }

  /// Writes what was trained, the model or its adapter for the file `base`.
  private func save(
    _ model: Llama, _ name: String, _ metadata: [String: GGUFValue], on base: String
  ) throws -> PolicyFiles {
    guard let adapter = model.adapter else {
      let path = "\(output)/\(name)-tldr.gguf"
      try model.save(
        path, as: .f16, metadata: metadata.merging(["general.name": .string("\(name)-tldr")]) { _, new in new })
      return PolicyFiles(weights: path)
    }
    return PolicyFiles(weights: base, adapter: try adapter.save(in: output, named: "\(name)-tldr", for: base))
  }

  /// The supervised stage: the reinforcement starts from its model and measures the divergence from it.
  private func learnLevels(
    _ model: Llama, _ metadata: [String: GGUFValue], _ tokenizer: BytePairTokenizer
  ) throws -> Llama {
    if FileManager.default.fileExists(atPath: levelsPath) { return try Llama.load(levelsPath).model }
    let rowLength = 2048
    let steps = max(levelTokens / rowLength, 1)
    let documents = try LevelCorpus(tokenizer, documents: max(levelTokens / 150, 4), seed: seed).documents
    let options = TrainingOptions(
      schedule: CosineSchedule(peak: levelLearningRate ?? 2e-3, warmUp: min(50, steps), steps: steps),
      rowLength: rowLength, seed: seed)
    let run = TrainingRun(folder: "\(output)/levels")
    var trainer = try run.resumed(documents) ?? Trainer(model, documents, options)
    let display = TrainingDisplay()
    let isComplete = try run.train(&trainer) {
      display.show($0)
    } isStopped: {
      Task.isCancelled
    }
    display.end()
    guard isComplete else { throw CancellationError() }
    try trainer.model.save(levelsPath, metadata: metadata)
    return trainer.model
  }

  private static func line(_ progress: PolicyProgress) -> String {
    let lengths = LengthLevel.allCases.map { level in progress.levels[level]?.length.digits(0) ?? "-" }
    return "step \(progress.step)/\(progress.steps)  reward \(progress.reward.digits(3))  right "
      + "\(progress.accuracy.percent(0))  length \(progress.length.digits(0)) (\(lengths.joined(separator: "/")))"
      + "  entropy \(progress.entropy.digits(3))  KL \(progress.divergence.digits(4))  "
      + "\(Int(progress.sampledPerSecond)) tokens/s  \(progress.secondsLeft.asTime) left"
  }
}
