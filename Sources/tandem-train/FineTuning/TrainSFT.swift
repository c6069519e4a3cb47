import ArgumentParser
import TandemTraining

struct TrainSFT: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sft",
    abstract: "Fine-tune a model on your own conversations.",
    discussion: """
      The model learns what the assistant says and where its turn ends; everything else it only reads. Each line of the \
      file is a conversation (here on two lines):
        {"messages": [{"role": "user", "content": "…"},
                      {"role": "assistant", "content": "…"}]}

      Ctrl-C keeps a checkpoint; run the same command again to continue. Only models of the llama architecture can be \
      trained.

      EXAMPLE
        tandem train sft --model smollm2-135m-q8_0 --data chats.jsonl \\
          --output runs/mine
      """)

  @Option(help: ArgumentHelp("A name, a path, or hf:OWNER/REPO/FILE.gguf.", valueName: "model")) var model: String
  @Option(help: ArgumentHelp("Conversations as JSON Lines.", valueName: "file")) var data: String
  @Flag(help: "Train all weights instead of an adapter.") var full = false
  @OptionGroup(title: "Training") var options: TuningOptions

  func validate() throws { try options.validate(all: full) }

  func run() async throws {
    let tuning = try await Tuning(model, options)
    try tuning.train(ChatFile(path: data, tuning.encoding).documents, all: full)
  }
}
