import CMLX

extension Tensor {
  private func combined(_ operation: cmlx_binary_operation, _ other: Tensor, _ name: String) throws(TrainingError)
    -> Tensor
  {
    try Tensor(withHandle { a in other.withHandle { b in cmlx_binary(operation, a, b) } }, name)
  }

  private func changed(_ operation: cmlx_unary_operation, _ name: String) throws(TrainingError) -> Tensor {
    try Tensor(withHandle { cmlx_unary(operation, $0) }, name)
  }

  package static func + (a: Tensor, b: Tensor) throws(TrainingError) -> Tensor { try a.combined(CMLX_ADD, b, "+") }
  package static func - (a: Tensor, b: Tensor) throws(TrainingError) -> Tensor { try a.combined(CMLX_SUBTRACT, b, "-") }
  package static func * (a: Tensor, b: Tensor) throws(TrainingError) -> Tensor { try a.combined(CMLX_MULTIPLY, b, "*") }
  package static func / (a: Tensor, b: Tensor) throws(TrainingError) -> Tensor { try a.combined(CMLX_DIVIDE, b, "/") }
  package static func * (a: Tensor, b: Float) throws(TrainingError) -> Tensor { try a * Tensor(b) }

  package func maximum(_ other: Tensor) throws(TrainingError) -> Tensor { try combined(CMLX_MAXIMUM, other, "maximum") }
  package func minimum(_ other: Tensor) throws(TrainingError) -> Tensor { try combined(CMLX_MINIMUM, other, "minimum") }
  /// [m, k] times [k, n] -> [m, n].
  package func matrixMultiplied(by other: Tensor) throws(TrainingError) -> Tensor {
    try combined(CMLX_MATMUL, other, "a matrix product")
  }

  package func exp() throws(TrainingError) -> Tensor { try changed(CMLX_EXP, "exp") }
  package func log() throws(TrainingError) -> Tensor { try changed(CMLX_LOG, "log") }
  package func squared() throws(TrainingError) -> Tensor { try changed(CMLX_SQUARE, "square") }
  package func negated() throws(TrainingError) -> Tensor { try changed(CMLX_NEGATIVE, "negative") }
  /// The sum of all elements, as a scalar.
  package func sum() throws(TrainingError) -> Tensor { try changed(CMLX_SUM, "sum") }
  package func mean() throws(TrainingError) -> Tensor { try changed(CMLX_MEAN, "mean") }
  package func transposed() throws(TrainingError) -> Tensor { try changed(CMLX_TRANSPOSE, "transpose") }
  /// The same numbers, which gradients do not pass.
  package func detached() throws(TrainingError) -> Tensor { try changed(CMLX_STOP_GRADIENT, "stop gradient") }

  package func reshaped(_ shape: [Int]) throws(TrainingError) -> Tensor {
    try Tensor(withHandle { cmlx_reshape($0, shape.map(Int32.init), Int32(shape.count)) }, "a reshape to \(shape)")
  }

  /// The sum along `axis`, which goes away.
  package func sum(along axis: Int) throws(TrainingError) -> Tensor {
    try Tensor(withHandle { cmlx_sum_along($0, Int32(axis)) }, "a sum along \(axis)")
  }
}
