import TandemSupport

extension Strategy {
  /// All settings of the strategy, in the order of their declaration.
  public static var settingDescriptions: [SettingDescription] { settings.map(\.description) }

  /// Throws `invalidSetting` for the first setting that has a value which it does not accept, or that does not go with
  /// the others.
  public func validate() throws(ReasoningError) {
    for spec in Self.settings { try spec.check(spec.value(in: self)) }
    try validateCombination()
  }

  /// The same strategy with some settings changed.
  ///
  /// Throws `unknownSetting` or `invalidSetting`: nothing is ignored.
  public func changing(_ changes: [String: Setting]) throws(ReasoningError) -> Self {
    let own = try Self.translate(changes)
    if let unknown = own.keys.filter({ name in !Self.settings.contains { $0.name == name } }).min() {
      let known = Self.settings.map(\.name)
      let nearest = (known + Self.settings.compactMap(\.key)).nearest(to: unknown)
      throw .unknownSetting(name: unknown, strategy: Self.name, nearest: nearest, known: known)
    }
    var strategy = self
    for spec in Self.settings {
      if let value = own[spec.name] { try spec.set(value, in: &strategy) }
    }
    try strategy.validateCombination()
    return strategy
  }

  /// Settings under our own names, from a mixture of these and the names in the paper's configuration files.
  ///
  /// Throws `invalidSetting` if a setting is given under both names.
  public static func translate(_ given: [String: Setting]) throws(ReasoningError) -> [String: Setting] {
    var own = try readPaperFile(flattened(given))
    var released: [String: Setting] = [:]
    for spec in settings {
      guard let key = spec.key, let value = own.removeValue(forKey: key) else { continue }
      guard own[spec.name] == nil else {
        throw .invalidSetting(name: key, reason: "is another name of \(spec.name); give one of them")
      }
      (own[spec.name], released[key]) = (value, value)
    }
    for spec in settings {
      if let key = spec.sharedKey, let value = released[key], own[spec.name] == nil { own[spec.name] = value }
    }
    return own
  }

  /// The members of the paper's dictionaries under keys such as "KEYWORDS.positive".
  private static func flattened(_ given: [String: Setting]) -> [String: Setting] {
    var flat = given
    for (key, value) in given {
      guard case .dictionary(let members) = value, settings.contains(where: { $0.key?.hasPrefix(key + ".") == true })
      else { continue }
      flat[key] = nil
      for (name, member) in members { flat["\(key).\(name)"] = member }
    }
    return flat
  }
}
