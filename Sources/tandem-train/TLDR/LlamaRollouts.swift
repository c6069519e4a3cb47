import Foundation
import TandemInference
import TandemLlama
import TandemTraining

/// Rollouts by llama.cpp: each call opens an engine on the current weights.
///
/// Opening a nano model takes milliseconds, and rules out that a weight of the step before is left over. A nano model is
/// fastest with one completion after the other: llama.cpp rebuilds its graph whenever the next pass belongs to another
/// sequence, which takes longer than the pass. Then samples do not depend on other completions, and a resumed run is
/// the same bit for bit. Several completions at once share passes, which is faster for larger models.
struct LlamaRollouts: RolloutEngine {
  /// Completions that are sampled at the same time.
  let sequences: Int
  let contextSize: Int
  let threads: Int

  func sample(
    _ requests: [RolloutRequest], _ sampling: SamplingParameters, from files: PolicyFiles
  ) async throws -> [Rollout] {
    // An F32 cache and no flash attention, because the trainer computes in F32 and the two are compared.
    let engine = try await LlamaEngine.load(
      files.weights,
      LlamaParameters(
        contextSize: contextSize, sequences: sequences, cache: .separate, cacheTypeK: .f32, cacheTypeV: .f32,
        threads: threads,
        batchSize: max(256, sequences), flashAttention: .off, isDeterministic: sequences == 1))
    let adapter = files.adapter.map { Adapter(lora: [.init(path: $0)]) }
    let result = await Result { try await sample(requests, sampling, engine, adapter) }
    await engine.close()
    return try result.get()
  }

  private func sample(
    _ requests: [RolloutRequest], _ sampling: SamplingParameters, _ engine: LlamaEngine, _ adapter: Adapter?
  ) async throws -> [Rollout] {
    try await withThrowingTaskGroup(of: (Int, Rollout).self) { group in
      var rollouts = [Rollout?](repeating: nil, count: requests.count)
      for (index, request) in requests.enumerated() {
        group.addTask {
          // Waits here until a sequence is free.
          let session = try await engine.makeSession(adapter: adapter)
          let tokens = try await session.sample(
            GenerationRequest(after: request.prompt, sampling: sampling, seed: request.seed, limit: request.limit))
          await session.close()
          return (index, try Rollout(tokens))
        }
      }
      for try await (index, rollout) in group { rollouts[index] = rollout }
      return rollouts.compactMap(\.self)
    }
  }
}

extension Result where Failure == any Error {
  /// What `body` returns or throws.
  fileprivate init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
