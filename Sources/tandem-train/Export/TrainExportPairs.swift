import ArgumentParser
import TandemCommandLine
import TandemTraining

struct TrainExportPairs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export-pairs",
    abstract:
      "Export training on pairs of answers (DPO, SimPO) to TRL, for models that are too large for this trainer.",
    discussion: """
      Writes the pairs, a script, and a README that says how to run it. The pairs are as for `tandem train dpo`. verl has \
      no training on pairs.

      EXAMPLE
        tandem train export-pairs --pairs pairs.jsonl --output runs/trl-dpo
      """)

  @Option(help: ArgumentHelp("Pairs of answers as JSON Lines.", valueName: "file")) var pairs: String
  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "folder")) var output: String
  @OptionGroup(title: "Preference") var preference: PreferenceOptions
  @Option(help: "Epochs.") var epochs = 1.0
  @Option(help: "The highest learning rate.") var learningRate: Float = 1e-6
  @Option(help: "Pairs per step and process.") var batch = 32
  @Option(name: [.customShort("s"), .long], help: "Seed of the run.") var seed: UInt64 = 1

  func validate() throws {
    guard epochs > 0, epochs <= 10_000 else { throw ValidationError("--epochs must be above 0, at most 10000.") }
    guard learningRate > 0, learningRate <= 1 else {
      throw ValidationError("--learning-rate must be above 0, at most 1.")
    }
    guard (1...65536).contains(batch) else { throw ValidationError("--batch must be from 1 to 65536.") }
  }

  func run() throws {
    let handOver = PairHandOver(
      try preference.objective(), try AnswerPair.read(pairs).map(\.pair), epochs: epochs, learningRate: learningRate,
      batch: batch, seed: seed)
    try handOver.write(to: output)
    Console.write("\(output)/README.md\n")
  }
}
