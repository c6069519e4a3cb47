import ArgumentParser
import TandemTraining

/// Online Speculative Decoding (arXiv:2310.07177).
struct TrainDraft: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draft",
    abstract: "Teach a small model to draft what its large one writes (Online Speculative Decoding, arXiv:2310.07177).",
    discussion: """
      `tandem serve`, `solve` and `evaluate` record the guesses that the large model rejected, with \
      --record-rejections FILE. Only these positions are learnt: the small model's distribution is drawn to the large \
      model's. The file may still be written meanwhile.

      The output of a pair does not depend on its draft model, only its speed does. Use --full: \
      a pair can't put an adapter on the model that drafts.

      Ctrl-C keeps a checkpoint; run the same command again to continue. The file must be the same then: copy one that \
      is still being written. Only models of the llama architecture can be trained.

      EXAMPLES
        tandem evaluate --plan plan.yaml \\
          --record-rejections rejected.jsonl --output runs/plan
        tandem train draft --model nano-small \\
          --from rejected.jsonl --full --output runs/draft
        tandem train draft --model nano-small \\
          --from rejected.jsonl --full --divergence jsd --output runs/jsd
      """)

  @Option(help: ArgumentHelp("The small model: a name, a path, or hf:OWNER/REPO/FILE.gguf.", valueName: "model"))
  var model: String
  @Option(help: ArgumentHelp("The recorded guesses.", valueName: "file")) var from: String
  @Option(help: "What is made smaller: forward or reverse KL, or jsd, Jensen and Shannon's divergence.")
  var divergence = DraftObjective.Divergence.forward
  @Flag(help: "Train all weights instead of an adapter.") var full = false
  @OptionGroup(title: "Training") var options: TuningOptions

  func validate() throws { try options.validate(all: full) }

  func run() async throws {
    let tuning = try await Tuning(model, options)
    let documents = try RejectedGuesses(
      path: from, vocabularySize: tuning.vocabularySize, contextSize: tuning.encoding.contextSize
    ).documents
    try tuning.train(documents, all: full, by: .draft(DraftObjective(divergence)), dropout: 0)
  }
}

extension DraftObjective.Divergence: ExpressibleByArgument {}
