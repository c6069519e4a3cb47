import ArgumentParser
import TandemCommandLine
import TandemTraining

/// Data to train on, out of drafts that `tandem train scot-data` or `recut-data` recorded.
struct SelectDrafts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "select", abstract: "Choose what is learnt from recorded drafts (TOPS, AdaR1, ReCUT).",
    subcommands: [Shortest.self, Pairs.self, Trails.self])

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
            --output p.jsonl
          tandem train dpo --model merged.gguf --pairs p.jsonl --output runs/adar1
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

  struct Trails: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "recut",
      abstract: "Write two sets of pairs, for accuracy and for length (ReCUT, arXiv:2506.10822).",
      discussion: """
        The drafts are those of `tandem train recut-data`. The shortest right draft of each problem is preferred to a wrong \
        one for accuracy, and to a longer right one for length; which, is drawn at random. `tandem train dpo` makes a \
        model of each set, and `tandem models merge` one model of both.

        EXAMPLE
          tandem train select recut trails.jsonl --accuracy a.jsonl \\
            --length l.jsonl
          tandem train dpo --model nano-small --pairs a.jsonl --full --output runs/a
          tandem train dpo --model nano-small --pairs l.jsonl --full --output runs/l
          tandem models merge runs/a/model.gguf runs/l/model.gguf \\
            --base nano-small --method dare-ties --output recut.gguf
        """)

    @Argument(help: "Files of drafts.") var drafts: [String]
    @Option(help: ArgumentHelp("Where to write the pairs for accuracy.", valueName: "file")) var accuracy: String
    @Option(help: ArgumentHelp("Where to write the pairs for length.", valueName: "file")) var length: String
    @Option(name: [.customShort("s"), .long], help: "Seed of the rejected drafts.") var seed: UInt64 = 1

    func validate() throws {
      guard accuracy != length else { throw ValidationError("--accuracy and --length must be two files.") }
    }

    func run() throws {
      let pairs = ReCUT(seed: seed).pairs(try SelectDrafts.read(drafts))
      // Both or none: the merge needs two models.
      for (found, what) in [(pairs.accuracy, "a right and a wrong"), (pairs.length, "a short and a long right")]
      where found.isEmpty {
        throw TrainingError.fileInvalid(
          path: drafts.joined(separator: ", "), reason: "no problem has \(what) one; make more drafts")
      }
      try AnswerPair.write(pairs.accuracy, to: accuracy)
      try AnswerPair.write(pairs.length, to: length)
      Console.write("\(pairs.accuracy.count) pairs for accuracy, \(pairs.length.count) for length\n")
    }
  }
}
