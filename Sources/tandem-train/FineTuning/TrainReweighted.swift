import ArgumentParser
import TandemTraining

/// TL;DR's re-weighting of short and long thinking (arXiv:2506.02678).
struct TrainReweighted: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reweighted",
    abstract: "Fine-tune on short and long thinking whose shares follow a validation (TL;DR, arXiv:2506.02678).",
    discussion: """
      Both files have conversations, as for `tandem train sft`: easy problems with short thinking, and hard ones with long \
      thinking. Both begin with equal shares. Every --interval steps, both kinds' losses on the conversations that are held \
      back say which kind lags behind and counts more; that rule is ours. The log and the chart have the shares.

      EXAMPLE
        tandem train reweighted --model nano-small --short short.jsonl \\
          --long long.jsonl --output runs/reweighted
      """)

  @Option(help: ArgumentHelp("A name, a path, or hf:OWNER/REPO/FILE.gguf.", valueName: "model")) var model: String
  @Option(help: ArgumentHelp("Conversations with short thinking.", valueName: "file")) var short: String
  @Option(help: ArgumentHelp("Conversations with long thinking.", valueName: "file")) var long: String
  @Option(help: "How many messages of each file, from the end, to hold back for the validation.") var validation = 32
  @Option(help: "Steps between two validations.") var interval = 32
  @Option(help: "How fast the shares change; 0 keeps them. 0.5 is ours.") var rate = 0.5
  @Flag(help: "Train all weights instead of an adapter.") var full = false
  @OptionGroup(title: "Training") var options: TuningOptions

  func validate() throws {
    try options.validate(all: full)
    guard validation >= 1 else { throw ValidationError("--validation must be at least 1: the shares follow it.") }
    guard interval >= 1 else { throw ValidationError("--interval must be at least 1.") }
    guard 0...100 ~= rate else { throw ValidationError("--rate must be from 0 to 100.") }
  }

  func run() async throws {
    let tuning = try await Tuning(model, options)
    func documents(_ path: String) throws -> [TrainingDocument] {
      let found = try ChatFile(path: path, tuning.encoding).documents
      guard found.count > validation else {
        throw ValidationError("--validation must be below the \(found.count) messages of \(path).")
      }
      return found
    }
    let (short, long) = (try documents(short), try documents(long))
    let (easy, hard) = (short.dropLast(validation), long.dropLast(validation))
    let reweighting = Reweighting(
      isLong: easy.map { _ in false } + hard.map { _ in true },
      validation: .init(short: short.suffix(validation), long: long.suffix(validation)), interval: interval, rate: rate)
    try tuning.train(Array(easy + hard), all: full, reweighting)
  }
}
