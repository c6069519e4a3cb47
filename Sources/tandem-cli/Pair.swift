import ArgumentParser
import Foundation
import Tandem
import TandemInference
import TandemLlama
import TandemModels

/// The models of a run, loaded. Where both roles name one file, it is loaded once.
struct Pair {
  var small: LlamaEngine?
  var large: LlamaEngine?

  /// Loads what the strategies need, and nothing else.
  ///
  /// - Parameters:
  ///   - runs: How many runs there may be at once; each needs a sequence of each model.
  ///   - draftsSmall: Whether the small model guesses for the large one, which takes a sequence for each of its own.
  static func load(
    _ options: ModelOptions, for strategies: [any Strategy], runs: Int = 1, draftsSmall: Bool = false
  ) async throws -> Pair {
    let roles = Set(strategies.flatMap { $0.needs.keys } + (draftsSmall ? [.small] : []))
    let preset = try options.chosenPreset()
    func path(_ role: Role, _ given: String?, _ fallback: ModelReference?) throws -> String? {
      guard roles.contains(role) else { return nil }
      if let given { return try ModelStore().url(of: ModelReference(parsing: given)).path }
      guard let fallback else {
        throw ValidationError("This strategy needs a \(role.rawValue) model: --\(role.rawValue) MODEL, or --preset.")
      }
      return try ModelStore().url(of: fallback).path
    }
    func sequences(_ role: Role) -> Int {
      let own = runs * (strategies.map { $0.sessions[role] ?? 0 }.max() ?? 0)
      return role == .small && draftsSmall ? own + sequences(.large) : own
    }
    let small = try path(.small, options.small, preset?.small)
    let large = try path(.large, options.large, preset?.large)
    if let small, small == large {
      let engine = try await load(small, options, preset, sequences: sequences(.small) + sequences(.large))
      return Pair(small: engine, large: engine)
    }
    async let first = small.asyncMap { try await load($0, options, preset, sequences: sequences(.small)) }
    async let second = large.asyncMap { try await load($0, options, preset, sequences: sequences(.large)) }
    return try await Pair(small: first, large: second)
  }

  private static func load(
    _ path: String, _ options: ModelOptions, _ preset: Preset?, sequences: Int
  ) async throws -> LlamaEngine {
    // The engine would say so too, but not what the number is made of.
    guard sequences <= 256 else {
      throw ValidationError(
        "All that would be written at once takes \(sequences) sequences of one model, and there can be 256. "
          + "Solve fewer problems at once, or set less that each writes at once.")
    }
    let file = try GGUFFile(path: path)
    let trained = max(file.trainedContext, 8)
    let contextSize = options.ctxSize ?? min(preset?.contextSize ?? 8192, trained)
    return try await LlamaEngine.load(
      path,
      LlamaParameters(
        contextSize: contextSize, extendsContext: options.extendContext, sequences: sequences, threads: options.threads,
        gpuLayers: options.gpuLayers,
        flashAttention: options.flashAttn, isDeterministic: options.deterministic))
  }

  /// The solver over this pair.
  func solver(_ models: ModelOptions, _ sampling: SamplingOptions) throws -> Solver {
    let preset = try models.chosenPreset()
    let parameters = try sampling.parameters(preset)
    let format = try models.format()
    func participant(_ engine: LlamaEngine?) -> Participant? {
      engine.map { Participant($0, format: format, sampling: parameters) }
    }
    let contextSize = [small, large].compactMap { $0?.contextSize }.min() ?? 0
    return Solver(
      small: participant(small), large: participant(large), budget: sampling.budget(preset, contextSize: contextSize))
  }
}

extension Optional {
  func asyncMap<T>(_ body: (Wrapped) async throws -> T) async throws -> T? {
    if let self { try await body(self) } else { nil }
  }
}
