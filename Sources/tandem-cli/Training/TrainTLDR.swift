import ArgumentParser
import Foundation
import TandemInference
import TandemModels
import TandemTasks
import TandemTraining

struct TrainTLDR: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tldr",
    abstract: "Teach a nano model to think as long as the prompt asks: short, medium or long (TLDR, by GRPO).",
    discussion: """
      Samples Countdown problems with llama.cpp, rewards right answers and short thinking, and updates the weights. Writes
      NAME-tldr.gguf beside a log, a report with curves and levels.json, which compares before and after on held-out
      problems. Ctrl-C keeps a checkpoint; the same command goes on from it.

      EXAMPLE
        tandem train tldr --model nano-small --output runs/tldr
        tandem solve --small runs/tldr/nano-small-tldr.gguf --strategy small-only "Use 3, 7, 5, 2 to make 24. Effort: low."
      """)

  @Option(help: "A nano model: a name or a path.") var model: String
  @Option(name: .shortAndLong, help: "The folder of the run.") var output: String
  @OptionGroup var policy: PolicyArguments
  @Option(help: "Tokens of traces whose length fits their level, to learn from before the reinforcement; 0 for none.")
  var levelTokens = 0
  @Option(help: "The highest learning rate on them.") var levelLearningRate: Float = 2e-3
  @Option(help: "Different problems to practise on.") var problems = 4096
  @Option(name: [.customShort("s"), .long], help: "Seeds problems, their order and the completions.")
  var seed: UInt64 = 1
  @Option(help: "Held-out problems to measure before and after; 0 for none.") var evaluate = 500
  @Option(help: "Completions that are written at once.") var parallel = 64
  @Option(name: [.customShort("t"), .long], help: "Compute threads.") var threads = 1

  func validate() throws {
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
    let display = TrainingDisplay(Console.current(STDERR_FILENO))
    let base = levelTokens > 0 ? try learnLevels(given, metadata, tokenizer, display) : given
    let options = try policy.options(seed: seed)
    let engine = LlamaRollouts(
      sequences: parallel, contextSize: base.configuration.contextLength, threads: threads)
    var practice = CountdownPractice(
      CountdownPractice.trainingProblems(problems, seed: seed), tokenizer: tokenizer, seed: seed)
    practice.budgets = [.short: policy.shortBudget, .medium: policy.mediumBudget, .long: policy.longBudget]

    let run = PolicyRun(folder: output)
    var trainer = try PolicyTrainer(base, metadata, practice, engine, options, weightsPath: run.weightsPath)
    try run.prepare(&trainer)
    let isComplete = try await run.train(&trainer) {
      display.show(Self.line($0), isLast: $0.step == $0.steps)
    } isStopped: {
      Task.isCancelled
    }
    display.end()
    guard isComplete else { throw CancellationError() }
    let name = start.deletingPathExtension().lastPathComponent + "-tldr"
    let path = "\(output)/\(name).gguf"
    let own = metadata.merging(["general.name": .string(name)]) { _, new in new }
    try trainer.model.save(path, as: .f16, metadata: own)
    Console.write("\(path)\n")
    guard evaluate > 0 else { return }
    let models = [("before", start.path)] + (levelTokens > 0 ? [("levels", levelsPath)] : []) + [("after", path)]
    try await compare(models, tokenizer, engine, limit: options.limit)
  }

  private var levelsPath: String { "\(output)/levels.gguf" }

  /// The supervised stage, which the reinforcement begins with and measures the divergence from.
  private func learnLevels(
    _ model: Llama, _ metadata: [String: GGUFValue], _ tokenizer: BytePairTokenizer, _ display: TrainingDisplay
  ) throws -> Llama {
    if FileManager.default.fileExists(atPath: levelsPath) { return try Llama.load(levelsPath).model }
    let rowLength = 2048
    let steps = max(levelTokens / rowLength, 1)
    let documents = LevelCorpus(tokenizer, documents: max(levelTokens / 150, 4), seed: seed).documents
    let options = TrainingOptions(
      schedule: CosineSchedule(peak: levelLearningRate, warmUp: min(50, steps), steps: steps), rowLength: rowLength,
      seed: seed)
    let run = TrainingRun(folder: "\(output)/levels")
    var trainer = try run.resumed(documents) ?? Trainer(model, documents, options)
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

  /// Measures the models on held-out problems, prints the table, and writes it down.
  private func compare(
    _ models: [(name: String, path: String)], _ tokenizer: BytePairTokenizer, _ engine: LlamaRollouts, limit: Int
  ) async throws {
    let practice = CountdownPractice(
      try Countdown.heldOut(), levels: [nil] + LengthLevel.allCases, tokenizer: tokenizer, seed: seed)
    let sampling = SamplingParameters(temperature: 0.6, topP: 0.95)
    var scores: [String: [PracticeScore]] = [:]
    var table = Table(["model", "level", "right", "thinking", "right ones", "wrong ones"], rightAligned: [2, 3, 4, 5])
    for (name, path) in models {
      let found = try await PracticeScore.measure(
        path, on: practice, problems: evaluate, by: engine, sampling, limit: limit, seed: seed)
      scores[name] = found
      for score in found {
        table.add([
          name, score.level?.rawValue ?? "none", "\((score.accuracy * 100).digits(1)) %", score.meanLength.digits(0),
          score.rightLength.digits(0), score.wrongLength.digits(0),
        ])
      }
    }
    Console.write(table.lines(Console.current()))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try encoder.encode(scores).write(to: URL(filePath: "\(output)/levels.json"), options: .atomic)
  }

  private static func line(_ progress: PolicyProgress) -> String {
    let left = Duration.seconds(progress.secondsLeft.rounded()).formatted(.units(width: .narrow))
    let lengths = LengthLevel.allCases.map { level in progress.levels[level]?.length.digits(0) ?? "-" }
    return "step \(progress.step)/\(progress.steps)  reward \(progress.reward.digits(3))  right "
      + "\((progress.accuracy * 100).digits(0)) %  length \(progress.length.digits(0)) (\(lengths.joined(separator: "/")))"
      + "  entropy \(progress.entropy.digits(3))  KL \(progress.divergence.digits(4))  "
      + "\(Int(progress.sampledPerSecond)) tokens/s  \(left) left"
  }
}
