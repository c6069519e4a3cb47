public import TandemInference

/// The estimated speed of Speculative Thinking (arXiv:2504.12329, Eq. 1): tokens over operations, times 3.12e10.
///
/// A number to compare with the paper's tables, not a measurement: the constant belongs to no device, the formula
/// counts one layer, and grouped queries and the output matrix are left out. `RoleUsage.operations(of:)` counts a whole
/// model.
public struct EstimatedSpeed: Sendable, Hashable {
  /// The version of Eq. 1.
  public var formula: Formula

  /// The version of Eq. 1.
  public enum Formula: String, Sendable, Codable, CaseIterable {
    /// Eq. 1 as printed.
    case printed
    /// As the released notebook computed the published speeds: with `h^2` and `s^2`, which is XOR in Python.
    case paperCompat = "paper-compat"
  }

  /// Estimates by one version of the formula.
  public init(_ formula: Formula = .printed) { self.formula = formula }

  /// The paper's "GPU capacity", in operations a second.
  public static let capacity = 3.12e10

  /// The operations for reading a prompt of `s` tokens: 8sh² + 16sh + 4s²h + 4s²n + 6shh′ + 2sh′.
  public func prefill(_ s: Int, _ model: ModelShape) -> Double {
    let (h, f, n) = (model.width, model.feedForward, model.heads)
    return Double(
      8 * s * square(h) + 16 * s * h + 4 * square(s) * h + 4 * square(s) * n + 6 * s * h * f + 2 * s * f)
  }

  /// The operations for writing a token after `s` others: 8h² + 16h + 4sh + 4sn + 6hh′ + 2h′.
  public func decode(after s: Int, _ model: ModelShape) -> Double {
    let (h, f, n) = (model.width, model.feedForward, model.heads)
    return Double(8 * square(h) + 16 * h + 4 * s * h + 4 * s * n + 6 * h * f + 2 * f)
  }

  /// The operations for writing `count` tokens after `s` others, one by one.
  public func decode(_ count: Int, after s: Int, _ model: ModelShape) -> Double {
    // The sum over the tokens: only the term with s grows.
    let first = decode(after: s, model)
    let slope = Double(4 * (model.width + model.heads))
    return Double(count) * first + slope * Double(count * (count - 1)) / 2
  }

  /// The operations for reading what the other model wrote: those of one token, since the figures in the paper's Fig. 5
  /// hardly grow with its length.
  public func prefix(after s: Int, _ model: ModelShape) -> Double { decode(after: s, model) }

  /// Tokens a second of the paper's device.
  public func speed(tokens: Int, operations: Double) -> Double { Double(tokens) / (operations / Self.capacity) }

  private func square(_ x: Int) -> Int { formula == .printed ? x * x : x ^ 2 }
}
