/// What values a setting accepts.
public enum SettingKind: Sendable, Hashable {
  /// True or false.
  case flag
  /// A whole number.
  case integer(SettingRange)
  /// A number.
  case number(SettingRange)
  /// Text that contains each of these placeholders.
  case text(containing: [String])
  /// A list of at least this many texts, none of them empty.
  case texts(atLeast: Int)
  /// One of these words.
  case choice([String])
}

extension SettingKind {
  /// What is wrong with `value`, to follow the setting's name in a sentence; nil if it is accepted.
  func fault(in value: Setting) -> String? {
    switch self {
    case .flag: Bool(value) == nil ? "must be true or false, not \(value)" : nil
    case .integer(let range): range.fault(in: value, isWhole: true)
    case .number(let range): range.fault(in: value, isWhole: false)
    case .choice(let words):
      words.map(Setting.text).contains(value) ? nil : "must be \(words.alternatives), not \(value)"
    case .text(let placeholders):
      if let text = String(value) {
        placeholders.first { !text.contains($0) }.map { "must contain \($0)" }
      } else {
        "must be text, not \(value)"
      }
    case .texts(let least):
      if let texts = [String](value) {
        texts.count < least
          ? "must have at least \(least) \(least == 1 ? "entry" : "entries")"
          : texts.contains("") ? "must not contain an empty text" : nil
      } else {
        "must be a list of texts, not \(value)"
      }
    }
  }

  /// The accepted values in a few words, such as "small or large" or "from 1 to 8"; nil if hardly any value is refused.
  public var summary: String? {
    switch self {
    case .flag, .text, .texts: nil
    case .choice(let words): words.alternatives
    case .integer(let range): range.maximum.map { $0 < Double(Budget.mostTokens) } == true ? range.words : nil
    case .number(let range): range.maximum == nil && range.exception == nil ? nil : range.words
    }
  }
}

/// What values of one type a setting accepts: `.range(1...8)`, `.above(0)`, `.containing("{question}")`.
public struct SettingDomain<Value: SettingValue>: Sendable {
  let kind: SettingKind

  /// Whatever the type accepts.
  public static var any: Self { Self(kind: Value.kind) }
}

extension SettingDomain<Int> {
  /// Whole numbers within `range`.
  public static func range(_ range: ClosedRange<Int>) -> Self {
    Self(kind: .integer(.init(from: Double(range.lowerBound), to: Double(range.upperBound))))
  }
}

extension SettingDomain where Value: BinaryFloatingPoint {
  /// Numbers within `range`, and `exception`.
  public static func range(_ range: ClosedRange<Double>, or exception: Double? = nil) -> Self {
    Self(kind: .number(.init(from: range.lowerBound, to: range.upperBound, or: exception)))
  }

  /// Numbers above `limit`, and at most `maximum`.
  public static func above(_ limit: Double, to maximum: Double) -> Self {
    Self(kind: .number(.init(above: limit, to: maximum)))
  }
}

extension SettingDomain<Double> {
  /// Finite numbers from `least` on, and infinity if it is said to be accepted.
  public static func from(_ least: Double, orInfinity: Bool = false) -> Self {
    Self(kind: .number(.init(from: least, orInfinity: orInfinity)))
  }

  /// Finite numbers above `limit`, `exception`, and infinity if it is said to be accepted.
  public static func above(_ limit: Double, or exception: Double? = nil, orInfinity: Bool = false) -> Self {
    Self(kind: .number(.init(above: limit, or: exception, orInfinity: orInfinity)))
  }
}

extension SettingDomain<String> {
  /// Text that contains these placeholders.
  public static func containing(_ placeholders: String...) -> Self { Self(kind: .text(containing: placeholders)) }
}

extension SettingDomain<[String]> {
  /// Lists of at least `count` texts.
  public static func atLeast(_ count: Int) -> Self { Self(kind: .texts(atLeast: count)) }
}

extension [String] {
  /// "a, b or c".
  fileprivate var alternatives: String {
    count < 2 ? joined() : dropLast().joined(separator: ", ") + " or " + self[count - 1]
  }
}
