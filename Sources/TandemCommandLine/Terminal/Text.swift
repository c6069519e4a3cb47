import Foundation

extension Double {
  /// With this many digits after the point.
  package func digits(_ count: Int) -> String { String(format: "%.\(count)f", self) }

  /// A share, in percent with this many digits after the point.
  package func percent(_ digits: Int = 1) -> String { "\((self * 100).digits(digits)) %" }

  /// Seconds for people.
  package var asTime: String {
    guard isFinite, self < 1e9 else { return "unknown time" }
    if self < 1 { return "under a second" }
    return Duration.seconds(Int(rounded())).formatted(
      .units(allowed: [.days, .hours, .minutes, .seconds], width: .narrow, maximumUnitCount: 2))
  }
}

extension Int {
  /// Bytes for people.
  package var asBytes: String {
    let units = ["B", "KB", "MB", "GB", "TB"]
    var (value, unit) = (Double(self), 0)
    while value >= 1000 && unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
    return unit == 0 ? "\(self) B" : "\(value.digits(value < 10 ? 1 : 0)) \(units[unit])"
  }
}

/// Prints a value as JSON with sorted keys.
package func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  Console.write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
}
