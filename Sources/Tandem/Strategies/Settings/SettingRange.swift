/// The numbers that a setting accepts.
public struct SettingRange: Sendable, Hashable {
  /// The least number; nil if there is none.
  public let minimum: Double?
  /// The greatest number; nil if there is none.
  public let maximum: Double?
  /// Whether `minimum` itself is refused.
  public let isMinimumExcluded: Bool
  /// Whether positive infinity is accepted.
  public let allowsInfinity: Bool
  /// A number outside the range that has a meaning of its own, such as -1 for "never".
  public let exception: Double?

  init(
    from minimum: Double? = nil, above limit: Double? = nil, to maximum: Double? = nil, or exception: Double? = nil,
    orInfinity: Bool = false
  ) {
    self.minimum = minimum ?? limit
    self.maximum = maximum
    self.exception = exception
    isMinimumExcluded = limit != nil
    allowsInfinity = orInfinity
  }

  /// Whether `number` is accepted.
  public func contains(_ number: Double) -> Bool {
    if number == exception { return true }
    guard number.isFinite else { return number == .infinity && allowsInfinity }
    guard number <= maximum ?? .infinity else { return false }
    return isMinimumExcluded ? number > minimum ?? -.infinity : number >= minimum ?? -.infinity
  }

  func fault(in value: Setting, isWhole: Bool) -> String? {
    guard let number = value.number, !isWhole || !number.isFinite || number == number.rounded() else {
      return "must be a \(isWhole ? "whole " : "")number, not \(value)"
    }
    if contains(number) { return nil }
    let shown = if case .integer = value { value } else { Setting.number(number) }
    return "must be \(words), not \(shown)"
  }

  /// "from 0 to 10", "above 0, or -1".
  var words: String {
    let bounds =
      switch (minimum, maximum) {
      case (let least?, nil): isMinimumExcluded ? "above \(least.setting)" : "\(least.setting) or more"
      case (let least?, let most?):
        isMinimumExcluded
          ? "above \(least.setting) and at most \(most.setting)" : "from \(least.setting) to \(most.setting)"
      case (nil, let most?): "at most \(most.setting)"
      case (nil, nil): "finite"
      }
    return bounds + (exception.map { ", or \($0.setting)" } ?? "")
  }
}
