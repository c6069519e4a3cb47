import Foundation
import Synchronization
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemModels
import TandemSupport

/// Whether attention is faster fused or not, as this machine was measured before.
///
/// Kept in a file beside the models: a choice that was measured at each start would be another one now and then, and with it
/// the last bits of a run that is repeated. If the file can't be written, each process measures for itself.
struct AttentionChoices: Sendable {
  private let file: URL
  private static let lock = Mutex(())

  init(_ store: ModelStore = ModelStore()) { file = store.folder.appending(path: "attention.json") }

  /// `parameters`, with flash attention off if it is automatic and slower on this processor for sequences of `length` tokens.
  func choose(for model: GGUFFile, _ parameters: LlamaParameters, length: Int) -> LlamaParameters {
    guard parameters.flashAttention == .automatic, let shape = model.shape else { return parameters }
    var chosen = parameters
    let length = (length + 63) / 64 * 64  // so that a few trials serve runs of all lengths
    // Two models that are loaded at once would disturb each other's measurement.
    let isFaster = Self.lock.withLock { _ -> Bool in
      let key = key(shape, parameters, length)
      var known = (try? JSONDecoder().decode([String: AttentionTrial].self, from: Data(contentsOf: file))) ?? [:]
      if let trial = known[key] { return trial.prefersFlashAttention }
      guard let trial = AttentionTrial.run(model, parameters, length: length) else { return true }
      known[key] = trial
      if let data = try? JSONEncoder().encode(known) { try? DurableFile.write(data, to: file.path) }
      return trial.prefersFlashAttention
    }
    if !isFaster { chosen.flashAttention = .off }
    return chosen
  }

  /// All that a trial depends on.
  private func key(_ shape: ModelShape, _ parameters: LlamaParameters, _ length: Int) -> String {
    [
      Machine.processor, LlamaLibrary.version, "\(shape.heads)/\(shape.keyValueHeads) heads of \(shape.headWidth)",
      "\(parameters.cache.rawValue) \(parameters.cacheTypeK.rawValue) \(parameters.cacheTypeV.rawValue)",
      "\(parameters.sequences) of \(length)",
    ].joined(separator: ", ")
  }
}
