import Foundation
import TandemInference
import Testing

@testable import TandemTraining

@Suite struct `Re-weighting of short and long thinking` {
  /// Short documents count by one, long ones by two.
  private func kinds(_ count: Int, seed: UInt64) -> (short: [TrainingDocument], long: [TrainingDocument]) {
    var generator = SplitMix64(seed: seed)
    func documents(_ length: Int32, _ stride: Int32) -> [TrainingDocument] {
      (0..<count).map { _ in
        let start = Int32.random(in: 0..<40, using: &generator)
        return TrainingDocument(tokens: (0..<length).map { Token(rawValue: start + $0 * stride) }, promptCount: 2)
      }
    }
    return (documents(6, 1), documents(20, 2))
  }

  private func trainer(rate: Double = 2, steps: Int = 24) throws -> Trainer {
    let (short, long) = kinds(12, seed: 3)
    let held = kinds(4, seed: 4)
    return try Trainer(
      Llama(tinyConfiguration(), seed: 1), short + long, tinyOptions(steps: steps),
      Reweighting(
        isLong: short.map { _ in false } + long.map { _ in true },
        validation: .init(short: held.short, long: held.long),
        interval: 4, rate: rate))
  }

  @Test func `gives the kind that lags behind a larger share, by a hand-computed rule`() {
    let start = Reweighting.Mixture(longShare: 0.5, shortStart: 2, longStart: 4)
    // e^(0.5 * 1/2) for short, e^(0.5 * 4/4) for long: 1.6487 / (1.2840 + 1.6487)
    #expect(abs(start.updated(short: 1, long: 4, rate: 0.5).longShare - 0.562_177) < 1e-5)
    #expect(start.updated(short: 1, long: 4, rate: 0).longShare == 0.5)
    #expect(start.updated(short: 0, long: 400, rate: 1).longShare == 0.99, "neither kind is lost")
  }

  @Test func `weighs the losses of both kinds so that their shares are as wanted`() throws {
    let (short, long) = kinds(12, seed: 3)
    let trainer = try trainer()
    let mixture = Reweighting.Mixture(longShare: 0.25, shortStart: 1, longStart: 1)
    let weighted = trainer.weighted(by: mixture)
    func weight(_ documents: some Sequence<TrainingDocument>) -> Float {
      documents.reduce(0) { $0 + $1.weights.dropFirst().reduce(0, +) }
    }
    let (shortWeight, longWeight) = (weight(weighted.prefix(12)), weight(weighted.suffix(12)))
    #expect(abs(longWeight / (shortWeight + longWeight) - 0.25) < 1e-5)
    #expect(abs(shortWeight + longWeight - weight(short + long)) < 1e-2)
  }

  @Test func `is estimated again at its interval, logged, and continued from a checkpoint bit for bit`() async throws {
    try await withFolder { folder in
      var whole = try trainer()
      var path: [Double] = []
      while let progress = try whole.step() { path.append(try #require(progress.longShare)) }
      #expect(path.prefix(4).allSatisfy { $0 == 0.5 })
      #expect(Set(path).count == 6, "six stretches of four steps: \(path)")
      for start in stride(from: 0, to: 24, by: 4) { #expect(Set(path[start..<start + 4]).count == 1) }

      let run = TrainingRun(folder: folder, logInterval: 1)
      var first = try trainer()
      var count = 0
      try run.train(&first) {
        count = $0.step
      } isStopped: {
        count == 10
      }
      let reweighting = try #require(first.reweighting)
      var second = try #require(try run.resumed(first.documents, reweighting))
      try run.train(&second)
      let log = try String(contentsOfFile: run.logPath, encoding: .utf8).split(separator: "\n")
      let logged = try log.map { try JSONDecoder().decode(TrainingProgress.self, from: Data($0.utf8)).longShare }
      #expect(logged == path)
      #expect(try String(contentsOfFile: run.curvePath, encoding: .utf8).contains("The share of long thinking"))
      #expect(failure { _ = try run.resumed(first.documents) } != nil)
    }
  }

  @Test func `names what is missing`() throws {
    let (short, long) = kinds(3, seed: 3)
    let model = try Llama(tinyConfiguration(), seed: 1)
    func complaint(_ reweighting: Reweighting) -> TrainingError? {
      failure { _ = try Trainer(model, short + long, tinyOptions(), reweighting) }
    }
    let isLong = short.map { _ in false } + long.map { _ in true }
    #expect(
      complaint(Reweighting(isLong: isLong, validation: .init(short: [TrainingDocument](), long: long)))
        == .invalidOption(name: "validation", reason: "needs documents of both kinds, short and long"))
    #expect(
      complaint(Reweighting(isLong: isLong.map { _ in true }, validation: .init(short: short, long: long)))
        == .invalidOption(name: "documents", reason: "must be of both kinds, short and long"))
    #expect(complaint(Reweighting(isLong: isLong, validation: .init(short: short, long: long), interval: 0)) != nil)
  }
}
