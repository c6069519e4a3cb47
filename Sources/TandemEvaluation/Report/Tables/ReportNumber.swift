import Foundation
import Tandem

/// How a report writes numbers; an empty cell if there is none.
enum ReportNumber {
  static func decimal(_ value: Double?, _ digits: Int = 0) -> String {
    value.map { String(format: "%.\(digits)f", $0) } ?? ""
  }

  /// With three significant digits, or all before the point.
  static func short(_ value: Double?) -> String {
    guard let value else { return "" }
    let size = abs(value)
    return decimal(value, size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4)
  }

  /// A share as a percentage.
  static func percent(_ share: Double?, _ digits: Int = 1) -> String {
    share.map { "\(decimal($0 * 100, digits)) %" } ?? ""
  }

  /// An interval of a share, in per cent.
  static func percent(_ interval: Interval?) -> String {
    interval.map { "\(decimal($0.lower * 100, 1))–\(decimal($0.upper * 100, 1))" } ?? ""
  }

  /// With its sign, unless it rounds to 0.
  static func signed(_ value: Double, _ digits: Int) -> String {
    let text = decimal(abs(value), digits)
    guard text.contains(where: { $0 != "0" && $0 != "." }) else { return text }
    return (value < 0 ? "-" : "+") + text
  }

  /// A difference and its interval.
  static func signed(_ difference: RowComparison.Difference, times factor: Double = 1, _ digits: Int) -> String {
    let mean = signed(difference.mean * factor, digits)
    guard let interval = difference.interval else { return mean }
    let ends = [interval.lower, interval.upper].map { signed($0 * factor, digits) }
    return "\(mean) (\(ends.joined(separator: " to ")))"
  }

  /// A calibrated probability has more digits than anybody reads.
  static func setting(_ value: Setting) -> String {
    if case .number(let number) = value { return String(format: "%.4g", number) }
    return "\(value)"
  }

  static func pValue(_ value: Double) -> String { value < 0.001 ? "<0.001" : decimal(value, 3) }
}
