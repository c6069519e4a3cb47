import Foundation
import TandemInference
import Testing

@testable import TandemTraining

@Suite struct `A trainer` {
  private func trainer(_ options: TrainingOptions = tinyOptions(), _ kernels: Kernels = .automatic) throws -> Trainer {
    var model = try Llama(tinyConfiguration(), seed: 1)
    model.kernels = kernels
    return try Trainer(model, countingDocuments(), options)
  }

  private func losses(_ trainer: inout Trainer, _ count: Int = .max) throws -> [Float] {
    var losses: [Float] = []
    while losses.count < count, let progress = try trainer.step() { losses.append(progress.loss) }
    return losses
  }

  @Test func `learns to count`() throws {
    var trainer = try trainer(tinyOptions(steps: 150))
    let losses = try losses(&trainer)
    #expect(losses.count == 150)
    #expect(losses[0] > 5, "at first every token is about as likely: ln 300 = 5.7")
    #expect(losses.suffix(5).allSatisfy { $0 < 0.7 })
    #expect(try trainer.step() == nil)
  }

  @Test func `learns the same with composed operations`() throws {
    var (fused, composed) = (try trainer(tinyOptions(), .fused), try trainer(tinyOptions(), .composed))
    let pairs = try zip(losses(&fused, 6), losses(&composed, 6))
    #expect(pairs.allSatisfy { abs($0 - $1) < 1e-3 })
  }

  @Test func `gives the same losses for the same seed, and others for another`() throws {
    var (one, two) = (try trainer(), try trainer())
    #expect(try losses(&one, 5) == losses(&two, 5))
    var options = tinyOptions()
    options.seed = 6
    var other = try trainer(options)
    #expect(try losses(&other, 5) != losses(&one, 5))
  }

  @Test func `continues from a checkpoint bit for bit, across epochs`() async throws {
    try await withFolder { folder in
      var whole = try trainer()
      var first = try trainer()
      let expected = try losses(&whole)
      #expect(whole.checkpoint.run.epoch > 0, "the test should cross the end of an epoch")
      var found = try losses(&first, 9)
      try first.checkpoint.write(to: "\(folder)/c.safetensors")
      let checkpoint = try Checkpoint(path: "\(folder)/c.safetensors")
      var second = try Trainer(resuming: checkpoint, from: "c", countingDocuments())
      found += try losses(&second)
      #expect(found.map(\.bitPattern) == expected.map(\.bitPattern))
      for (a, b) in zip(whole.model.parameters.tensors, second.model.parameters.tensors) {
        #expect(try a.values() == b.values())
      }
      #expect(second.checkpoint.run.tokens == whole.checkpoint.run.tokens)
    }
  }

  @Test func `refuses a checkpoint of other documents`() throws {
    let checkpoint = try trainer().checkpoint
    let error = failure { _ = try Trainer(resuming: checkpoint, from: "c", countingDocuments(seed: 4)) }
    #expect(error == .checkpointMismatch(path: "c", reason: "it was made with other documents"))
  }

  @Test func `adds up gradients of several batches as if they were one`() throws {
    var one = try trainer(tinyOptions(rows: 4, batches: 1))
    var four = try trainer(tinyOptions(rows: 1, batches: 4))
    let pairs = try zip(losses(&one, 5), losses(&four, 5))
    #expect(pairs.allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func `stops where the loss is no number, and keeps the model of the step before`() throws {
    var trainer = try trainer()
    _ = try losses(&trainer, 2)
    let before = trainer.model.parameters.tensors
    trainer = try Trainer(
      trainer.model.with(before.map { try $0 * Tensor(.infinity) }), countingDocuments(), tinyOptions())
    let poisoned = trainer.model.parameters.tensors
    let error = failure { _ = try trainer.step() }
    guard case .diverged(1, let loss, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(loss.isNaN)
    #expect(trainer.stepCount == 0)
    #expect(try trainer.model.parameters.tensors[1].values() == poisoned[1].values())
  }

  @Test func `names the document that it can't train on`() throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    let good = countingDocuments(1)
    let bad = [
      TrainingDocument(tokens: [1], weights: [1]),
      TrainingDocument(tokens: [1, 300]),
      TrainingDocument(tokens: [1, 2], weights: [1]),
      TrainingDocument(tokens: [1, 2], weights: [1, 0]),
      TrainingDocument(tokens: [1, 2], weights: [1, .nan]),
      TrainingDocument(tokens: [Token](repeating: 1, count: 50)),
    ]
    for document in bad {
      guard case .invalidDocument(index: 1, _) = failure({ _ = try Trainer(model, good + [document], tinyOptions()) })
      else {
        Issue.record("\(document.tokens.count) tokens were accepted")
        continue
      }
    }
    #expect(failure { _ = try Trainer(model, [], tinyOptions()) } != nil)
    var options = tinyOptions()
    options.schedule.peak = .nan
    #expect(failure { _ = try Trainer(model, good, options) } != nil)
  }
}

@Suite struct `A loss` {
  @Test func `is the weighted sum of the log-probabilities of all targets`() throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    let documents = [
      TrainingDocument(tokens: [1, 2, 3, 4], weights: [0, 0, 0.5, -2]), TrainingDocument(tokens: [7, 8, 9]),
    ]
    let batch = try TokenBatch(rows: [documents], length: 8)
    let all = try (model.logProbabilities(of: batch) * batch.weightTensor().reshaped([1, 8])).sum().negated()
    #expect(try abs(model.loss(of: batch).item() - all.item()) < 1e-4)
  }

  @Test func `of a document does not depend on what it is packed with`() throws {
    let model = try Llama(tinyConfiguration(), seed: 1)
    let (one, two) = (countingDocuments()[0], countingDocuments()[1])
    func loss(_ rows: [[TrainingDocument]]) throws -> Float {
      try model.loss(of: TokenBatch(rows: rows, length: 48)).item()
    }
    let apart = try loss([[one]]) + loss([[two]])
    #expect(try abs(loss([[one, two]]) - apart) < 1e-3)
    #expect(try abs(loss([[two], [one]]) - apart) < 1e-3)
  }
}

@Suite struct `A training run` {
  @Test func `can be stopped and resumed, and leaves one log`() async throws {
    try await withFolder { folder in
      let run = TrainingRun(folder: "\(folder)/run", checkpointInterval: 4, logInterval: 2)
      var trainer = try Trainer(Llama(tinyConfiguration(), seed: 1), countingDocuments(), tinyOptions(steps: 10))
      #expect(try run.resumed(countingDocuments()) == nil)
      var seen: [Int] = []
      let isComplete = try run.train(&trainer, onProgress: { seen.append($0.step) }, isStopped: { seen.count == 7 })
      #expect(!isComplete)
      var resumed = try #require(try run.resumed(countingDocuments()))
      #expect(try run.train(&resumed, onProgress: { seen.append($0.step) }))
      #expect(seen == Array(1...10))
      let lines = try String(contentsOfFile: run.logPath, encoding: .utf8).split(separator: "\n")
      let steps = try lines.map { try JSONDecoder().decode(TrainingProgress.self, from: Data($0.utf8)).step }
      #expect(steps == [2, 4, 6, 8, 10])
      let page = try String(contentsOfFile: run.curvePath, encoding: .utf8)
      #expect(page.contains("<polyline") && page.contains("Step 10 of 10"))
    }
  }

  @Test func `drops lines of the log that its checkpoint does not know of`() async throws {
    try await withFolder { folder in
      let run = TrainingRun(folder: folder, checkpointInterval: 4, logInterval: 1)
      var trainer = try Trainer(Llama(tinyConfiguration(), seed: 1), countingDocuments(), tinyOptions(steps: 6))
      try run.train(&trainer)
      let text = try String(contentsOfFile: run.logPath, encoding: .utf8)
      try Data((text + "{\"step\":").utf8).write(to: URL(filePath: run.logPath))
      let log = try TrainingLog<TrainingProgress>(path: run.logPath, upTo: 4)
      #expect(log.lines.map { $0.step } == [1, 2, 3, 4])
    }
  }
}
