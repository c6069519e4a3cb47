/// Which cells of the key-value cache are in use, counted here because llama.cpp has no call that reports it.
///
/// A forked session shares the cells of its prefix, so lengths can't simply be added up.
struct CellLedger {
  private(set) var free: Int
  private var holders: [UInt16]
  private var unused: [Int32]

  init(cells: Int) {
    free = cells
    holders = Array(repeating: 0, count: cells)
    unused = (0..<Int32(cells)).reversed()
  }

  /// Adds `count` cells, which are free.
  mutating func add(_ count: Int) {
    unused += (Int32(holders.count)..<Int32(holders.count + count)).reversed()
    holders += Array(repeating: 0, count: count)
    free += count
  }

  /// Reserves `count` free cells for one sequence, at the end of `cells`. The caller keeps within `free`.
  mutating func reserve(_ count: Int, into cells: inout [Int32]) {
    precondition(count <= free, "a schedule hands out no cell twice")
    for cell in unused.suffix(count) {
      holders[Int(cell)] = 1
      cells.append(cell)
    }
    unused.removeLast(count)
    free -= count
  }

  mutating func share(_ cells: [Int32]) {
    for cell in cells { holders[Int(cell)] += 1 }
  }

  mutating func release(_ cells: ArraySlice<Int32>) {
    for cell in cells {
      holders[Int(cell)] -= 1
      guard holders[Int(cell)] == 0 else { continue }
      unused.append(cell)
      free += 1
    }
  }
}
