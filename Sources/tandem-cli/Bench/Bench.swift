import ArgumentParser

struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast a model is, or what strategies cost on a pair of models.",
    discussion: """
      EXAMPLES
        tandem bench nano-large
        tandem bench pair nano-small nano-large --thinking 60 --answer 8
      """,
    subcommands: [BenchModel.self, BenchPair.self], defaultSubcommand: BenchModel.self)
}
