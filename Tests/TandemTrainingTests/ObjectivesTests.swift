import Foundation
import TandemInference
import Testing

@testable import TandemTraining

@Suite struct `An advantage` {
  private func near(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-9 }
  }

  @Test func `compares with the group`() {
    // mean 1/4, deviation sqrt(3)/4: 3/4 over it is sqrt(3), -1/4 over it -1/sqrt(3)
    let root = 3.0.squareRoot()
    #expect(near(AdvantageRule().advantages(of: [1, 0, 0, 0]), [root, -1 / root, -1 / root, -1 / root]))
    #expect(near(AdvantageRule(scale: .mean).advantages(of: [1, 0, 0, 0]), [0.75, -0.25, -0.25, -0.25]))
    #expect(near(AdvantageRule(isPositiveOnly: true).advantages(of: [1, 0, 0, 0]), [root, 0, 0, 0]))
  }

  @Test func `leaves its own reward out of the mean`() {
    // 1 - (0 + 0 + 1) / 3 and 0 - (1 + 0 + 1) / 3
    let found = AdvantageRule(scale: .leaveOneOut).advantages(of: [1, 0, 0, 1])
    let third = 1.0 / 3
    #expect(near(found, [2 * third, -2 * third, -2 * third, 2 * third]))
    // 3 - (1 + 2) / 2, 1 - (3 + 2) / 2, 2 - (3 + 1) / 2
    #expect(near(AdvantageRule(scale: .leaveOneOut).advantages(of: [3, 1, 2]), [1.5, -1.5, 0]))
  }

  @Test func `is nothing where all earn the same`() {
    #expect(AdvantageRule().advantages(of: [0.1, 0.1, 0.1]) == [0, 0, 0])
    #expect(AdvantageRule().advantages(of: []) == [])
  }
}

@Suite struct `A policy's objective` {
  private func objective(_ change: (inout PolicyObjective) -> Void = { _ in }) -> PolicyObjective {
    var objective = PolicyObjective()
    change(&objective)
    return objective
  }

  @Test func `is clipped where it would pay to go further`() {
    // The ratio is 0.5 / 0.4 = 1.25.
    func loss(_ objective: PolicyObjective, _ advantage: Double) -> Double {
      objective.loss(log(0.5), old: log(0.4), reference: log(0.5), advantage: advantage)
    }
    #expect(abs(loss(objective(), 2) - -2.4) < 1e-6, "-min(1.25 * 2, 1.2 * 2)")
    #expect(abs(loss(objective(), -2) - 2.5) < 1e-6, "-min(1.25 * -2, 1.2 * -2)")
    #expect(abs(loss(objective { $0.clipAbove = 0.28 }, 2) - -2.5) < 1e-6, "1.25 is within 1.28")
    let wider = objective().loss(log(0.5), old: log(0.4), reference: log(0.5), advantage: 2, clipGrowth: 0.03)
    #expect(abs(wider - -2.46) < 1e-6, "-min(1.25 * 2, 1.23 * 2)")
  }

  @Test func `counts the divergence from the reference`() {
    // k3 with pi_ref / pi = 0.5: 0.5 - ln 0.5 - 1 = 0.1931472, weighted with 0.1
    let loss = objective { $0.divergenceWeight = 0.1 }.loss(log(0.5), old: log(0.5), reference: log(0.25), advantage: 0)
    #expect(abs(loss - 0.019_314_72) < 1e-8)
  }

  @Test func `clones what is better and pushes off half as much from what is worse, by OREAL`() {
    let oreal = objective { $0.oreal = OREAL() }
    // -2/3 ln 0.5, whatever it was before; -0.5 * -2/3 * 0.5 / 0.4
    #expect(abs(oreal.loss(log(0.5), old: log(0.4), reference: 0, advantage: 2.0 / 3) - 0.462_098_12) < 1e-8)
    #expect(abs(oreal.loss(log(0.5), old: log(0.4), reference: 0, advantage: -2.0 / 3) - 0.416_666_67) < 1e-8)
  }

  @Test func `keeps one right and one wrong completion, and repeats what is rarely solved, by OREAL`() {
    #expect(OREAL().kept([false, false, true, true]) == [0, 2])
    #expect(OREAL().kept([true, true]) == [0])
    #expect(OREAL(keepsOnePair: false).kept([true, false, false]) == [0, 1, 2])
    #expect([0.1, 0.2, 0.5, 0.6, 0.79, 0.8, 1].map(OREAL.repeats(passRate:)) == [6, 4, 4, 2, 2, 1, 1])
  }

  @Test func `weighs tokens by all tokens, by their completion's, or by the limit`() {
    func weights(_ normalization: PolicyObjective.Normalization) -> [Float] {
      objective { $0.normalization = normalization }.weights(lengths: [10, 30], limit: 50)
    }
    #expect(weights(.token) == [1 / 40, 1 / 40])
    #expect(weights(.sequence) == [1 / 20, 1 / 60])
    #expect(weights(.limit) == [1 / 100, 1 / 100])
  }

  @Test func `refuses options that make no sense`() {
    #expect(failure { try objective { $0.clipBelow = -1 }.validate() } != nil)
    #expect(failure { try objective { $0.divergenceWeight = .nan }.validate() } != nil)
  }
}

/// Samples of a tiny model, with old and reference log-probabilities around its own: some ratios are clipped.
private func samples(_ model: Llama) throws -> [PolicySample] {
  var generator = SplitMix64(seed: 8)
  var samples = [(9, 4, 1.5), (14, 3, -0.7), (6, 5, 0.4)].map { count, prompt, advantage in
    let tokens = (0..<count).map { _ in Token(rawValue: Int32.random(in: 0..<60, using: &generator)) }
    return PolicySample(tokens: tokens, promptCount: prompt, advantage: Float(advantage), weight: 0.05)
  }
  for (index, own) in try model.logProbabilities(of: samples, rowLength: 16).enumerated() {
    samples[index].old = own.map { $0 + Float.random(in: -0.4...0.4, using: &generator) }
    samples[index].reference = own.map { $0 + Float.random(in: -0.4...0.4, using: &generator) }
  }
  // One has advantages of its steps, and another a wider clip.
  samples[1].stepAdvantages = (0..<samples[1].completionCount).map { $0 < 6 ? 0.5 : -0.3 }
  samples[2].clipGrowth = 0.15
  return samples
}

@Suite struct `A policy's loss` {
  /// GRPO's objective and OREAL's.
  static let objectives = [nil, OREAL(negativeWeight: 0.4)].map { oreal in
    var objective = PolicyObjective()
    objective.divergenceWeight = 0.3
    objective.clipAbove = 0.28
    objective.oreal = oreal
    return objective
  }

  /// In double precision, from the model's log-probabilities.
  private func loss(_ model: Llama, _ samples: [PolicySample], _ objective: PolicyObjective) throws -> Double {
    let now = try model.logProbabilities(of: samples, rowLength: 16)
    return zip(samples, now).reduce(0) { sum, pair in
      let (sample, now) = pair
      return sum
        + now.indices.reduce(0) { part, index in
          part + Double(sample.weight)
            * objective.loss(
              Double(now[index]), old: Double(sample.old[index]), reference: Double(sample.reference[index]),
              advantage: Double(objective.oreal == nil ? sample.advantages[index] : sample.advantage),
              clipGrowth: Double(sample.clipGrowth))
        }
    }
  }

  private func gradient(
    _ model: Llama, _ samples: [PolicySample], _ objective: PolicyObjective, rowCount: Int
  ) throws -> (Float, [[Float]]) {
    var (sum, gradients): (Float, [[Float]]) = (0, [])
    for batch in try DocumentBatch.pack(samples.map(\.document), rowLength: 16, rowCount: rowCount) {
      let (value, own) = try Tensor.valueAndGradient(of: model.parameters.tensors) { stand throws(TrainingError) in
        try model.with(stand).loss(of: batch, samples, by: objective)
      }
      sum += try value.item()
      let values = try own.map { try $0.values() }
      gradients = gradients.isEmpty ? values : zip(gradients, values).map { zip($0, $1).map(+) }
    }
    return (sum, gradients)
  }

  @Test(arguments: objectives)
  func `is the sum of the formula over all completion tokens, however they are packed`(
    objective: PolicyObjective
  ) throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    let samples = try samples(model)
    let expected = try loss(model, samples, objective)
    for rowCount in [1, 3] {
      #expect(try abs(Double(gradient(model, samples, objective, rowCount: rowCount).0) - expected) < 1e-5)
    }
  }

  @Test(arguments: objectives) func `has the gradient that finite differences say`(objective: PolicyObjective) throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    let samples = try samples(model)
    let (_, gradients) = try gradient(model, samples, objective, rowCount: 1)
    var generator = SplitMix64(seed: 2)
    let step: Float = 4e-3
    var slopes = 0
    for (index, tensor) in model.parameters.tensors.enumerated() {
      let values = try tensor.values()
      for _ in 0..<3 {
        let place = Int.random(in: 0..<min(values.count, 16 * 60), using: &generator)
        func moved(by distance: Float) throws -> Double {
          var (tensors, changed) = (model.parameters.tensors, values)
          changed[place] += distance
          tensors[index] = try Tensor(changed, shape: tensor.shape)
          return try loss(model.with(tensors), samples, objective)
        }
        let slope = try (moved(by: step) - moved(by: -step)) / Double(2 * step)
        let found = Double(gradients[index][place])
        #expect(abs(slope - found) < 2e-3 + 0.02 * abs(slope), "\(model.parameters.names[index])[\(place)]")
        if abs(slope) > 1e-3 { slopes += 1 }
      }
    }
    #expect(slopes > 15, "most of the numbers that were tried should matter")
  }

  @Test func `is nothing, and moves nothing, on the policy's own samples without an advantage`() throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    var samples = try samples(model)
    for (index, own) in try model.logProbabilities(of: samples, rowLength: 16).enumerated() {
      (samples[index].old, samples[index].reference, samples[index].advantage) = (own, own, 0)
      samples[index].stepAdvantages = []
    }
    let (value, gradients) = try gradient(model, samples, Self.objectives[0], rowCount: 2)
    #expect(abs(value) < 1e-6)
    #expect(gradients.joined().allSatisfy { abs($0) < 1e-5 })
  }

  @Test func `names a sample that fits into no row`() throws {
    let long = PolicySample(tokens: [Token](repeating: 1, count: 30), promptCount: 2, advantage: 1, weight: 1)
    let error = failure { _ = try DocumentBatch.pack([long.document], rowLength: 16, rowCount: 1) }
    #expect(error == .invalidDocument(index: 0, reason: "its 29 positions don't fit into rows of 16"))
  }
}
