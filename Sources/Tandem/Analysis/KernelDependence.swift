#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How much one list of vectors depends on another: normalised cross-covariance of Gaussian kernels (HSIC with the
/// weights of kernel CCA), as in the released code of Think or Not? (`hsic_normalized_cca` in mi_estimators.py,
/// chicosirius/think-or-not 5e68c2e).
///
/// tr(Rx Ry), with R = K (K + nεI)⁻¹ and K the centred kernel of n rows of d numbers each, exp(−‖a − b‖² / 2σ²d). 0 is
/// independence; the maximum is n − 1. The code centres on one side only, which has the same trace.
public enum KernelDependence {
  /// The dependence; nil if there are fewer than two rows, if one side has more rows than the other, or if rows differ in
  /// length.
  ///
  /// - Parameters:
  ///   - rows: `[n, d]`.
  ///   - others: `[n, e]`; the i-th of them belongs to the i-th of `rows`.
  ///   - sigma: σ; 5, as in the released script. (Its function's own default of 50 is never used.)
  ///   - epsilon: ε, 1e-5 in the released code.
  public static func value(
    of rows: [[Float]], on others: [[Float]], sigma: Double = 5, epsilon: Double = 1e-5
  ) -> Double? {
    guard rows.count == others.count, rows.count > 1, sigma > 0, epsilon > 0 else { return nil }
    guard Set(rows.map(\.count)).count == 1, Set(others.map(\.count)).count == 1 else { return nil }
    let x = weights(rows, sigma, epsilon)
    let y = weights(others, sigma, epsilon)
    var trace = 0.0
    for row in x.indices { for column in x.indices { trace += x[row][column] * y[column][row] } }
    return trace
  }

  /// R = K (K + nεI)⁻¹. As K = HKH is symmetric, R solves (K + nεI) R = K.
  private static func weights(_ rows: [[Float]], _ sigma: Double, _ epsilon: Double) -> [[Double]] {
    let kernel = centred(kernel(rows, sigma))
    var left = kernel
    for index in left.indices { left[index][index] += Double(left.count) * epsilon }
    return solve(left, kernel)
  }

  private static func kernel(_ rows: [[Float]], _ sigma: Double) -> [[Double]] {
    let width = 2 * sigma * sigma * Double(max(rows[0].count, 1))
    return rows.map { a in
      rows.map { b in
        let distance = zip(a, b).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
        // Centring removes the 1, and rows of length 1 are so close that it would swallow the difference.
        return expm1(-distance / width)
      }
    }
  }

  /// HKH, with H = I − 1/n.
  private static func centred(_ kernel: [[Double]]) -> [[Double]] {
    let count = Double(kernel.count)
    let means = kernel.map { $0.reduce(0, +) / count }
    let mean = means.reduce(0, +) / count
    return kernel.indices.map { row in
      kernel.indices.map { kernel[row][$0] - means[row] - means[$0] + mean }
    }
  }

  /// The X of A X = B, by elimination. A is symmetric, and positive because of its diagonal.
  private static func solve(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    var (a, b) = (a, b)
    for pivot in a.indices {
      let best = a.indices[pivot...].max { abs(a[$0][pivot]) < abs(a[$1][pivot]) } ?? pivot
      a.swapAt(pivot, best)
      b.swapAt(pivot, best)
      for row in a.indices where row != pivot {
        let factor = a[row][pivot] / a[pivot][pivot]
        guard factor != 0 else { continue }
        for column in a.indices { a[row][column] -= factor * a[pivot][column] }
        for column in b[row].indices { b[row][column] -= factor * b[pivot][column] }
      }
    }
    return a.indices.map { row in b[row].map { $0 / a[row][row] } }
  }
}
