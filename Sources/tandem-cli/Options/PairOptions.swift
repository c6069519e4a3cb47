import ArgumentParser
import TandemModels
import TandemSetup

/// Which models, and how much they may read: all that their memory depends on.
struct PairOptions: ParsableArguments {
  @Option(help: "A pair with its settings; see `tandem models presets`. Default: nano, unless a model is given.")
  var preset: String?

  @Option(
    help: ArgumentHelp(
      "The small model: a name, a path, hf:OWNER/REPO/FILE.gguf, or http://HOST:PORT/v1#MODEL on a server.",
      valueName: "model"))
  var small: String?

  @Option(help: ArgumentHelp("The large model: the same.", valueName: "model"))
  var large: String?

  @Option(
    help: ArgumentHelp(
      "The vocabulary of a small model on a server: a GGUF file of its family. Default: the large model's file.",
      valueName: "model"))
  var smallTokenizer: String?

  @Option(
    help: ArgumentHelp(
      "The vocabulary of a large model on a server. Default: the small model's file.", valueName: "model"))
  var largeTokenizer: String?

  @OptionGroup(title: "Models on servers") var servers: RemoteFlags

  @Option(
    name: [.customShort("c"), .long],
    help: "The most tokens of one sequence, prompt included. Default: the preset's, else 8192 or what the models allow."
  )
  var ctxSize: Int?

  func validate() throws {
    // A model of the pair may be served somewhere, and is the same model then.
    let files = [small, large].compactMap(\.self).filter { !ModelReference.isServer($0) }
    guard preset == nil || files.isEmpty else {
      throw ValidationError(
        "--preset names both models: leave out --small and --large, or --preset. Only a server's address can go with it."
      )
    }
  }

  /// What the flags say.
  var options: RunOptions {
    RunOptions(
      preset: preset, small: small, large: large, smallTokenizer: smallTokenizer, largeTokenizer: largeTokenizer,
      servers: servers.options, contextSize: ctxSize)
  }
}
