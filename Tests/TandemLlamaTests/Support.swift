import Foundation
import TandemInference
import Testing

@testable import TandemLlama

/// The model files of these tests.
enum Models {
  static let nanoSmall = nano("nano-small.gguf")
  static let nanoLarge = nano("nano-large.gguf")

  /// A real model with a real vocabulary, which `scripts/deps` fetches; tests that need it are left out without it.
  static let smol: String? = {
    guard let folder = ProcessInfo.processInfo.environment["TANDEM_MODELS"] else { return nil }
    let path = "\(folder)/SmolLM2-135M-Instruct.Q4_1.gguf"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  /// A model of four small layers with the vocabulary of R1-Distill-Qwen, which `scripts/real-vocabulary` makes.
  static let realVocabulary: String? = {
    guard let folder = ProcessInfo.processInfo.environment["TANDEM_MODELS"] else { return nil }
    let path = "\(folder)/r1-vocabulary.gguf"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  /// SmolLM2 in another format; made once a run.
  static let smolQ4_0 = Result { try converted(.q4_0) }
  static let smolQ8_0 = Result { try converted(.q8_0) }

  static let lora = fixture("adapters/nano-lora.gguf")

  static func fixture(_ name: String) -> String {
    Bundle.module.bundleURL.appending(path: "Fixtures/\(name)").path
  }

  private static func nano(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/TandemModels/Nano/\(name)").standardizedFileURL.path
  }

  private static func converted(_ format: Quantization) throws -> String {
    let target = try Scratch.shared.get().path("SmolLM2.\(format.rawValue).gguf")
    try format.convert(from: try #require(smol), to: target)
    return target
  }
}

/// A folder that is there for the duration of the run.
struct Scratch {
  static let shared = Result { try Scratch() }

  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "tandem-llama-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    Self.removeAtExit(folder)
  }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Writes a file that only one test uses.
  static func file(_ bytes: [UInt8], _ name: String = UUID().uuidString) throws -> String {
    let path = try shared.get().path(name)
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  nonisolated(unsafe) private static var folders: [URL] = []  // written once, by `shared`

  private static func removeAtExit(_ folder: URL) {
    folders.append(folder)
    atexit { for folder in Scratch.folders { try? FileManager.default.removeItem(at: folder) } }
  }
}

/// A small engine on the small nano model.
func nanoEngine(
  _ path: String = Models.nanoSmall, contextSize: Int = 256, sequences: Int = 4, cache: CacheLayout = .shared,
  cells: Int? = nil, batchSize: Int = 64, prefillChunk: Int = 32, isDeterministic: Bool = false, waiting: Int = .max,
  patience: Duration = .seconds(10)
) async throws -> LlamaEngine {
  try await LlamaEngine.load(
    path,
    LlamaParameters(
      contextSize: contextSize, sequences: sequences, cache: cache, cells: cells, batchSize: batchSize,
      prefillChunk: prefillChunk, isDeterministic: isDeterministic, waiting: waiting, patience: patience))
}

/// A prompt in the form that the nano models were trained on.
func prompt(_ problem: String = "Use 3, 8, 5, 10 to make 17.", for engine: LlamaEngine) throws -> [Token] {
  let text = "<|im_start|>user\n\(problem)<|im_end|>\n<|im_start|>assistant\n<think>\n"
  return try engine.tokenizer.encode(text, control: .recognised)
}

/// Some tokens, different for each `seed`.
func noise(_ count: Int, seed: UInt64 = 1) -> [Token] {
  var generator = SplitMix64(seed: seed)
  return (0..<count).map { _ in Token(rawValue: Int32.random(in: 6..<480, using: &generator)) }
}

/// A request that ends by its limit only.
func request(_ limit: Int, seed: UInt64 = 7, sampling: SamplingParameters = .greedy) -> GenerationRequest {
  GenerationRequest(sampling: sampling, seed: seed, limit: limit, ignoresEndOfGeneration: true)
}

/// The error that `action` throws, by its code; "none" where it throws nothing.
func code(_ action: () async throws -> Void) async -> String {
  do {
    try await action()
    return "none"
  } catch let error as EngineError {
    return error.code
  } catch is CancellationError {
    return "cancelled"
  } catch {
    return "\(error)"
  }
}

/// Waits until `condition` holds; records an issue where it does not within a minute.
func eventually(
  _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + .seconds(60)
  while try await !condition() {
    guard .now < deadline else {
      Issue.record(what, sourceLocation: sourceLocation)
      return
    }
    try await Task.sleep(for: .milliseconds(1))
  }
}

extension Sequence<SampledToken> {
  /// ln p of each token, which an engine in this process computes exactly.
  var logProbabilities: [Float] { map { $0.logProbability.exact ?? .nan } }
}

/// The largest distance of two rows.
func distance(_ a: [Float], _ b: [Float]) -> Float {
  a.count == b.count ? zip(a, b).map { $0 == $1 ? 0 : abs($0 - $1) }.max() ?? 0 : .infinity
}
