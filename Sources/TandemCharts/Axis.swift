import Foundation

/// An axis with ticks at round numbers.
package struct Axis: Sendable, Hashable {
  package var title: String
  /// At least two, in ascending order; the axis goes from the first to the last.
  package var ticks: [Double]
  package var format: Format

  package enum Format: Sendable, Hashable {
    case number
    /// 0.25 as 25 %.
    case percent
    /// Only whole numbers have ticks. Those below 0 are counted downwards, and have no sign.
    case count
  }

  package var domain: ClosedRange<Double> { ticks[0]...ticks[ticks.count - 1] }

  /// An axis on which all finite `values` lie.
  ///
  /// - Parameters:
  ///   - bounds: What the axis never goes beyond, unless a value does.
  ///   - includesZero: Whether 0 lies on it in any case. It also does if the values begin near 0.
  package init(
    _ title: String, covering values: [Double], format: Format = .number, includesZero: Bool = false,
    bounds: ClosedRange<Double>? = nil
  ) {
    let values = values.filter(\.isFinite)
    var (low, high) = (values.min() ?? 0, values.max() ?? 1)
    if includesZero || (low > 0 && low < 0.4 * high) { (low, high) = (min(low, 0), max(high, 0)) }
    if low == high { (low, high) = low == 0 ? (0, 1) : (low - abs(low) * 0.1, high + abs(high) * 0.1) }
    let step = Self.step(low, high, format)
    var ticks = Self.ticks(low, high, step)
    if let bounds {
      let kept = ticks.filter { bounds.contains($0) }
      // Rounding outwards may have left the bounds, values may not be beyond what is kept.
      if let first = kept.first, let last = kept.last, kept.count > 1, first <= low, last >= high { ticks = kept }
    }
    self.title = title
    self.ticks = ticks
    self.format = format
  }

  /// About four steps, of 1, 2 or 5 times a power of ten (Heckbert 1990, "Nice numbers for graph labels").
  private static func step(_ low: Double, _ high: Double, _ format: Format) -> Double {
    let rough = (high - low) / 4
    let power = pow(10, floor(log10(rough)))
    let fraction = rough / power
    let nice = (fraction < 1.5 ? 1 : fraction < 3 ? 2 : fraction < 7 ? 5 : 10.0) * power
    return format == .count ? max(1, nice.rounded()) : nice
  }

  private static func ticks(_ low: Double, _ high: Double, _ step: Double) -> [Double] {
    // The tolerance keeps a value that is a tick but for rounding from adding one more.
    let (first, last) = (floor(low / step + 1e-9), ceil(high / step - 1e-9))
    return stride(from: first, through: max(last, first + 1), by: 1).map { $0 * step }
  }

  /// What stands at a tick: as many digits as the steps need.
  package func label(_ tick: Double) -> String {
    let scale = format == .percent ? 100.0 : format == .count && tick < 0 ? -1 : 1
    let step = (ticks[1] - ticks[0]) * abs(scale)
    let digits = step >= 1 ? 0 : Int(ceil(-log10(step) - 1e-9))
    let text = String(format: "%.\(min(digits, 9))f", tick * scale)
    return Self.grouped(text) + (format == .percent ? " %" : "")
  }

  /// Thousands are set apart by a narrow space, which no country reads as a decimal point.
  private static func grouped(_ text: String) -> String {
    let parts = text.split(separator: ".", maxSplits: 1)
    let digits = parts[0].drop { $0 == "-" }
    guard digits.count > 4 else { return text }
    let head = digits.count % 3
    var groups = head > 0 ? [digits.prefix(head)] : []
    var rest = digits.dropFirst(head)
    while !rest.isEmpty {
      groups.append(rest.prefix(3))
      rest = rest.dropFirst(3)
    }
    return (text.hasPrefix("-") ? "-" : "") + groups.joined(separator: "\u{202F}")
      + (parts.count > 1 ? ".\(parts[1])" : "")
  }
}
