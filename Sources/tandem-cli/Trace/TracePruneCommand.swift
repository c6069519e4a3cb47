import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemModels
import TandemSetup
import TandemSupport

extension TraceCommand {
  struct Prune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write recorded runs as conversations to train on, without their least important steps (PIR).",
      discussion: """
        The method is PIR of LIMOPro (arXiv:2505.19187). Steps are labelled as progressive, verification, multiple methods \
        or error correction: by their words, or with --classifier by a model, as the paper does it. A functional step is worth as much as the model finds the answer less \
        likely without it. The least important ones are dropped, progressive steps never. Runs without an answer are left \
        out; whether an answer is right is not checked.

        EXAMPLE
          tandem trace prune --model nano-large --share 0.5 --output chats.jsonl \\
            runs/large/traces/*/large-only/*.jsonl
          tandem trace prune --model a.gguf --classifier b.gguf \\
            --output chats.jsonl run.jsonl
          tandem train sft --model nano-small --data chats.jsonl --output runs/cut
        """)

    @Argument(help: "Traces, as `tandem solve --trace` writes them.") var traces: [String]
    @Option(help: ArgumentHelp("The model whose perplexity counts.", valueName: "model")) var model: String
    @Option(
      help: ArgumentHelp(
        "A model that labels the steps. Default: none, steps are labelled by words.", valueName: "model"))
    var classifier: String?
    @Option(help: "The share of functional steps to drop, from 0 to 1.") var share = 0.5
    @Option(
      help: "How the models mark their thinking: auto, think, s1, bracketed, sky or none. Default: auto.",
      transform: { try ThinkingFormat(named: $0) })
    var thinkingFormat: ThinkingFormat?
    @Option(name: [.customShort("t"), .long], help: "Compute threads.") var threads = 1
    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the conversations.", valueName: "file"))
    var output: String

    func validate() throws {
      guard 0...1 ~= share else { throw ValidationError("--share must be from 0 to 1.") }
    }

    func run() async throws {
      let files = try [model, classifier ?? model].map { name in
        try GGUFFile(path: ModelStore().url(of: ModelReference(parsing: name)).path)
      }
      // Opened before the work, so that an unwritable place costs no time.
      let partial = try DurableFile.begin(output)
      defer { try? FileManager.default.removeItem(atPath: partial) }
      let participant = try await load(files[0])
      // A step is labelled before the chain is read, so one sequence is enough for both.
      let judge = classifier == nil || files[1].path == files[0].path ? participant : try await load(files[1])
      let labeller = classifier.map { _ in StepClassifier(judge) }
      let pruning = try StepPruning(share: share)
      let display = ProgressLine()
      defer { display.end() }
      var (text, count) = ("", PruneCount())
      for (index, file) in traces.enumerated() {
        let pruned = try await pruning.prune(TraceCommand.read(file), by: participant) { step in
          try await labeller?.function(of: step) ?? StepFunction(of: step)
        }
        if let pruned {
          text += try PrunedChat(pruned, format: participant.format).json() + "\n"
          count.add(pruned)
        } else {
          count.left += 1
        }
        display.show("\(index + 1) of \(traces.count) traces")
      }
      display.end()
      guard count.runs > 0 else {
        throw ValidationError("None of the traces has both thinking and an answer, so there is nothing to write.")
      }
      try DurableFile.write(Data(text.utf8), to: output)
      Console.write("\(output): \(count.text)\n")
    }

    private func load(_ file: GGUFFile) async throws -> Participant {
      let engine = try await LlamaEngine.loadWithWarnings(
        file, LlamaParameters(contextSize: max(file.trainedContext, 8), sequences: 1, threads: threads))
      return Participant(engine, format: thinkingFormat?.format)
    }
  }
}

/// A pruned run as a line of a file of chats.
private struct PrunedChat: Encodable {
  let messages: [[String: String]]

  init(_ pruned: StepPruning.Pruned, format: ReasoningFormat) {
    let answer = Message(
      .assistant, (format.opening ?? "") + pruned.thinking + (format.closing ?? "") + pruned.answer)
    messages = (pruned.messages + [answer]).map { ["role": $0.role.rawValue, "content": $0.content] }
  }
}

/// What was pruned of how much.
private struct PruneCount {
  var runs = 0
  var left = 0
  private var (steps, functional, dropped) = (0, 0, 0)

  mutating func add(_ pruned: StepPruning.Pruned) {
    runs += 1
    steps += pruned.steps.count
    functional += pruned.steps.count { $0.function != .progressive }
    dropped += pruned.steps.count { !$0.isKept }
  }

  var text: String {
    "\(runs) runs, \(steps) steps, \(functional) of them functional, \(dropped) dropped; \(left) runs without an answer"
  }
}
