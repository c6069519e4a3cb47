import Foundation
import TandemInference
import Testing

@testable import TandemTraining

/// Losses and gradients of pairs, by TRL: `scripts/golden/preference.py`.
private struct GoldenPreferences: Decodable {
  let lengths: [Int]
  let targets: [Int32]
  let logits: [[Float]]
  let reference: [Float]
  let cases: [Case]

  struct Case: Decodable {
    let rule: PreferenceObjective.Rule
    let beta: Float
    let margin: Float
    let isLengthNormalized: Bool
    let loss: Double
    let gradient: [[Float]]
  }

  static func read() throws -> Self {
    let url = try #require(Bundle.module.url(forResource: "preference", withExtension: "json", subdirectory: "Golden"))
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
  }

  /// Documents of these lengths, all of whose tokens after the first are learnt.
  func batch() throws -> DocumentBatch {
    var rest = reference[...]
    let documents = lengths.map { length in
      var document = TrainingDocument(tokens: [Token](repeating: 0, count: length + 1))
      document.references = Array(rest.prefix(length))
      rest = rest.dropFirst(length)
      return document
    }
    return try DocumentBatch(documents, rows: [Array(documents.indices)], length: reference.count)
  }
}

@Suite struct `A preference` {
  @Test func `has the losses and the gradients of TRL`() throws {
    let golden = try GoldenPreferences.read()
    let batch = try golden.batch()
    #expect(golden.cases.count == 6)
    for expected in golden.cases {
      let objective = PreferenceObjective(
        expected.rule, beta: expected.beta, margin: expected.margin, isLengthNormalized: expected.isLengthNormalized)
      let logits = try Tensor(golden.logits.flatMap(\.self), shape: [golden.logits.count, golden.logits[0].count])
      let targets = try Tensor(integers: golden.targets, shape: [golden.targets.count])
      let (loss, gradients) = try Tensor.gradient(of: [logits]) { stand throws(TrainingError) in
        try objective.loss(stand[0].crossEntropy(targets).negated(), batch)
      }
      let pairs = Float(golden.lengths.count / 2)
      #expect(try abs(Double(loss.value.item() / pairs) - expected.loss) < 1e-6, "\(objective)")
      let expectedGradient = try Tensor(expected.gradient.flatMap(\.self), shape: logits.shape)
      #expect(try distance(gradients[0] * (1 / pairs), expectedGradient) < 1e-6, "\(objective)")
      #expect(loss.seen?.shape == [3, 2])
    }
  }

  @Test func `is at ln 2, with a slope, before the first step of DPO`() throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    let documents = try model.referencing(pairs(4))
    let batch = try DocumentBatch(documents, rows: [Array(documents.indices)], length: 200)
    let (loss, gradients) = try Tensor.gradient(of: model.parameters.tensors) { stand throws(TrainingError) in
      try model.with(stand).loss(of: batch, by: .preference(PreferenceObjective(.dpo)))
    }
    #expect(try abs(loss.value.item() / 4 - Float(M_LN2)) < 1e-5)
    #expect(try gradients.contains { try $0.values().contains { abs($0) > 1e-4 } })
  }

  @Test func `is the formula in double precision, whatever the rule`() throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    let reference = try Llama(tinyConfiguration(), seed: 2)
    let documents = try reference.referencing(pairs(3))
    let now = try model.logProbabilities(of: documents, rowLength: 64).map { $0.map(Double.init) }
    let batch = try DocumentBatch(documents, rows: [Array(0..<4), Array(4..<6)], length: 100)
    for rule in PreferenceObjective.Rule.allCases {
      for isNormalized in [false, true] {
        let objective = PreferenceObjective(rule, beta: 0.3, margin: 0.2, isLengthNormalized: isNormalized)
        let expected = stride(from: 0, to: 6, by: 2).reduce(0) { sum, pair in
          let references = documents[pair...(pair + 1)].map { $0.references.map(Double.init) }
          return sum
            + objective.loss(
              chosen: now[pair], reference: references[0], rejected: now[pair + 1], reference: references[1])
        }
        let found = try model.loss(of: batch, by: .preference(objective)).value.item()
        #expect(abs(Double(found) - expected) < 1e-4, "\(objective)")
      }
    }
  }

  @Test func `refuses numbers that make no sense`() {
    for objective in [
      PreferenceObjective(.dpo, beta: 0), PreferenceObjective(.dpo, beta: .nan),
      PreferenceObjective(.simpo, margin: -1),
    ] {
      #expect(failure { try objective.validate() } != nil, "\(objective)")
    }
  }
}

/// Pairs of answers to one prompt: the chosen one counts on by one and is short, the rejected one by two.
private func pairs(_ count: Int, seed: UInt64 = 3) -> [TrainingDocument] {
  var generator = SplitMix64(seed: seed)
  return (0..<count).flatMap { _ in
    let start = Int32.random(in: 0..<40, using: &generator)
    return [(Int32(5), Int32(1)), (12, 2)].map { length, stride in
      TrainingDocument(tokens: (0..<length).map { Token(rawValue: start + $0 * stride) }, promptCount: 2)
    }
  }
}

@Suite struct `A trainer on pairs` {
  private func options(steps: Int = 40) -> TrainingOptions {
    var options = tinyOptions(steps: steps, rowLength: 64, rows: 2)
    options.optimizer.weightDecay = 0
    return options
  }

  private func trainer(
    _ rule: PreferenceObjective.Rule, adapter: Bool = false, steps: Int = 40
  ) throws -> (Trainer, Llama) {
    let base = try Llama(tinyConfiguration(), seed: 1)
    let documents = try base.referencing(pairs(12))
    let configuration = LoRAConfiguration(rank: 4, alpha: 8, dropout: 0, targets: LoRAConfiguration.Target.allCases)
    let model = adapter ? try base.with(LoRA(configuration, for: base, seed: 2)) : base
    return (
      try Trainer(model, documents, options(steps: steps), by: .preference(PreferenceObjective(rule, beta: 0.5))), base
    )
  }

  @Test(arguments: PreferenceObjective.Rule.allCases, [false, true])
  func `makes a model prefer the chosen answers, which are shorter`(
    rule: PreferenceObjective.Rule, adapter: Bool
  ) throws {
    var (trainer, base) = try trainer(rule, adapter: adapter)
    var steps: [TrainingProgress] = []
    while let progress = try trainer.step() { steps.append(progress) }
    let last = try #require(steps.last?.preference)
    #expect(last.accuracy > 0.9)
    #expect(last.margin > 1)
    #expect(steps[0].loss > steps[39].loss)
    // Where an adapter is trained, the model that it is on is the reference, and stays.
    if adapter { #expect(try trainer.model.parameters.tensors[0].values() == base.parameters.tensors[0].values()) }
    let held = pairs(5, seed: 9)
    func preferred(_ model: Llama) throws -> Int {
      let means = try model.logProbabilities(of: held, rowLength: 64).map { $0.reduce(0, +) / Float($0.count) }
      return stride(from: 0, to: means.count, by: 2).count { means[$0] > means[$0 + 1] }
    }
    let (before, after) = (try preferred(base), try preferred(trainer.model))
    #expect(after > before || after == 5)
  }

  @Test func `continues from a checkpoint bit for bit, and keeps pairs together`() async throws {
    try await withFolder { folder in
      let run = TrainingRun(folder: folder, logInterval: 5)
      var whole = try trainer(.dpo, steps: 20).0
      var expected: [Float] = []
      while let progress = try whole.step() { expected.append(progress.loss) }
      var (first, base) = try trainer(.dpo, steps: 20)
      var found: [Float] = []
      try run.train(&first) {
        found.append($0.loss)
      } isStopped: {
        found.count == 7
      }
      let documents = try base.referencing(pairs(12))
      var second = try #require(try run.resumed(documents, on: base))
      #expect(second.objective == .preference(PreferenceObjective(.dpo, beta: 0.5)))
      #expect(try run.train(&second) { found.append($0.loss) })
      #expect(found.map(\.bitPattern) == expected.map(\.bitPattern))
      let log = try String(contentsOfFile: run.logPath, encoding: .utf8)
      #expect(log.split(separator: "\n").count == 4 && log.contains(#""preference":{"accuracy":"#))
      #expect(try String(contentsOfFile: run.curvePath, encoding: .utf8).contains("The larger reward minus the other"))
    }
  }

  @Test func `names documents that are no pairs`() throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    let (objective, good) = (TrainingObjective.preference(PreferenceObjective(.dpo)), try model.referencing(pairs(2)))
    func complaint(_ documents: [TrainingDocument]) -> TrainingError? {
      failure { _ = try Trainer(model, documents, options(), by: objective) }
    }
    #expect(
      complaint(Array(good.dropLast()))
        == .invalidOption(name: "documents", reason: "must come in pairs, and there are 3"))
    #expect(
      complaint(good + pairs(1))
        == .invalidDocument(index: 4, reason: "3 tokens are learnt, and it has 0 references"))
    let long = try model.referencing(
      [30, 40].map { TrainingDocument(tokens: [Token](repeating: 1, count: $0), promptCount: 2) })
    #expect(
      complaint(good + long)
        == .invalidDocument(index: 4, reason: "the 68 positions of its pair don't fit into rows of 64"))
  }

  @Test func `stops at a loss that is no number, and keeps the model of the step before`() throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    var documents = try model.referencing(pairs(4))
    documents[3].references[0] = .nan
    var trainer = try Trainer(model, documents, options(), by: .preference(PreferenceObjective(.dpo)))
    let error = failure { while try trainer.step() != nil {} }
    guard case .diverged = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try trainer.model.parameters.tensors.allSatisfy { try $0.values().allSatisfy(\.isFinite) })
  }
}

@Suite struct `WSPO` {
  @Test func `draws the large model's change to the small one's`() throws {
    let (strong, aligned) = (try Llama(tinyConfiguration(), seed: 1), try Llama(tinyConfiguration(), seed: 2))
    let weak = try Llama(tinyConfiguration(), seed: 3)
    let objective = WeakToStrongObjective(beta: 0.5)
    let documents = try zip(strong.referencing(pairs(4)), pairs(4)).enumerated().map { index, pair in
      var document = pair.0
      document.references = objective.targets(
        reference: document.references, aligned: try aligned.referencing([pair.1])[0].references,
        base: try weak.referencing([pair.1])[0].references)
      return document
    }
    // Golden value: the mean over tokens of (0.5 (ln π - ln π_ref) - (ln w_aligned - ln w_base))², where π is π_ref.
    let after = try aligned.logProbabilities(of: pairs(4), rowLength: 64).joined()
    let before = try weak.logProbabilities(of: pairs(4), rowLength: 64).joined()
    let squares = zip(after, before).map { Double($0 - $1) * Double($0 - $1) }
    var trainer = try Trainer(
      strong, documents, tinyOptions(steps: 40, rowLength: 64, rows: 4), by: .weakToStrong(objective))
    let first = try #require(try trainer.step())
    #expect(abs(Double(first.loss) - squares.reduce(0, +) / Double(squares.count)) < 1e-4)
    var last = first
    while let progress = try trainer.step() { last = progress }
    #expect(last.loss < 0.3 * first.loss)
  }
}
