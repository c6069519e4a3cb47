/// The name of one file of a model in several, `NAME-00002-of-00003.gguf`, as llama.cpp writes and reads it.
struct SplitName: Sendable, Hashable {
  private let stem: String
  private let total: String
  /// How many files the model has.
  let count: Int

  /// Nil for the name of a model in one file. Folders may stand before the name.
  init?(_ path: String) {
    guard let match = path.firstMatch(of: /-([0-9]{5})-of-([0-9]{5})\.gguf$/), let number = Int(match.1),
      let count = Int(match.2), count > 1, (1...count).contains(number)
    else { return nil }
    stem = String(path[..<match.range.lowerBound])
    total = String(match.2)
    self.count = count
  }

  /// The names of all its files, in order. The first one stands for the model.
  var all: [String] {
    (1...count).map { "\(stem)-\(String(100_000 + $0).dropFirst())-of-\(total).gguf" }
  }
}
