import Foundation

extension Double {
  /// With this many digits after the point.
  package func digits(_ count: Int) -> String { String(format: "%.\(count)f", self) }
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
