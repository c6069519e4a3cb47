import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemTraining

/// The two adapters of Speculative Chain-of-Thought (arXiv:2504.19095, Sec. 3.2 and 3.3).
struct TrainSCoT: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scot", abstract: "Train SCoT's adapters: one that drafts, one that selects.",
    discussion: """
      `tandem train scot-data` makes the data. `scripts/reproduce-scot` trains both adapters for the nano pair and \
      measures them.
      """,
    subcommands: [Draft.self, Selector.self, MeasureSelector.self])

  /// Draft alignment.
  struct Draft: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Teach the small model to think like the large one (Eq. 2).",
      discussion: """
        The paper trains on greedy chains (--temp 0) at a learning rate of 5e-5. Greedy chains of nano-large are right \
        less often than sampled ones; the example shows what `scripts/reproduce-scot` does for the nano pair.

        EXAMPLE
          tandem train scot-data --model nano-large --problems 1500 \\
            --reasoning-budget 256 --output chains.jsonl
          tandem train scot draft --model nano-small --data chains.jsonl \\
            --targets all --learning-rate 1e-3 --output runs/draft
        """)

    @Option(help: ArgumentHelp("The small model.", valueName: "model")) var model: String
    @Option(help: ArgumentHelp("Chains of the large model.", valueName: "file")) var data: String
    @Flag(help: "Learn from wrong chains too, as the paper does.") var all = false
    @OptionGroup(title: "Training") var options: TuningOptions

    func run() async throws {
      let problems = try DraftedProblem.read(data)
      try LeakCheck().check(problems, from: data)
      let tuning = try await Tuning(model, options)
      let markers = ReasoningMarkers.think
      var documents: [TrainingDocument] = []
      for problem in problems {
        // A chain that was cut off does not show how to end one.
        for draft in problem.drafts where draft.isComplete && (draft.isRight || all) {
          documents.append(
            try tuning.encoding.document(
              [Message(.user, problem.question)], thinking: "\(markers.opening)\n\(draft.text)\(markers.closing)"))
        }
      }
      Console.write("\(documents.count) chains\n", to: .standardError)
      try tuning.train(documents)
    }
  }

  /// The selector.
  struct Selector: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Teach the large model which draft is right (Eq. 4).",
      discussion: """
        Each problem is asked with the strategy's own prompt. If several drafts are right, training raises only the \
        likeliest of them; if none is, it raises the number after the last draft.

        EXAMPLE
          tandem train scot-data --model nano-small --drafts 5 --problems 500 \\
            --output drafts.jsonl
          tandem train scot selector --model nano-large --data drafts.jsonl \\
            --output runs/selector
        """)

    @Option(help: ArgumentHelp("The large model.", valueName: "model")) var model: String
    @Option(help: ArgumentHelp("Drafts of the small model.", valueName: "file")) var data: String
    @Option(help: "At most this share of problems without a right draft; the rest are left out, in order.")
    var rejections = 1.0
    @Option(help: "Show each problem's drafts in this many orders.") var orders = 1
    @Flag(help: "Compare the labels only with each other, as the choice does (ours), not with all tokens.")
    var overLabels = false
    @Option(help: "The text before the question for a number, as in the strategy's setting of that name.")
    var assistantMarker = SpeculativeCoT().assistantMarker
    @OptionGroup(title: "Training") var options: TuningOptions

    func validate() throws {
      guard 0...1 ~= rejections else { throw ValidationError("--rejections must be from 0 to 1.") }
      guard 1...1000 ~= orders else { throw ValidationError("--orders must be from 1 to 1000.") }
    }

    func run() async throws {
      let problems = try DraftedProblem.read(data)
      try LeakCheck().check(problems, from: data)
      let mix = SelectionMix(rejections: rejections, orders: orders, seed: options.seed).apply(to: problems)
      let tuning = try await Tuning(model, options)
      let documents = try mix.map {
        try $0.selectionDocument(tuning.encoding, assistantMarker, overLabels: overLabels)
      }
      let longest = documents.map { $0.tokens.count }.max() ?? 0
      Console.write("\(documents.count) selections, the longest of \(longest) tokens\n", to: .standardError)
      try tuning.train(documents)
    }
  }
}

extension DraftedProblem {
  /// What the selector sees: byte for byte what `SpeculativeCoT` asks.
  func selectionPrompt(_ assistantMarker: String) -> [PromptPart] {
    var strategy = SpeculativeCoT()
    strategy.assistantMarker = assistantMarker
    return strategy.question(drafts.map(\.text), question)
  }

  func selectionDocument(
    _ encoding: ChatEncoding, _ assistantMarker: String, overLabels: Bool
  ) throws -> TrainingDocument {
    do {
      return try encoding.document(
        selectionPrompt(assistantMarker), anyOf: labels.map(String.init),
        among: overLabels ? (1...drafts.count + 1).map(String.init) : [])
    } catch let error as ChatEncoding.TooLong {
      throw TrainingError.invalidOption(
        name: "--context", reason: "must be at least \(error.count), the tokens of the drafts of '\(question)'")
    }
  }
}
