import Foundation
import Synchronization
import TandemInference
import TandemLlama

@testable import TandemTraining

/// Rollouts by llama.cpp, one session a pass: its numbers do not depend on what else is running.
struct EngineRollouts: RolloutEngine {
  /// A file that is run whatever it is asked for.
  var other: String?

  func sample(
    _ requests: [RolloutRequest], _ sampling: SamplingParameters, from weights: String
  ) async throws -> [Rollout] {
    let parameters = LlamaParameters(contextSize: 64, sequences: 8, cacheType: .f32, isDeterministic: true)
    let engine = try await LlamaEngine.load(other ?? weights, parameters)
    var rollouts: [Rollout] = []
    for request in requests {
      let session = try await engine.makeSession()
      rollouts.append(
        Rollout(
          try await session.sample(
            GenerationRequest(after: request.prompt, sampling: sampling, seed: request.seed, limit: request.limit))))
      await session.close()
    }
    await engine.close()
    return rollouts
  }
}

/// Rollouts that are written in advance, with log-probabilities of the weights that are asked for.
struct ScriptedRollouts: RolloutEngine {
  /// The completion of a request, by its prompt and its place among the requests.
  let script: @Sendable ([Token], Int) -> [Token]
  var entropy: Float = 1

  func sample(
    _ requests: [RolloutRequest], _ sampling: SamplingParameters, from weights: String
  ) async throws -> [Rollout] {
    let model = try Llama.load(weights).model
    let samples = requests.enumerated().map { index, request in
      PolicySample(
        tokens: request.prompt + script(request.prompt, index), promptCount: request.prompt.count, advantage: 0,
        weight: 0)
    }
    return zip(samples, try model.logProbabilities(of: samples, rowLength: 64)).map { sample, found in
      let own = sample.tokens[sample.promptCount...]
      return Rollout(
        zip(own, found).enumerated().map { index, pair in
          SampledToken(
            token: pair.0, logProbability: pair.1, entropy: entropy,
            stop: index == own.count - 1 ? .endOfGeneration : nil)
        })
    }
  }
}

/// Prompts that count draws; a completion is right where its first token is below `bound`.
struct BoundPractice: Practice {
  var bound: Int32 = 100
  var fingerprint: UInt64 { UInt64(bound) }

  func exercise(at draw: Int) -> PracticeExercise {
    PracticeExercise(
      prompt: [1, 2, Token(rawValue: Int32(draw % 40))], problem: draw, level: LengthLevel.allCases[draw % 3])
  }

  func outcome(of rollout: Rollout, at exercise: PracticeExercise) -> Outcome {
    Outcome(
      length: rollout.tokens.count, isCorrect: rollout.tokens[0].rawValue < bound, isCut: !rollout.isComplete)
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
  practice: BoundPractice = BoundPractice(), modelSeed: UInt64 = 1
) throws -> PolicyTrainer {
  try PolicyTrainer(
    Llama(tinyConfiguration(), seed: modelSeed), byteVocabulary(), practice, engine, options,
    weightsPath: "\(folder)/weights.gguf")
}

/// A number that engines count up.
final class Counter: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func next() { count.withLock { $0 += 1 } }
}
