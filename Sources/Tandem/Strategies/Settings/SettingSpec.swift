/// The declaration of one setting of a strategy: its name, what it accepts and what it means.
///
/// Decoding, validation, help and the JSON Schema of a strategy all follow from its list of declarations.
///
/// ```swift
/// static let settings: [SettingSpec<Self>] = [
///   .init("takeoverTokens", \.takeoverTokens, "most tokens of one takeover", .range(1...Budget.mostTokens))
/// ]
/// ```
public struct SettingSpec<S: Strategy>: Sendable {
  /// The name in files and traces: the property's own.
  public let name: String
  /// What the setting means, as a phrase.
  public let help: String
  /// The paper's symbol or constant for it.
  public let paper: String?
  /// The name in the paper's own configuration files.
  public let key: String?
  /// A name in the paper's own files that belongs to another setting but sets this one too.
  public let sharedKey: String?
  /// The values that it accepts.
  public let kind: SettingKind
  private let read: @Sendable (S) -> Setting
  private let write: @Sendable (Setting, inout S) -> Bool

  /// Declares the setting that is stored in `property`. Members of the paper's dictionaries have keys such as
  /// "KEYWORDS.positive".
  public init<Value: SettingValue>(
    _ name: String, _ property: any WritableKeyPath<S, Value> & Sendable, _ help: String,
    _ domain: SettingDomain<Value> = .any, paper: String? = nil, key: String? = nil, sharedKey: String? = nil
  ) {
    self.name = name
    self.help = help
    self.paper = paper
    self.key = key
    self.sharedKey = sharedKey
    kind = domain.kind
    read = { $0[keyPath: property].setting }
    write = { setting, strategy in
      guard let value = Value(setting) else { return false }
      strategy[keyPath: property] = value
      return true
    }
  }

  /// The strategy's value.
  func value(in strategy: S) -> Setting { read(strategy) }

  /// Changes the strategy's value.
  func set(_ value: Setting, in strategy: inout S) throws(ReasoningError) {
    try check(value)
    guard write(value, &strategy) else { throw .invalidSetting(name: name, reason: "cannot be \(value)") }
  }

  /// Throws `invalidSetting` if the setting does not accept `value`.
  func check(_ value: Setting) throws(ReasoningError) {
    if let fault = kind.fault(in: value) { throw .invalidSetting(name: name, reason: fault) }
  }

  /// The same without the strategy's type.
  var description: SettingDescription {
    SettingDescription(name: name, help: help, paper: paper, key: key, kind: kind, initial: value(in: S()))
  }
}

/// What can be said about a setting without its strategy's type.
public struct SettingDescription: Sendable, Hashable {
  /// The name in files and traces.
  public let name: String
  /// What the setting means, as a phrase.
  public let help: String
  /// The paper's symbol or constant for it.
  public let paper: String?
  /// The name in the paper's own configuration files.
  public let key: String?
  /// The values that it accepts.
  public let kind: SettingKind
  /// The value that a strategy has unless told otherwise.
  public let initial: Setting
}
