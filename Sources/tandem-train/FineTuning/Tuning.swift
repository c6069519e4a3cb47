import Foundation
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemModels
import TandemTraining

/// Training a model that exists: its file, how it reads conversations, and a run with a folder.
struct Tuning {
  let encoding: ChatEncoding
  /// How many tokens the model has.
  let vocabularySize: Int
  /// Of the model's file.
  let path: String
  private let options: TuningOptions

  /// Throws if the model is missing or has no chat template.
  init(_ model: String, _ options: TuningOptions) async throws {
    path = try ModelStore().url(of: ModelReference(parsing: model)).path
    self.options = options
    let engine = try await LlamaEngine.loadWithWarnings(path, LlamaParameters(contextSize: 256, sequences: 1))
    vocabularySize = engine.tokenizer.vocabulary.size
    encoding = try ChatEncoding(
      engine.tokenizer, engine.template, contextSize: options.context ?? engine.file.trainedContext)
    await engine.close()
  }

  /// Trains to the end, continuing a stopped run in the same folder; writes `adapter.gguf`, or `model.gguf` if all
  /// weights are trained.
  ///
  /// - Parameters:
  ///   - dropout: Of an adapter, unless the options say otherwise.
  ///   - prepare: Gives the documents what the objective compares them with, from the model as it is before training.
  func train(
    _ documents: [TrainingDocument], all: Bool = false, by objective: TrainingObjective = .likelihood,
    _ reweighting: Reweighting? = nil, dropout: Float = 0.1, prepare: ((Llama) throws -> [TrainingDocument])? = nil
  ) throws {
    try MLX.use(threads: options.threads)
    if let warning = MLX.warning { Console.write("Warning: \(warning)\n", to: .standardError) }
    let group = try options.processes.join()
    let (base, metadata) = try Llama.load(path)
    let documents = try prepare?(base) ?? documents
    let training = options.training(documents, perExample: objective.documentsPerExample, group)
    let adapter = all ? nil : try options.adapter(dropout: dropout)
    let run = TrainingRun(folder: options.output, checkpointInterval: 100)
    let resumed = group.isFirst ? try run.resumed(documents, on: base, reweighting) : nil
    var trainer =
      try resumed
      ?? Trainer(
        adapter.map { try base.with(LoRA($0, for: base, seed: options.seed)) } ?? base, documents, training,
        by: objective, reweighting)
    guard trainer.options == training, trainer.model.adapter?.configuration == adapter,
      trainer.objective == objective
    else {
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
    if group.isFirst { Console.write(try save(trainer.model, metadata) + "\n") }
  }

  private func save(_ model: Llama, _ metadata: [String: GGUFValue]) throws -> String {
    guard let adapter = model.adapter else {
      try model.save("\(options.output)/model.gguf", as: .f16, metadata: metadata)
      return "\(options.output)/model.gguf"
    }
    return try adapter.save(in: options.output, named: URL(filePath: options.output).lastPathComponent, for: path)
  }
}
