import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemLlama
import TandemModels
import TandemSupport

extension Models {
  struct Quantize: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a model in another number format.",
      discussion: """
        llama.cpp converts the file. Quantising a model that is already quantised loses a little more than starting from F16.

        EXAMPLE
          tandem models quantize nano-large --type q8_0 --output large-q8_0.gguf
        """)

    @Argument(help: "A name, a path, or hf:OWNER/REPO/FILE.gguf.") var model: String
    @Option(help: "f16, q8_0, q4_0, q4_1 or q4_k_m.") var type: String
    @Option(name: .shortAndLong, help: ArgumentHelp("The new file.", valueName: "file")) var output: String

    func run() throws {
      guard let format = Quantization(rawValue: type.uppercased()) else {
        let known = Quantization.allCases.map { $0.rawValue.lowercased() }
        let hint = known.nearest(to: type).map { " Did you mean '\($0)'?" } ?? ""
        throw ValidationError("--type can be \(known.joined(separator: ", ")), not \(type).\(hint)")
      }
      let source = try ModelStore().url(of: ModelReference(parsing: model)).path
      guard !FileManager.default.fileExists(atPath: output) else {
        throw ValidationError("\(output) already exists: remove it, or choose another name.")
      }
      // Beside its place until it is whole: a full disk or Ctrl-C leaves no half of a model under the name.
      // An unwritable place is reported before the work, and not taken for a fault of the model.
      let partial = try DurableFile.begin(output)
      defer { try? FileManager.default.removeItem(atPath: partial) }
      try format.convert(from: source, to: partial)
      try DurableFile.publish(partial, as: output)
      let size = try FileManager.default.attributesOfItem(atPath: output)[.size] as? Int
      Console.write("\(output), \((size ?? 0).asBytes)\n")
    }
  }
}
