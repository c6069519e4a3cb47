import ArgumentParser
import Foundation
import TandemInference
import TandemModels
import TandemTraining

struct ExtendContext: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "context",
    abstract: "Write a model anew with a longer context, its weights as they are.",
    discussion: """
      A model is no good at places it was not trained at. What makes it so is an adapter that is trained there.

      EXAMPLE
        tandem train context nano-large --tokens 2048 --output nano-large-2048.gguf
      """)

  @Argument(help: "A name, a path, or hf:OWNER/REPO/FILE.gguf.") var model: String
  @Option(help: "Tokens of the new context.") var tokens: Int
  @Option(name: .shortAndLong, help: ArgumentHelp("A GGUF file; its matrices are F16.", valueName: "file"))
  var output: String

  func run() async throws {
    let (model, metadata) = try Llama.load(try ModelStore().url(of: ModelReference(parsing: model)).path)
    var configuration = model.configuration
    configuration.contextLength = tokens
    try configuration.validate()
    try Llama(configuration, parameters: model.parameters).save(output, as: .f16, metadata: metadata)
    Console.write(output + "\n")
  }
}
