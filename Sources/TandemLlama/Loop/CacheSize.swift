import TandemInference

/// How many cells the cache of a context has, and how many it may come to have.
///
/// llama.cpp makes all cells of a context with it, and touches them. So a cache begins small, and the context is made again
/// when sessions need more: docs/decisions/0035.
struct CacheSize: Hashable {
  /// How many caches there are: one, or one for each sequence.
  let parts: Int
  /// Cells of each now.
  private(set) var cells: Int
  /// The most cells of each.
  private(set) var most: Int

  /// What a cache begins with. It holds a problem and a short answer.
  static let first = 512
  /// The least number of cells that llama.cpp makes.
  static let least = 256

  /// - Parameter grows: Whether what the context holds can be moved into another one.
  init(_ parameters: LlamaParameters, grows: Bool) {
    parts = parameters.cache == .separate ? parameters.sequences : 1
    most = parameters.totalCells / parts
    cells = grows ? min(most, Self.first) : most
  }

  /// Of all parts.
  var total: Int { cells * parts }
  var mostInAll: Int { most * parts }
  var canGrow: Bool { cells < most }

  /// A larger cache, each part of which holds `needed` cells, or as many as it may; nil if this one is large enough.
  ///
  /// It grows by half at least, so that moving what it holds costs no more than a few passes for each of its cells.
  func grown(toHold needed: Int) -> Self? {
    guard needed > cells, canGrow else { return nil }
    var larger = self
    let wanted = max(needed, cells + cells / 2)
    larger.cells = min(most, (wanted + Self.least - 1) / Self.least * Self.least)
    return larger
  }

  /// This size, and no larger one any more: there is no memory for it.
  mutating func stay(at cells: Int) { (self.cells, most) = (cells, cells) }
}
