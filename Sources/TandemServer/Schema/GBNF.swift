import Foundation

/// Pieces of a grammar in GBNF.
enum GBNF {
  /// `text` as it stands.
  static func literal(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": literal += "\\\""
      case "\\": literal += "\\\\"
      case "\n": literal += "\\n"
      case "\r": literal += "\\r"
      case "\t": literal += "\\t"
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }

  /// Whole numbers within bounds, without zeros before them.
  static func integers(_ bounds: NumberBounds, or any: String) -> String {
    if bounds.least == nil, bounds.most == nil { return any }
    return integers(from: bounds.least, to: bounds.most).joined(separator: " | ")
  }

  /// Numbers within bounds: whole ones, and others whose fraction does not end with a zero and so is none.
  static func numbers(_ bounds: NumberBounds, or any: String, fraction: String) -> String {
    guard bounds.floor != nil || bounds.ceiling != nil else { return any }
    var cases = bounds.hasInteger ? integers(from: bounds.least, to: bounds.most) : []
    // 3.5 lies between 3 and 4, −3.5 between −4 and −3, and −0.5 between −1 and 0.
    if bounds.ceiling ?? 1 > 0 {
      let positive = digits(from: max(bounds.floor ?? 0, 0), to: bounds.ceiling.map { $0 - 1 })
      cases += positive.map { "(\($0)) \(fraction)" }
    }
    if bounds.floor ?? -1 < 0 {
      let negative = digits(from: max(-(bounds.ceiling ?? 0), 0), to: bounds.floor.map { -$0 - 1 })
      cases += negative.map { "\"-\" (\($0)) \(fraction)" }
    }
    return cases.joined(separator: " | ")
  }

  private static func integers(from least: Int?, to most: Int?) -> [String] {
    var cases: [String] = []
    if most ?? 0 >= 0 { cases += digits(from: max(least ?? 0, 0), to: most) }
    if least ?? -1 < 0 { cases += digits(from: max(-(most ?? -1), 1), to: least.map { -$0 }).map { "\"-\" (\($0))" } }
    return cases
  }

  /// The numbers from `least`, which is not negative, to `most`, or to those of 16 digits.
  static func digits(from least: Int, to most: Int?) -> [String] {
    if let most, most < least { return [] }
    var cases: [String] = []
    let last = String(most ?? 9_999_999_999_999_999)
    for length in String(least).count...last.count {
      let low = length == String(least).count ? String(least) : "1" + String(repeating: "0", count: length - 1)
      let high = length == last.count ? last : String(repeating: "9", count: length)
      cases += range(Array(low), Array(high))
    }
    return cases
  }

  /// Digits of one length, from `low` to `high`.
  private static func range(_ low: [Character], _ high: [Character]) -> [String] {
    guard let first = low.first, let last = high.first else { return [""] }
    let (rest, end) = (Array(low.dropFirst()), Array(high.dropFirst()))
    if rest.isEmpty { return ["[\(first)-\(last)]"] }
    if first == last { return range(rest, end).map { "\"\(first)\" \($0)" } }
    let isLow = rest.allSatisfy { $0 == "0" }
    let isHigh = end.allSatisfy { $0 == "9" }
    var cases: [String] = []
    if !isLow {
      cases += range(rest, rest.map { _ in "9" }).map { "\"\(first)\" \($0)" }
    }
    let (from, to) = (isLow ? first : first.next(by: 1), isHigh ? last : last.next(by: -1))
    if from <= to { cases.append("[\(from)-\(to)] [0-9]{\(rest.count)}") }
    if !isHigh { cases += range(end.map { _ in "0" }, end).map { "\"\(last)\" \($0)" } }
    return cases
  }
}

extension Character {
  /// The digit that many further.
  fileprivate func next(by step: Int) -> Character {
    Character(String((wholeNumberValue ?? 0) + step))
  }
}

extension JSONValue {
  /// The value as JSON, without white space; members by name.
  var written: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Whatever was read from JSON can be written.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
  }
}
