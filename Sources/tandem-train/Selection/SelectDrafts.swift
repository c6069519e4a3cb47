import ArgumentParser
import TandemCommandLine
import TandemTraining

/// Data to train on, out of drafts that `tandem train scot-data` recorded.
struct SelectDrafts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "select", abstract: "Choose what is learnt from recorded drafts (TOPS, AdaR1).",
    subcommands: [Shortest.self, Pairs.self])

  static func read(_ paths: [String]) throws -> [DraftedProblem] {
    let check = try LeakCheck()
    return try paths.flatMap { path in
      let problems = try DraftedProblem.read(path)
      try check.check(problems, from: path)
      return problems
    }
  }

  struct Shortest: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "tops",
      abstract: "Write the shortest right draft of each problem as a conversation (TOPS, arXiv:2502.18080).",
      discussion: """
        The drafts are of several efforts. `tandem train sft` learns from the result.

        EXAMPLE
          tandem train scot-data --model nano-small --drafts 4 --effort low \\
            --output low.jsonl
          tandem train scot-data --model nano-small --drafts 4 --effort high \\
            --output high.jsonl
          tandem train select tops low.jsonl high.jsonl --output chats.jsonl
          tandem train sft --model nano-small --data chats.jsonl --output runs/tops
        """)

    @Argument(help: "Files of drafts.") var drafts: [String]
    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the conversations.", valueName: "file"))
    var output: String

    func run() throws {
      let problems = try SelectDrafts.read(drafts)
      let chosen = TOPS.shortestRight(problems)
      guard !chosen.isEmpty else {
        throw TrainingError.fileInvalid(
          path: drafts.joined(separator: ", "), reason: "no draft is right and has its answer; make the drafts again")
      }
      try ChosenDraft.write(chosen, to: output)
      Console.write("\(chosen.count) of \(Set(problems.map(\.question)).count) problems have a right draft\n")
    }
  }

  struct Pairs: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "adar1",
      abstract: "Write pairs of a long and a short thinker's drafts (AdaR1, arXiv:2504.21659).",
      discussion: """
        If the long thinker is right more often, by more than --epsilon, its drafts are preferred, else the short one's; \
        within the preferred ones, the shortest right draft over the longest. `tandem train dpo` learns from the result; \
        AdaR1 begins with `tandem models merge` of both models.

        EXAMPLE
          tandem train select adar1 --long long.jsonl --short short.jsonl \\
            --output pairs.jsonl
          tandem train dpo --model merged.gguf --pairs pairs.jsonl --output runs/adar1
        """)

    @Option(help: ArgumentHelp("Drafts of the model that thinks long.", valueName: "file")) var long: String
    @Option(help: ArgumentHelp("Drafts of the model that thinks short.", valueName: "file")) var short: String
    @Option(help: "By how much the long thinker must be right more often. 0.1 is ours.") var epsilon = 0.1
    @Option(help: "The most pairs of the two models' drafts for each problem. 2 is ours.") var groupPairs = 2
    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the pairs.", valueName: "file")) var output: String

    func validate() throws {
      guard 0...1 ~= epsilon else { throw ValidationError("--epsilon must be from 0 to 1.") }
      guard 0...1000 ~= groupPairs else { throw ValidationError("--group-pairs must be from 0 to 1000.") }
    }

    func run() throws {
      let pairs = AdaR1(epsilon: epsilon, groupPairs: groupPairs).pairs(
        long: try SelectDrafts.read([long]), short: try SelectDrafts.read([short]))
      guard !pairs.isEmpty else {
        throw TrainingError.fileInvalid(
          path: "\(long), \(short)", reason: "no problem that both have gives a pair; the drafts need right answers")
      }
      try AnswerPair.write(pairs, to: output)
      Console.write("\(pairs.count) pairs\n")
    }
  }
}
