import Foundation
import Synchronization
import TandemInference
import TandemLlama
import TandemRewards

@testable import TandemTraining

/// Rollouts by llama.cpp, one session a pass: its numbers do not depend on what else is running.
struct EngineRollouts: RolloutEngine {
  /// A file that is run whatever it is asked for.
  var other: String?

  func sample(
    _ requests: [RolloutRequest], _ sampling: SamplingParameters, from files: PolicyFiles
  ) async throws -> [Rollout] {
    let parameters = LlamaParameters(
      contextSize: 64, sequences: 8, cacheTypeK: .f32, cacheTypeV: .f32, isDeterministic: true)
    let engine = try await LlamaEngine.load(other ?? files.weights, parameters)
    let adapter = files.adapter.map { Adapter(lora: [.init(path: $0)]) }
    var rollouts: [Rollout] = []
    for request in requests {
      let session = try await engine.makeSession(adapter: adapter)
      rollouts.append(
        try Rollout(
          try await session.sample(
            GenerationRequest(after: request.prompt, sampling: sampling, seed: request.seed, limit: request.limit))))
      await session.close()
    }
    await engine.close()
    return rollouts
  }
}

/// Rollouts of one token more than there are calls so far, the first half of each prompt's right, with the weights that
/// each call found.
final class RecordedRollouts: RolloutEngine {
  private let calls = Mutex<[(weights: [Float], prompts: [[Token]])]>([])
  var found: [(weights: [Float], prompts: [[Token]])] { calls.withLock { $0 } }

  func sample(
    _ requests: [RolloutRequest], _ sampling: SamplingParameters, from files: PolicyFiles
  ) async throws -> [Rollout] {
    let weights = try Llama.load(files.weights).model.parameters.tensors[1].values()
    let call = calls.withLock { calls in
      calls.append((weights, requests.map(\.prompt)))
      return calls.count
    }
    let script: @Sendable ([Token], Int) -> [Token] = { _, index in
      [index.isMultiple(of: 2) ? 5 : 200] + [Token](repeating: 7, count: call)
    }
    return try await ScriptedRollouts(script: script).sample(requests, sampling, from: files)
  }
}

/// Rollouts that are written in advance, with log-probabilities of the weights that are asked for.
struct ScriptedRollouts: RolloutEngine {
  /// The completion of a request, by its prompt and its place among the requests.
  let script: @Sendable ([Token], Int) -> [Token]
  var entropy: Float = 1

  func sample(
    _ requests: [RolloutRequest], _ sampling: SamplingParameters, from files: PolicyFiles
  ) async throws -> [Rollout] {
    let model = try Llama.load(files.weights).model
    let samples = requests.enumerated().map { index, request in
      PolicySample(
        tokens: request.prompt + script(request.prompt, index), promptCount: request.prompt.count, advantage: 0,
        weight: 0)
    }
    return try zip(samples, try model.logProbabilities(of: samples, rowLength: 64)).map { sample, found in
      let own = sample.tokens[sample.promptCount...]
      return try Rollout(
        zip(own, found).enumerated().map { index, pair in
          SampledToken(
            token: pair.0, logProbability: .exact(pair.1), entropy: .exact(entropy),
            stop: index == own.count - 1 ? .endOfGeneration : nil)
        })
    }
  }
}

/// Prompts that count draws; a completion is right where its first token is below `bound`.
struct BoundPractice: Practice {
  var bound: Int32 = 100
  /// Different prompts.
  var prompts = 40
  var fingerprint: UInt64 { UInt64(bound) }

  func exercise(at draw: Int) -> PracticeExercise {
    PracticeExercise(
      prompt: [1, 2, Token(rawValue: Int32(draw % prompts))], problem: draw, level: LengthLevel.allCases[draw % 3])
  }

  func outcome(of rollout: Rollout, at exercise: PracticeExercise) -> RewardOutcome {
    RewardOutcome(
      length: rollout.tokens.count, isCorrect: rollout.tokens[0].rawValue < bound, isCut: !rollout.isComplete)
  }

  /// The first token is a step and the last one the answer; what is between them is the second step.
  func steps(of rollout: Rollout) -> CompletionSteps? {
    let count = rollout.tokens.count
    return count > 2 ? CompletionSteps(steps: [0..<1, 1..<count - 1], answerStart: count - 1) : nil
  }
}

func tinyPolicyOptions(steps: Int = 6) -> PolicyOptions {
  var options = PolicyOptions(
    reward: RewardRule(TLDR(short: 0.4, medium: 0.2, long: 0)),
    schedule: CosineSchedule(peak: 1e-2, warmUp: 2, steps: steps))
  (options.groups, options.groupSize, options.limit, options.rowLength, options.seed) = (3, 6, 8, 48, 4)
  options.objective.divergenceWeight = 0.01
  options.updates = 2
  return options
}

/// A trainer of a tiny model in a folder.
func tinyPolicyTrainer(
  _ folder: String, _ engine: any RolloutEngine = EngineRollouts(), _ options: PolicyOptions = tinyPolicyOptions(),
  practice: BoundPractice = BoundPractice(), validation: BoundPractice? = nil, modelSeed: UInt64 = 1,
  adapter: LoRAConfiguration? = nil
) throws -> PolicyTrainer {
  var model = try Llama(tinyConfiguration(), seed: modelSeed)
  // An adapter leaves the embedding as it is: there, tokens must lie further apart to be told from each other.
  if adapter != nil {
    let wide = try model.parameters.tensors[0] * 3
    model = model.with([wide] + model.parameters.tensors.dropFirst())
  }
  if let adapter { model = try model.with(LoRA(adapter, for: model, seed: 2)) }
  return try PolicyTrainer(
    model, byteVocabulary(), practice, validation: validation, engine, options,
    files: PolicyRun(folder: folder).files(for: model))
}

/// A number that engines count up.
final class Counter: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func next() { count.withLock { $0 += 1 } }
}
