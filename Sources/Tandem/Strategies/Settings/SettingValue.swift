/// A type that a setting of a strategy may have.
public protocol SettingValue: Sendable {
  /// Reads a value; nil if it is of another kind.
  init?(_ setting: Setting)
  /// The value as it is written into files.
  var setting: Setting { get }
  /// What is accepted unless a declaration narrows it.
  static var kind: SettingKind { get }
}

/// A setting that is one of a few words.
public protocol SettingChoice: SettingValue, RawRepresentable<String>, CaseIterable, Hashable, Codable {}

extension SettingChoice {
  /// Reads one of the words.
  public init?(_ setting: Setting) {
    guard case .text(let word) = setting else { return nil }
    self.init(rawValue: word)
  }

  /// The word.
  public var setting: Setting { .text(rawValue) }
  /// Any of the words.
  public static var kind: SettingKind { .choice(allCases.map(\.rawValue)) }
}

extension Role: SettingChoice {}

extension Bool: SettingValue {
  /// Reads true or false.
  public init?(_ setting: Setting) {
    guard case .flag(let flag) = setting else { return nil }
    self = flag
  }

  /// True or false.
  public var setting: Setting { .flag(self) }
  /// Both.
  public static var kind: SettingKind { .flag }
}

extension Int: SettingValue {
  /// Reads a whole number, which may be written as 20.0.
  public init?(_ setting: Setting) {
    if case .integer(let integer) = setting {
      self = integer
    } else {
      guard let value = setting.number.flatMap(Int.init(exactly:)) else { return nil }
      self = value
    }
  }

  /// The number.
  public var setting: Setting { .integer(self) }
  /// From 0 to `Budget.mostTokens`.
  public static var kind: SettingKind { .integer(.init(from: 0, to: Double(Budget.mostTokens))) }
}

extension Double: SettingValue {
  /// Reads a number; "inf" is one.
  public init?(_ setting: Setting) {
    guard let number = setting.number else { return nil }
    self = number
  }

  /// The number, as JSON would give it back: whole ones as integers, infinite ones as words.
  public var setting: Setting {
    guard isFinite else { return .text("\(self)") }
    return Int(exactly: self).map(Setting.integer) ?? .number(self)
  }

  /// Any finite number.
  public static var kind: SettingKind { .number(.init()) }
}

extension Float: SettingValue {
  /// Reads a number; "inf" is one.
  public init?(_ setting: Setting) {
    guard let number = setting.number else { return nil }
    self.init(number)
  }

  /// The number with the digits that a person wrote: 0.6, not 0.6000000238418579.
  public var setting: Setting { (Double("\(self)") ?? Double(self)).setting }
  /// Any finite number.
  public static var kind: SettingKind { Double.kind }
}

extension String: SettingValue {
  /// Reads text.
  public init?(_ setting: Setting) {
    guard case .text(let text) = setting else { return nil }
    self = text
  }

  /// The text.
  public var setting: Setting { .text(self) }
  /// Any text.
  public static var kind: SettingKind { .text(containing: []) }
}

extension [String]: SettingValue {
  /// Reads a list of texts.
  public init?(_ setting: Setting) {
    guard case .list(let entries) = setting else { return nil }
    self = entries.compactMap(String.init)
    guard count == entries.count else { return nil }
  }

  /// The list.
  public var setting: Setting { .list(map(Setting.text)) }
  /// Any list of texts.
  public static var kind: SettingKind { .texts(atLeast: 0) }
}
