import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemModels
import TandemSupport

struct Steer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a control vector from traces that steers a model's thinking towards execution.",
    discussion: """
      SEAL (arXiv:2504.07986): thoughts are labelled by their words as execution, reflection or transition. The vector is
      the mean output of a layer at the blank lines before execution, less the mean at those before all other thoughts.

      The traces are this model's own, from a strategy that asks it nothing but the problem, such as small-only. There is
      no strategy to apply the vector with: any of them does, and small-only with it is SEAL. It is on while the model
      thinks, at a scale that may be negative, and off while it answers. Like SEAL's, it acts at blank lines only, in the
      prompt too. llama.cpp has one vector for a whole pass, and takes some milliseconds to change it: with a tiny model
      that costs more than the tokens. With --every-token it stays on, as in other programs that read the file.

      The paper's layer is 20 for models of 1.5B and 7B parameters, and 55 for 32B. Layers are counted from 0, and the
      first can't be steered.

      EXAMPLES
        tandem evaluate --task countdown-training --problems 300 --strategy small-only --output runs/small
        tandem steer --model nano-small --layer 1 --output steering.gguf runs/small/traces/*/small-only/*.jsonl
        tandem solve --strategy small-only --small-control-vector steering.gguf:0.5 "Use 3, 7, 5, 2 to make 24."
      """)

  @Argument(help: "Traces of runs of the model.") var traces: [String] = []
  @Option(help: ArgumentHelp("The model that is to be steered.", valueName: "model")) var model: String
  @Option(help: "The layer whose output is looked at, and changed.") var layer: Int
  @Option(help: "The most traces to read, from the first; all unless given.") var limit: Int?
  @Option(help: "How the model marks its thinking: auto, think, s1, bracketed, sky or none.")
  var thinkingFormat = "auto"
  @Option(name: [.customShort("t"), .long], help: "Compute threads.") var threads = 1
  @Flag(help: "Let the vector act on every token, not at blank lines only.") var everyToken = false
  @Option(name: .shortAndLong, help: ArgumentHelp("The control vector, as GGUF.", valueName: "file"))
  var output: String

  func validate() throws {
    guard !traces.isEmpty else {
      throw ValidationError("Which traces? Give files, as `tandem solve --trace` writes them.")
    }
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1, not \(limit).") }
  }

  func run() async throws {
    let path = try ModelStore().url(of: ModelReference(parsing: model)).path
    let file = try GGUFFile(path: path)
    guard (1..<file.layerCount).contains(layer) else {
      throw ValidationError("--layer must be from 1 to \(file.layerCount - 1) for \(model), not \(layer).")
    }
    let format = try ModelOptions.parse(["--thinking-format", thinkingFormat]).format()
    // Beside its place until it is whole, and before the work: a place that can't be written costs no time.
    let partial = try DurableFile.begin(output)
    defer { try? FileManager.default.removeItem(atPath: partial) }

    let engine = try await LlamaEngine.load(
      path, LlamaParameters(contextSize: min(256, max(file.trainedContext, 8)), sequences: 1, threads: threads))
    let means = try await means(engine, Participant(engine, format: format))
    guard let direction = means.direction else {
      let missing = means.count(of: .execution) == 0 ? "execution" : "reflection or transition"
      throw ReasoningError.unsuitable(
        model: "These traces", reason: "no thought of \(missing) follows a blank line in them (\(means.text))")
    }
    var directions = Array(repeating: Array(repeating: Float(0), count: direction.count), count: file.layerCount - 1)
    directions[layer - 1] = direction
    let vector = Adapter.ControlVector(
      directions: directions, layers: layer...layer, positions: everyToken ? .all : .blankLines)
    try vector.write(to: partial, model: file.architecture)
    try DurableFile.publish(partial, as: output)
    let length = direction.reduce(0) { $0 + Double($1 * $1) }.squareRoot()
    Console.write("\(output): layer \(layer), length \(length.digits(3)), from \(means.text)\n")
  }

  /// The means over all traces, which are read one after the other.
  private func means(_ engine: LlamaEngine, _ participant: Participant) async throws -> KindMeans {
    let display = ProgressLine()
    defer { display.end() }
    let files = traces.prefix(limit ?? traces.count)
    var means = KindMeans()
    for (index, file) in files.enumerated() {
      let thinking = try await LabelledThinking(TraceCommand.read(file), as: participant)
      let lines = thinking.blankLines
      let rows = try await engine.hiddenStates(of: thinking.tokens, layer: layer, at: lines.map(\.position))
      for (line, row) in zip(lines, rows) { means.add(row, before: line.kind) }
      display.show("\(index + 1) of \(files.count) traces")
    }
    return means
  }
}

extension KindMeans {
  /// How many thoughts of each kind there are.
  fileprivate var text: String {
    ThoughtKind.allCases.map { "\($0.rawValue) \(count(of: $0))" }.joined(separator: ", ")
  }
}
