import TandemInference

/// The order in which documents are trained on: shuffled again each epoch and packed into rows, a step at a time.
///
/// Where it stands is two numbers, so that a checkpoint can hold it.
struct DocumentOrder {
  let rowLength: Int
  let rowsPerStep: Int
  let seed: UInt64
  private let lengths: [Int]
  private(set) var epoch = 0
  /// Rows of this epoch that were given out.
  private(set) var position = 0
  private var rows: [[Int]]

  init(lengths: [Int], rowLength: Int, rowsPerStep: Int, seed: UInt64) {
    self.lengths = lengths
    self.rowLength = rowLength
    self.rowsPerStep = rowsPerStep
    self.seed = seed
    rows = Self.rows(of: lengths, rowLength, seed, epoch: 0)
  }

  /// The documents of the next step's rows. The rows that an epoch leaves over begin the next one.
  mutating func next() -> [[Int]] {
    var step: [[Int]] = []
    while step.count < rowsPerStep {
      if position == rows.count { move(toEpoch: epoch + 1, position: 0) }
      step.append(rows[position])
      position += 1
    }
    return step
  }

  mutating func move(toEpoch epoch: Int, position: Int) {
    if epoch != self.epoch { rows = Self.rows(of: lengths, rowLength, seed, epoch: epoch) }
    self.epoch = epoch
    self.position = min(position, rows.count)
  }

  /// First fit over the rows that were opened last: a document goes to the first one that has room for it.
  private static func rows(of lengths: [Int], _ rowLength: Int, _ seed: UInt64, epoch: Int) -> [[Int]] {
    var generator = SplitMix64(seed: SplitMix64.derive(seed, UInt64(epoch)))
    var rows: [[Int]] = []
    var open: [(row: Int, room: Int)] = []
    for document in lengths.indices.shuffled(using: &generator) {
      let length = lengths[document]
      if let place = open.firstIndex(where: { $0.room >= length }) {
        rows[open[place].row].append(document)
        open[place].room -= length
        if open[place].room < 2 { open.remove(at: place) }
      } else {
        rows.append([document])
        open.append((rows.count - 1, rowLength - length))
        if open.count > 16 { open.removeFirst() }
      }
    }
    return rows
  }
}
