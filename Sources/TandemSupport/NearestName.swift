extension [String] {
  /// The entry that a mistyped `word` most likely meant; nil if none is near.
  package func nearest(to word: String) -> String? {
    let typed = Array<Character>(word.lowercased())
    guard typed.count <= 100 else { return nil }
    let candidates = map { (name: $0, distance: editDistance(typed, Array<Character>($0.lowercased()))) }
    // Farther than a third of the word is a guess, not a suggestion.
    let best = candidates.min { $0.distance < $1.distance }
    if let best, best.distance <= Swift.max(2, typed.count / 3) { return best.name }
    return typed.count < 3 ? nil : first { $0.lowercased().hasPrefix(word.lowercased()) }
  }
}

/// Insertions, deletions, substitutions and swaps of neighbours between two words.
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
  var rows = [Array(0...right.count)]
  for i in 1...left.count {
    var row = [i]
    for j in 1...right.count {
      let substitution = rows[i - 1][j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1)
      var best = min(rows[i - 1][j] + 1, row[j - 1] + 1, substitution)
      if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
        best = min(best, rows[i - 2][j - 2] + 1)
      }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[left.count][right.count]
}
