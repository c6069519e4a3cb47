import ArgumentParser
import Foundation
import TandemModels
import TandemTraining

/// Weak-to-strong preference optimisation (WSPO, arXiv:2410.18640).
struct TrainWSPO: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wspo",
    abstract: "Teach a large model what alignment changed in a small one (WSPO, arXiv:2410.18640).",
    discussion: """
      The small model comes before and after its alignment. For each token of the answers in the file, the large model's \
      change, times --beta, is drawn to the small one's. All three models must have the same vocabulary. \
      Each line of the file is a conversation, as for `tandem train sft`.

      Ctrl-C keeps a checkpoint; run the same command again to continue.

      EXAMPLE
        tandem train wspo --model nano-large --aligned nano-small-tldr \\
          --base nano-small --data chats.jsonl --output runs/wspo
      """)

  @Option(help: ArgumentHelp("The large model: a name, a path, or hf:OWNER/REPO/FILE.gguf.", valueName: "model"))
  var model: String
  @Option(help: ArgumentHelp("The small model after its alignment.", valueName: "model")) var aligned: String
  @Option(help: ArgumentHelp("The small model before it.", valueName: "model")) var base: String
  @Option(help: ArgumentHelp("Conversations as JSON Lines.", valueName: "file")) var data: String
  @Option(help: "The large model's change is the small one's divided by this. 1 is ours.") var beta: Float = 1
  @Flag(help: "Train all weights instead of an adapter.") var full = false
  @OptionGroup(title: "Training") var options: TuningOptions

  func validate() throws {
    try options.validate(all: full)
    try WeakToStrongObjective(beta: beta).validate()
  }

  func run() async throws {
    let objective = WeakToStrongObjective(beta: beta)
    let weak = try (
      aligned: ModelStore().url(of: ModelReference(parsing: aligned)).path,
      base: ModelStore().url(of: ModelReference(parsing: base)).path
    )
    let tuning = try await Tuning(model, options)
    let documents = try ChatFile(path: data, tuning.encoding).documents
    try tuning.train(documents, all: full, by: .weakToStrong(objective), dropout: 0) { strong in
      try objective.referencing(documents, strong, aligned: weak.aligned, base: weak.base, like: tuning.path)
    }
  }
}
