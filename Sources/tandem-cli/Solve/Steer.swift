import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemModels
import TandemSetup
import TandemSupport

struct Steer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a control vector, from traces, that steers a model's thinking towards execution.",
    discussion: """
      The method is SEAL (arXiv:2504.07986). Thoughts are labelled by their words as execution, reflection or transition. \
      The vector is the mean output of a layer at the blank lines before execution, minus the mean at the blank lines \
      before all other thoughts.

      The traces must be the model's own, from a strategy that asks it for nothing but the solution, such as small-only. \
      Any strategy can apply the vector; small-only with the vector is SEAL. The vector acts while the model thinks, at a \
      scale that may be negative, but not while it answers. As in SEAL, it acts only at blank lines, including those of \
      the prompt. llama.cpp has one vector for a whole pass and needs some milliseconds to change it: with a tiny model, \
      that costs more than the tokens. With --every-token, the vector stays on, as in other programs that read the file.

      The paper uses layer 20 for models of 1.5B and 7B parameters, and layer 55 for 32B. Layers are counted from 0. The \
      first one can't be steered.

      EXAMPLES
        tandem evaluate --task countdown-training --problems 300 \\
          --strategy small-only --output runs/small
        tandem steer --model nano-small --layer 1 --output steering.gguf \\
          runs/small/traces/*/small-only/*.jsonl
        tandem solve --strategy small-only \\
          --small-control-vector steering.gguf:0.5 "Use 3, 7, 5, 2 to make 24."
      """)

  @Argument(help: "Traces of the model's runs.") var traces: [String] = []
  @Option(help: ArgumentHelp("The model to steer.", valueName: "model")) var model: String
  @Option(help: "The layer whose output is measured and later changed.") var layer: Int
  @Option(help: "Read only this many traces, from the first. Default: all.") var limit: Int?
  @Option(
    help: "How the model marks its thinking: auto, think, s1, bracketed, sky or none. Default: auto.",
    transform: { try ThinkingFormat(named: $0) })
  var thinkingFormat: ThinkingFormat?
  @Option(name: [.customShort("t"), .long], help: "Compute threads.") var threads = 1
  @Flag(help: "Apply the vector to every token, not only at blank lines.") var everyToken = false
  @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the control vector, as GGUF.", valueName: "file"))
  var output: String

  func validate() throws {
    guard !traces.isEmpty else {
      throw ValidationError("There are no traces. Give files that `tandem solve --trace` or `tandem evaluate` wrote.")
    }
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1, not \(limit).") }
  }

  func run() async throws {
    let path = try ModelStore().url(of: ModelReference(parsing: model)).path
    let file = try GGUFFile(path: path)
    guard (1..<file.layerCount).contains(layer) else {
      throw ValidationError("--layer must be from 1 to \(file.layerCount - 1) for \(model), not \(layer).")
    }
    // The file lies beside its place until it is whole. It is opened first, so that an unwritable place costs no time.
    let partial = try DurableFile.begin(output)
    defer { try? FileManager.default.removeItem(atPath: partial) }

    let engine = try await LlamaEngine.loadWithWarnings(
      path, LlamaParameters(contextSize: min(256, max(file.trainedContext, 8)), sequences: 1, threads: threads))
    let means = try await means(engine, Participant(engine, format: thinkingFormat?.format))
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
