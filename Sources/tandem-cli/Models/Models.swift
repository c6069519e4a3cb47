import ArgumentParser
import Foundation
import TandemCommandLine
import TandemLlama
import TandemModels
import TandemSetup

struct Models: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, fetch, convert and remove models.",
    discussion: """
      EXAMPLES
        tandem models list
        tandem models pull smollm2-135m-q4_0
        tandem models pull hf:Qwen/Qwen3-0.6B-GGUF/Qwen3-0.6B-Q8_0.gguf
        tandem models info nano-large
        tandem models info http://127.0.0.1:8000/v1#r1-32b

      Files from Hugging Face are kept in its own cache, $HF_HOME/hub, and shared with its other clients. All other models \
      are stored in $TANDEM_MODELS, or in the user's cache folder if that is not set. HF_TOKEN, the token of \
      `hf auth login`, HF_ENDPOINT, HF_HUB_CACHE and HF_HUB_OFFLINE have the same meaning as for `huggingface_hub`.
      """,
    subcommands: [List.self, Pull.self, Info.self, Quantize.self, Merge.self, Export.self, Remove.self, Presets.self],
    defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List installed models, and models to pull by name.")

    func run() throws {
      var table = Table(["MODEL", "SIZE", "STATE", "LICENCE", ""], rightAligned: [1])
      for model in ModelStore().models() {
        let remark = if case .damaged(let reason) = model.state { reason } else { model.summary }
        table.add([
          model.name, model.bytes.map { Int($0).asBytes } ?? "?", model.state.word, model.licence ?? "", remark,
        ])
      }
      Console.write(table.text)
    }
  }

  struct Pull: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fetch a model, or continue a stopped download.",
      discussion: "EXAMPLE\n  tandem models pull hf:Qwen/Qwen3-0.6B-GGUF/Qwen3-0.6B-Q8_0.gguf")

    @Argument(help: "A name from `tandem models list`, or hf:OWNER/REPO/FILE.gguf[@REVISION].") var model: String
    @Option(help: "The SHA-256 that the file must have.") var sha256: String?
    @Flag(help: "Accept the model's terms of use without asking.") var acceptTerms = false

    func run() async throws {
      let bar = ProgressBar()
      let accepts = acceptTerms
      let pulled = try await ModelStore().pull(
        ModelReference(parsing: model), sha256: sha256,
        accept: { terms in accepts || Pull.ask(terms) },
        requantize: { from, to, name in
          guard let format = Quantization(rawValue: name) else {
            throw ModelError.cannotConvert(name: from.lastPathComponent, reason: "\(name) is not known to this engine")
          }
          try format.convert(from: from.path, to: to.path)
        },
        progress: { bar.show($0) })
      bar.end()
      let proof =
        switch pulled.verification {
        case .pinned: "checksum verified"
        case .server: "checksum as stated by the server"
        case .none: "no known checksum"
        }
      let how = pulled.wasInstalled ? "is already installed" : "pulled, \(Int(pulled.bytes).asBytes), \(proof)"
      Console.write("\(pulled.reference) \(how)\n\(pulled.url.path)\n")
    }

    /// Shows where the terms are, and asks. Without a terminal to ask on, the answer is no.
    private static func ask(_ terms: Terms) -> Bool {
      let notice = "\(terms.model) is under \(terms.title): \(terms.url)\n  \(terms.document.path)\n"
      Console.write(notice, to: .standardError)
      guard isatty(STDIN_FILENO) == 1 else { return false }
      Console.write("Do you accept them? [y/N] ", to: .standardError)
      return ["y", "yes"].contains((readLine() ?? "").lowercased())
    }
  }

  struct Info: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what is known about a model, or what a server and its model can do.")

    @Argument(help: "A name, a path, hf:OWNER/REPO/FILE.gguf, or http://HOST:PORT/v1#MODEL.") var model: String

    @Option(
      help: ArgumentHelp("For a server: compare its vocabulary with that of this file or model.", valueName: "model"))
    var tokenizer: String?

    @OptionGroup(title: "Models on servers") var servers: RemoteFlags

    func run() async throws {
      let store = ModelStore()
      let reference = try ModelReference(parsing: model)
      if case .server(let address) = reference {
        return Console.write(
          try await ServerConnections.description(of: address, servers.options, tokenizer: tokenizer, in: store))
      }
      guard tokenizer == nil, servers.options == nil else {
        throw ValidationError("--tokenizer and the flags of servers have no effect for a model that is a file.")
      }
      let info = try store.info(reference)
      var rows = [("name", info.name), ("about", info.summary), ("state", info.state.word), ("source", info.source)]
      if let licence = info.licence { rows.append(("licence", licence)) }
      if let sha256 = info.sha256 { rows.append(("sha256", sha256)) }
      switch info.state {
      case .absent, .partial: break
      case .builtIn, .installed, .damaged:
        // Throws for a file that is damaged.
        let url = try store.url(of: info.reference)
        let file = try GGUFFile(path: url.path)
        rows += [
          ("file", url.path), ("size", file.byteCount.asBytes), ("architecture", file.architecture),
          ("parameters", file.parameterCount.formatted()), ("layers", "\(file.layerCount)"),
          ("context", "\(file.trainedContext) tokens"),
          ("cache", "\(file.cacheByteCount(cells: 1).asBytes) per token"),
          ("template", file.hasChatTemplate ? "its own" : "none: a base model"),
        ]
        rows += file.warnings.map { ("warning", $0) }
      }
      let width = rows.map(\.0.count).max() ?? 0
      for (name, value) in rows {
        Console.write(name + String(repeating: " ", count: width - name.count + 2) + value + "\n")
      }
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "rm", abstract: "Remove a model from this machine.")

    @Argument(help: "A name, hf:OWNER/REPO/FILE.gguf, or the path of a file in the folder of all models.")
    var model: String

    func run() throws {
      let reference = try ModelReference(parsing: model)
      let freed = try ModelStore().remove(reference)
      Console.write("\(reference) removed, \(Int(freed).asBytes) freed\n")
    }
  }

  struct Presets: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List known pairs of models and their settings.")

    func run() throws {
      var table = Table(["PRESET", "TESTED", "", ""])
      for preset in Preset.all {
        table.add([preset.name, preset.isTested ? "yes" : "no", preset.summary, preset.note])
      }
      Console.write(table.text)
    }
  }
}

extension ModelInfo.State {
  fileprivate var word: String {
    switch self {
    case .builtIn: "built in"
    case .installed: "installed"
    case .absent: "-"
    case .partial(let bytes): "\(Int(bytes).asBytes) so far"
    case .damaged: "damaged"
    }
  }
}
