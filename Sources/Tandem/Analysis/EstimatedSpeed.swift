public import TandemInference

/// The estimated speed of Speculative Thinking (arXiv:2504.12329, Eq. 1): tokens over operations, times 3.12e10.
///
/// A number to compare with the paper's tables, and not a measurement: the constant is no device's, the formula counts
/// one layer, and grouped queries and the output matrix are left out. `ModelShape.operations` is what a model does.
public struct EstimatedSpeed: Sendable, Hashable {
  public var formula: Formula

  public enum Formula: String, Sendable, Codable, CaseIterable {
    /// Eq. 1 as printed.
    case printed
    /// As the released notebook computed the published speeds: it writes `h^2` and `s^2`, which is XOR in Python.
    case paperCompat = "paper-compat"
  }

  public init(_ formula: Formula = .printed) { self.formula = formula }

  /// "GPU capacity", in operations a second.
  public static let capacity = 3.12e10

  /// Reading a prompt of `s` tokens: 8sh² + 16sh + 4s²h + 4s²n + 6shh′ + 2sh′.
  public func prefill(_ s: Int, _ model: ModelShape) -> Double {
    let (h, f, n) = (model.width, model.feedForward, model.heads)
    return Double(
      8 * s * square(h) + 16 * s * h + 4 * square(s) * h + 4 * square(s) * n + 6 * s * h * f + 2 * s * f)
  }

  /// Writing a token after `s` others: 8h² + 16h + 4sh + 4sn + 6hh′ + 2h′.
  public func decode(after s: Int, _ model: ModelShape) -> Double {
    let (h, f, n) = (model.width, model.feedForward, model.heads)
    return Double(8 * square(h) + 16 * h + 4 * s * h + 4 * s * n + 6 * h * f + 2 * f)
  }

  /// Writing `count` tokens after `s` others, one by one.
  public func decode(_ count: Int, after s: Int, _ model: ModelShape) -> Double {
    // The sum of the line above: all but the term with s is the same each time.
    let first = decode(after: s, model)
    let slope = Double(4 * (model.width + model.heads))
    return Double(count) * first + slope * Double(count * (count - 1)) / 2
  }

  /// Reading what the other model wrote: as one token, since the figures in the paper's Fig. 5 hardly grow with it.
  public func prefix(after s: Int, _ model: ModelShape) -> Double { decode(after: s, model) }

  /// Tokens a second of the imagined device.
  public func speed(tokens: Int, operations: Double) -> Double { Double(tokens) / (operations / Self.capacity) }

  private func square(_ x: Int) -> Int { formula == .printed ? x * x : x ^ 2 }
}
