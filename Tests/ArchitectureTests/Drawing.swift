import Foundation

/// The tables of `docs/architecture.md` that this suite holds the code to.
struct Drawing {
  /// For each target, the targets and libraries that it may import.
  let mayImport: [String: Set<String>]
  /// Which modules only some folders of `Sources` may import.
  let restrictions: [Restriction]

  struct Restriction {
    let modules: [String]
    let folders: [String]
    /// Whether `folders` are the ones that may not.
    let isExcept: Bool

    func allows(_ file: String) -> Bool {
      folders.contains { file.hasPrefix("Sources/\($0)/") } != isExcept
    }
  }

  init() throws {
    let text = try Checkout.text("docs/architecture.md")
    mayImport = Dictionary(
      uniqueKeysWithValues: Self.rows(of: text, under: "| target | may import |").compactMap { cells in
        Self.names(cells[0]).first.map { ($0, Set(Self.names(cells[1]))) }
      })
    restrictions = Self.rows(of: text, under: "| import | only in |").map { cells in
      Restriction(
        modules: Self.names(cells[0]), folders: Self.names(cells[1]),
        isExcept: cells[1].hasPrefix(" everywhere except"))
    }
  }

  /// The cells of each row of the table whose first line begins with `header`.
  private static func rows(of text: String, under header: String) -> [[String]] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(where: { $0.hasPrefix(header) }) else { return [] }
    return lines[start...].dropFirst(2).prefix { $0.hasPrefix("|") }
      .map { $0.split(separator: "|").map(String.init) }
  }

  /// The words in code marks.
  private static func names(_ cell: String) -> [String] { cell.matches(of: /`([^`]+)`/).map { String($0.1) } }

  /// All that `target` links, directly or through others.
  func closure(of target: String) -> Set<String> {
    var found: Set<String> = []
    var open = [target]
    while let next = open.popLast() {
      for name in mayImport[next] ?? [] where found.insert(name).inserted { open.append(name) }
    }
    return found
  }
}
