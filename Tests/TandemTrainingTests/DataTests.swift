import TandemInference
import Testing

@testable import TandemTraining

@Suite struct `A batch` {
  @Test func `packs documents behind each other, and the last token of each is only a target`() throws {
    let batch = try TokenBatch(
      rows: [
        [TrainingDocument(tokens: [1, 2, 3], weights: [9, 0, 0.5]), TrainingDocument(tokens: [4, 5])],
        [TrainingDocument(tokens: [6, 7, 8, 9], promptCount: 2)],
      ], length: 4)
    #expect(batch.tokens == [1, 2, 4, 0, 6, 7, 8, 0])
    #expect(batch.targets == [2, 3, 5, 0, 7, 8, 9, 0])
    #expect(batch.positions == [0, 1, 0, 0, 0, 1, 2, 0])
    #expect(batch.weights == [0, 0.5, 1, 0, 0, 1, 1, 0])
    #expect(batch.tokenCount == 6)
    #expect(batch.totalWeight == 3.5)
  }

  @Test func `refuses a document that does not fit`() {
    let document = TrainingDocument(tokens: [1, 2, 3, 4])
    #expect(failure { _ = try TokenBatch(rows: [[document, document]], length: 5) } != nil)
  }
}

@Suite struct `The order of documents` {
  private let lengths = (0..<200).map { 3 + $0 * 7 % 40 }

  private func order(seed: UInt64 = 1) -> DocumentOrder {
    DocumentOrder(lengths: lengths, rowLength: 100, rowsPerStep: 3, seed: seed)
  }

  @Test func `reads each document once an epoch, in rows that hold them`() {
    var order = order()
    var seen: [Int] = []
    while order.epoch == 0 {
      for row in order.next() where seen.count < lengths.count {
        #expect(row.reduce(0) { $0 + lengths[$1] } <= 100)
        seen += row
      }
    }
    #expect(seen.sorted() == Array(lengths.indices))
  }

  @Test func `leaves little padding`() {
    var order = order()
    let rows = (0..<10).flatMap { _ in order.next() }
    let used = rows.reduce(0) { $0 + $1.reduce(0) { $0 + lengths[$1] } }
    #expect(Double(used) / Double(rows.count * 100) > 0.95)
  }

  @Test func `is another in each epoch and for each seed, and can be taken up anywhere`() {
    var (a, b, other) = (order(), order(), order(seed: 2))
    let first = (0..<80).map { _ in a.next() }
    #expect(a.epoch > 1)
    #expect((0..<80).map { _ in b.next() } == first)
    #expect((0..<80).map { _ in other.next() } != first)
    var resumed = order()
    resumed.move(toEpoch: a.epoch, position: a.position)
    #expect(resumed.next() == a.next())
  }
}

@Suite struct `A cosine schedule` {
  @Test func `rises to its peak and falls to two percent of it`() {
    let schedule = CosineSchedule(peak: 1, warmUp: 10, steps: 110)
    #expect(schedule.rate(at: 1) == 0.1)
    #expect(schedule.rate(at: 10) == 1)
    #expect(abs(schedule.rate(at: 60) - 0.51) < 1e-6)
    #expect(abs(schedule.rate(at: 110) - 0.02) < 1e-6)
    #expect(abs(schedule.rate(at: 500) - 0.02) < 1e-6)
    #expect(CosineSchedule(peak: 1, warmUp: 0, steps: 1).rate(at: 1) > 0)
  }
}
