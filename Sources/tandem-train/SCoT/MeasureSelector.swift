import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemModels
import TandemTraining

/// The paper's Table 5: how often a selector is right if a right draft exists, and if none does.
struct MeasureSelector: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accuracy",
    abstract: "Measure how well a model chooses among drafts, with or without an adapter.",
    discussion: """
      EXAMPLE
        tandem train scot-data --model nano-small --drafts 5 --split held-out \\
          --problems 300 --output held-out.jsonl
        tandem train scot accuracy --model nano-large --data held-out.jsonl \\
          --lora runs/selector/adapter.gguf --ctx-size 1280
      """)

  @Option(help: ArgumentHelp("The large model.", valueName: "model")) var model: String
  @Option(help: ArgumentHelp("The selector's adapter.", valueName: "file")) var lora: String?
  @Option(help: ArgumentHelp("Drafts of the small model.", valueName: "file")) var data: String
  @Option(
    name: [.customShort("c"), .long],
    help: "The most tokens of drafts and question together. Default: the model's own context.")
  var ctxSize: Int?
  @Option(help: "The text before the question for a number, as in the strategy's setting of that name.")
  var assistantMarker = SpeculativeCoT().assistantMarker

  func run() async throws {
    let problems = try DraftedProblem.read(data)
    let path = try ModelStore().url(of: ModelReference(parsing: model)).path
    let contextSize = try ctxSize ?? max(GGUFFile(path: path).trainedContext, 8)
    let engine = try await LlamaEngine.loadWithWarnings(
      path, LlamaParameters(contextSize: contextSize, extendsContext: ctxSize != nil, sequences: 1))
    let session = try await engine.makeSession(adapter: lora.map { Adapter(lora: [.init(path: $0)]) })
    let display = ProgressLine()
    var accuracy = SelectorAccuracy()
    for (index, problem) in problems.enumerated() {
      accuracy.count(problem, chosen: try await choice(problem, engine.tokenizer, session))
      display.show("\(index + 1) of \(problems.count) selections")
    }
    display.end()
    Console.write(accuracy.text + "\n")
  }

  /// The likeliest label, counted from 1: the argmax of Eq. 3.
  private func choice(
    _ problem: DraftedProblem, _ tokenizer: any Tokenizer, _ session: any ScoringSession
  ) async throws -> Int {
    let labels = try (1...problem.drafts.count + 1).map { label in
      let tokens = try tokenizer.encode(String(label), control: .asText)
      guard tokens.count == 1 else {
        throw ReasoningError.unsuitable(model: model, reason: "the label \(label) is \(tokens.count) tokens")
      }
      return tokens[0]
    }
    try await session.extend(to: tokenizer.encode(problem.selectionPrompt(assistantMarker)))
    let row = try await session.logProbabilities(of: labels)
    return 1 + (row.indices.max { row[$0] < row[$1] } ?? 0)
  }
}

extension SelectorAccuracy {
  /// A few lines for a terminal.
  fileprivate var text: String {
    func share(_ part: Double, _ whole: Int) -> String { (part / Double(max(whole, 1))).percent() }
    return """
      class 1, a right draft exists: \(share(Double(chosenRight), withRight)) of \(withRight) \
      (one at random: \(share(expectedBlind, withRight)); all rejected: \(share(Double(wronglyRejected), withRight)))
      class 2, none is right: \(share(Double(rightlyRejected), withoutRight)) of \(withoutRight)
      labels chosen: \(labels.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
      """
  }
}
