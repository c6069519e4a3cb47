/// Something in a story that has a number: Tom's apples.
package struct WordQuantity: Sendable, Hashable {
  /// Tom, the red box, Monday. Empty for the total.
  package let holder: String
  /// "apples". Empty for the total.
  package let things: String
  package let measure: Measure

  package enum Measure: String, Sendable, Hashable, CaseIterable {
    /// How many there are.
    case count
    /// How many there are after some were added or given away.
    case later
    /// How many coins they are worth.
    case worth
    /// How many bags they fill.
    case bags
    /// How many two holders have together.
    case total
  }

  package static let total = Self(holder: "", things: "", measure: .total)

  /// What thoughts call it.
  package var name: String {
    switch measure {
    case .count: "\(holder)'s \(things)"
    case .later: "\(holder)'s \(things) in the end"
    case .worth: "the value of \(holder)'s \(things)"
    case .bags: "the bags for \(holder)'s \(things)"
    case .total: "the total"
    }
  }

  /// The quantities whose name `tokens` can begin with, the longest first, and how many tokens each takes.
  static func readings(of tokens: ArraySlice<String>) -> [(Self, Int)] {
    if tokens.starts(with: ["the", "total"]) { return [(.total, 2)] }
    for (opening, measure) in [(["the", "value", "of"], Measure.worth), (["the", "bags", "for"], .bags)]
    where tokens.starts(with: opening) {
      return owned(tokens.dropFirst(3)).map { [(Self(holder: $0, things: $1, measure: measure), $2 + 3)] } ?? []
    }
    guard let (holder, things, count) = owned(tokens) else { return [] }
    let plain = (Self(holder: holder, things: things, measure: .count), count)
    guard tokens.dropFirst(count).starts(with: ["in", "the", "end"]) else { return [plain] }
    return [(Self(holder: holder, things: things, measure: .later), count + 3), plain]
  }

  private static func owned(_ tokens: ArraySlice<String>) -> (String, String, Int)? {
    guard let (holder, count) = WordLexicon.holder(in: tokens) else { return nil }
    let rest = tokens.dropFirst(count)
    guard rest.first == "'s", let things = rest.dropFirst().first else { return nil }
    return (holder, things, count + 2)
  }
}

/// How a quantity follows from others, or from a number alone.
package struct WordRelation: Sendable, Hashable {
  package let kind: Kind
  package let sources: [WordQuantity]
  package let number: Int?

  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case given, more, fewer, times, part, sum, difference, gained, lost, worth, bags

    /// What is done with the first source.
    var operation: CountdownTerm.Operation? {
      switch self {
      case .given: nil
      case .more, .sum, .gained: .plus
      case .fewer, .difference, .lost: .minus
      case .times, .worth: .times
      case .part, .bags: .dividedBy
      }
    }

    /// What the result measures.
    var measure: WordQuantity.Measure {
      switch self {
      case .gained, .lost: .later
      case .worth: .worth
      case .bags: .bags
      default: .count
      }
    }

    /// Whether it has two sources and no number.
    var joins: Bool { self == .sum || self == .difference }
  }

  /// What is to be calculated, once the sources are known; nil for what is given.
  func term(_ values: [Int]) -> CountdownTerm? {
    guard let operation = kind.operation, let left = values.first else { return nil }
    return (kind.joins ? values.last : number).map { CountdownTerm(left, operation, $0) }
  }
}
