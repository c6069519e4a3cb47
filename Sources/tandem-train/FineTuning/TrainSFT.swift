import ArgumentParser
import TandemTraining

struct TrainSFT: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sft",
    abstract: "Train a model on conversations of your own.",
    discussion: """
      What the assistant says is learnt, and where its turn ends; all else is read. A line of the file is a conversation:
        {"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}
      Ctrl-C keeps a checkpoint; the same command goes on from it. Models of the llama architecture can be trained.

      EXAMPLE
        tandem train sft --model smollm2-135m-q8_0 --data chats.jsonl --output runs/mine
      """)

  @Option(help: ArgumentHelp("A name, a path, or hf:OWNER/REPO/FILE.gguf.", valueName: "model")) var model: String
  @Option(help: ArgumentHelp("Conversations as JSON Lines.", valueName: "file")) var data: String
  @Flag(help: "Train all weights instead of an adapter.") var full = false
  @OptionGroup(title: "Training") var options: TuningOptions

  func validate() throws {
    guard !full || !options.lora.isGiven && options.dropout == nil else {
      throw ValidationError("--rank, --alpha, --targets and --dropout have no effect with --full.")
    }
  }

  func run() async throws {
    let tuning = try await Tuning(model, options)
    try tuning.train(ChatFile(path: data, tuning.encoding).documents, all: full)
  }
}
