import ArgumentParser
import Foundation
import TandemCommandLine
import TandemModels

extension Models {
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a model in the form of other programs.",
      discussion: """
        hf is a folder that transformers, vLLM and SGLang load: safetensors, config.json, tokenizer.json and \
        tokenizer_config.json with the chat template. It is for models of the Llama family with a byte-level vocabulary, in \
        F32, F16, BF16 or Q8_0. A LoRA adapter becomes a folder that peft and vLLM load.

        EXAMPLES
          tandem models export nano-large --to hf --output nano-large
          tandem models export nano-large-selector --to hf --output selector
        """)

    @Argument(help: "A name, a path, or hf:OWNER/REPO/FILE.gguf.") var model: String
    @Option(help: "The form: hf.") var to: Form
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("The new folder. Default: the model's name and -hf.", valueName: "folder"))
    var output: String?
    @Option(help: "The numbers of weights: f32 or f16. f32 keeps each as it is in the file.")
    var type = HuggingFaceExport.Number.f32
    @Option(help: "The model of an adapter. Default: the one that its file names.") var base: String?

    enum Form: String, ExpressibleByArgument, CaseIterable { case hf }

    func run() throws {
      let reference = try ModelReference(parsing: model)
      let folder = URL(filePath: output ?? Self.name(of: reference), directoryHint: .isDirectory)
      let size = try HuggingFaceExport(type).write(
        reference, base: base.map { try ModelReference(parsing: $0) }, to: folder)
      Console.write("\(folder.path), \(Int(size).asBytes)\n")
    }

    /// `nano-large-hf` for a model of the catalogue, else the name of its file without its ending.
    private static func name(of reference: ModelReference) -> String {
      let name = reference.description.split(separator: "/").last.map(String.init) ?? reference.description
      return name.replacing(/\.gguf(@.*)?$/, with: "") + "-hf"
    }
  }
}

extension HuggingFaceExport.Number: ExpressibleByArgument {}
