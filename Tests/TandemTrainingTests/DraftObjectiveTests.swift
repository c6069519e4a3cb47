import Foundation
import TandemInference
import TandemSupport
import Testing

@testable import TandemTraining

/// The divergence over a row's logits, as the formulas have it, in double precision.
private func divergence(
  _ divergence: DraftObjective.Divergence, _ logits: [Double], _ target: TargetDistribution
) -> Double {
  let sum = log(logits.reduce(0) { $0 + exp($1) })
  var q = target.tokens.map { exp(logits[Int($0.rawValue)] - sum) }
  var p = target.logProbabilities.map { exp(Double($0)) }
  q.append(max(1 - q.reduce(0, +), 1e-6))
  p.append(max(1 - p.reduce(0, +), 1e-6))
  func kl(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) } }
  switch divergence {
  case .forward: return kl(p, q)
  case .reverse: return kl(q, p)
  case .jsd:
    let m = zip(p, q).map { ($0 + $1) / 2 }
    return (kl(p, m) + kl(q, m)) / 2
  }
}

private func target(_ probabilities: [Int32: Double]) -> TargetDistribution {
  let sorted = probabilities.sorted { $0.value > $1.value }
  return TargetDistribution(
    tokens: sorted.map { Token(rawValue: $0.key) }, logProbabilities: sorted.map { Float(log($0.value)) })
}

@Suite struct `A draft model's loss` {
  private func loss(
    _ kind: DraftObjective.Divergence, _ rows: [[Float]], _ targets: [TargetDistribution]
  ) throws -> (loss: Double, gradient: [Float]) {
    let logits = try Tensor(rows.flatMap(\.self), shape: [rows.count, rows[0].count])
    let (loss, gradients) = try Tensor.gradient(of: [logits]) { stand throws(TrainingError) in
      Loss(value: try DraftObjective(kind).loss(stand[0], targets))
    }
    return (Double(try loss.value.item()), try gradients[0].values())
  }

  @Test func `is the divergence by hand`() throws {
    // q is (1/2, 1/4, 1/4), as the logits say; p is (1/4, 1/2, and 1/4 for the rest).
    let row: [Float] = [Float(log(2.0)), 0, 0]
    let half = target([0: 0.25, 1: 0.5])
    let ln2 = log(2.0)
    // 1/4 ln 1/2 + 1/2 ln 2, and the same the other way round
    #expect(abs(try loss(.forward, [row], [half]).loss - 0.25 * ln2) < 1e-5)
    #expect(abs(try loss(.reverse, [row], [half]).loss - 0.25 * ln2) < 1e-5)
    // m is (3/8, 3/8, 1/4): each half is 1/4 ln 2/3 + 1/2 ln 4/3
    let jsd = 0.25 * log(2.0 / 3) + 0.5 * log(4.0 / 3)
    #expect(abs(try loss(.jsd, [row], [half]).loss - jsd) < 1e-5)
    // One token of three is known: 1/2 ln(1/2 / 1/4) + 1/2 ln(1/2 / 3/4)
    let one = try loss(.forward, [row], [target([1: 0.5])]).loss
    #expect(abs(one - 0.5 * (ln2 + log(2.0 / 3))) < 1e-5)
  }

  @Test(arguments: DraftObjective.Divergence.allCases)
  func `has the loss of the formula and the gradient of its differences`(kind: DraftObjective.Divergence) throws {
    let rows: [[Float]] = [[0.3, -1, 2, 0.5, 0], [1.5, 0.2, -0.7, -2, 0.9], [0, 0, 0, 3, -3]]
    // One with all tokens, and rows of different widths.
    let targets = [
      target([0: 0.1, 1: 0.2, 2: 0.3, 3: 0.15, 4: 0.25]), target([4: 0.6, 0: 0.1]), target([1: 0.9]),
    ]
    let found = try loss(kind, rows, targets)
    func formula(_ rows: [[Double]]) -> Double {
      zip(rows, targets).reduce(0) { $0 + divergence(kind, $1.0, $1.1) }
    }
    let exact = rows.map { $0.map(Double.init) }
    #expect(abs(found.loss - formula(exact)) < 1e-5)
    for row in rows.indices {
      for column in rows[row].indices {
        var (above, below) = (exact, exact)
        above[row][column] += 1e-5
        below[row][column] -= 1e-5
        let difference = (formula(above) - formula(below)) / 2e-5
        // The rest of a target with all tokens is at its floor, where the loss has a corner for the formula too.
        let own = Double(found.gradient[row * 5 + column])
        #expect(abs(own - difference) < (row == 0 ? 2e-3 : 1e-4), "\(kind) \(row) \(column): \(own), \(difference)")
      }
    }
  }

  @Test(arguments: DraftObjective.Divergence.allCases)
  func `is nothing where the two agree, and finite where they could not differ more`(
    kind: DraftObjective.Divergence
  ) throws {
    let row: [Float] = [0.3, -1, 2, 0.5, 0]
    let sum = log(row.reduce(0.0) { $0 + exp(Double($1)) })
    let same = target([2: exp(2 - sum), 0: exp(0.3 - sum)])
    let found = try loss(kind, [row], [same])
    #expect(abs(found.loss) < 1e-5)
    #expect(found.gradient.allSatisfy { abs($0) < 1e-4 })
    let far = try loss(
      kind, [[200, -200, 0, 0, 0]], [TargetDistribution(tokens: [1, 0], logProbabilities: [0, -150])])
    #expect(far.loss.isFinite && far.loss > 0.1)
    #expect(far.gradient.allSatisfy { $0.isFinite })
  }
}

/// What a draft writes when it counts by one, and its target by two.
private func rejected(_ count: Int, seed: UInt64) -> [DraftRejections] {
  var generator = SplitMix64(seed: seed)
  return (0..<count).map { _ in
    let start = Int32.random(in: 0..<30, using: &generator)
    let tokens = (0..<10).map { Token(rawValue: start + 2 * $0) }
    return DraftRejections(
      tokens: tokens,
      rejections: (2..<10).map { position in
        let next = tokens[position]
        return .init(
          position: position, draft: Token(rawValue: next.rawValue - 1),
          likeliest: [next, Token(rawValue: next.rawValue + 1)],
          logProbabilities: [Float(log(0.9)), Float(log(0.05))])
      })
  }
}

@Suite struct `A draft model that keeps learning` {
  private func write(_ rejections: [DraftRejections], to path: String, tail: String = "") throws {
    let text = try rejections.map { try $0.json() + "\n" }.joined() + tail
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  private func options(_ steps: Int) -> TrainingOptions {
    var options = tinyOptions(steps: steps, rowLength: 64, rows: 4)
    options.optimizer.weightDecay = 0
    return options
  }

  /// The share of greedy guesses that are the target's next token.
  private func acceptance(_ model: Llama) throws -> Double {
    let held = rejected(12, seed: 99)
    var (right, all) = (0, 0)
    for text in held {
      let tokens = text.tokens.dropLast().map(\.rawValue)
      let states = try model.states(
        Tensor(integers: tokens, shape: [tokens.count]),
        Tensor(integers: (0..<Int32(tokens.count)).map(\.self), shape: [1, tokens.count]))
      let logits = try model.logits(states).values()
      let size = model.configuration.vocabularySize
      for position in 1..<tokens.count {
        let row = logits[(position * size)..<((position + 1) * size)]
        let guess = row.indices.max { row[$0] < row[$1] }.map { Int32($0 - row.startIndex) }
        right += guess == text.tokens[position + 1].rawValue ? 1 : 0
        all += 1
      }
    }
    return Double(right) / Double(all)
  }

  @Test(arguments: zip(DraftObjective.Divergence.allCases, [false, false, true]))
  func `is accepted more often after the target's texts have shifted`(
    kind: DraftObjective.Divergence, adapter: Bool
  ) async throws {
    // The draft has learnt to count by one; the target now counts by two.
    let documents = (0..<30).map { start in
      TrainingDocument(tokens: (0..<10).map { Token(rawValue: Int32(start) + $0) }, promptCount: 2)
    }
    var first = try Trainer(Llama(tinyConfiguration(), seed: 1), documents, options(30))
    while try first.step() != nil {}
    let before = try acceptance(first.model)
    #expect(before < 0.2)
    try await withFolder { folder in
      let path = folder + "/rejected.jsonl"
      try write(rejected(40, seed: 3), to: path)
      let learnt = try RejectedGuesses(path: path, vocabularySize: 300, contextSize: 64).documents
      let configuration = LoRAConfiguration(rank: 8, alpha: 32, dropout: 0, targets: LoRAConfiguration.Target.allCases)
      let model = adapter ? try first.model.with(LoRA(configuration, for: first.model, seed: 2)) : first.model
      var trainer = try Trainer(model, learnt, options(60), by: .draft(DraftObjective(kind)))
      var losses: [Float] = []
      while let progress = try trainer.step() { losses.append(progress.loss) }
      let after = try acceptance(trainer.model)
      #expect(after > before + 0.4, "\(kind): \(before), \(after)")
      #expect(losses[59] < losses[0] * 0.7)
    }
  }

  @Test func `reads what is recorded, and leaves out a line that is being written`() async throws {
    try await withFolder { folder in
      let path = folder + "/rejected.jsonl"
      let texts = rejected(3, seed: 1)
      try write(texts, to: path, tail: "{\"tokens\":[1,")
      let documents = try RejectedGuesses(path: path, vocabularySize: 300, contextSize: 64).documents
      #expect(documents.map(\.tokens) == texts.map(\.tokens))
      #expect(documents.allSatisfy { $0.learntCount == 8 && $0.targets.count == 8 && $0.weights[1] == 0 })
    }
  }

  @Test func `refuses what can't be learnt, by its line`() async throws {
    try await withFolder { folder in
      let path = folder + "/rejected.jsonl"
      let good = rejected(1, seed: 1)[0]
      func reason(_ change: (inout DraftRejections) -> Void, vocabulary: Int = 300, context: Int = 64) throws -> String
      {
        var bad = good
        change(&bad)
        try write([good, bad], to: path)
        let error = failure { _ = try RejectedGuesses(path: path, vocabularySize: vocabulary, contextSize: context) }
        return error.map { "\($0)" } ?? ""
      }
      #expect(try reason { _ in } == "")
      #expect(try reason { $0.tokens[0] = 900 }.contains("\(path):2 can't be used: token 900 is not in the vocabulary"))
      #expect(
        try reason { $0.tokens += [Token](repeating: 1, count: 60) }.contains(":2 can't be used: it has 70 tokens"))
      #expect(try reason { $0.rejections[7].position = 10 }.contains(":2 can't be used: its positions"))
      #expect(try reason { $0.rejections[1].position = 2 }.contains(":2 can't be used: its positions"))
      #expect(try reason { $0.rejections[0].position = 0 }.contains(":2 can't be used: its positions"))
      #expect(try reason { $0.rejections = [] }.contains(":2 can't be used: its positions"))
      #expect(
        try reason { $0.rejections[0].likeliest = [] }.contains(":2 can't be used: a target distribution has no token"))
      #expect(try reason { $0.rejections[0].likeliest = [5, 5] }.contains("a token twice"))
      #expect(try reason { $0.rejections[0].logProbabilities = [-1] }.contains("2 tokens have 1"))
      #expect(try reason { $0.rejections[0].logProbabilities = [-0.1, -0.1] }.contains("those of a distribution"))
      try write([], to: path)
      #expect(failure { _ = try RejectedGuesses(path: path, vocabularySize: 300, contextSize: 64) } != nil)
    }
  }

  @Test func `does not continue with other distributions`() throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    func documents(_ logProbability: Float) -> [TrainingDocument] {
      var document = TrainingDocument(tokens: [1, 2, 3], weights: [0, 0, 1])
      document.targets = [TargetDistribution(tokens: [3], logProbabilities: [logProbability])]
      return [document]
    }
    let trainer = try Trainer(model, documents(-0.5), options(3), by: .draft(DraftObjective()))
    let other = try Trainer(model, documents(-0.6), options(3), by: .draft(DraftObjective()))
    #expect(trainer.checkpoint.run.documents != other.checkpoint.run.documents)
    var without = documents(-0.5)
    without[0].targets = []
    #expect(failure { _ = try Trainer(model, without, self.options(3), by: .draft(DraftObjective())) } != nil)
  }
}
