import CMLX

/// An array of numbers on the CPU or the GPU, or a computation that will make one when its values are asked for.
///
/// A value: operations make new tensors and change none. All work of MLX runs one call at a time, so tensors may be
/// used from any thread.
package struct Tensor: Sendable {
  private let storage: Storage

  /// Owns a handle. Sendable because a handle never changes and every function of CMLX takes MLX's one lock.
  private final class Storage: @unchecked Sendable {
    let handle: cmlx_array
    init(_ handle: cmlx_array) { self.handle = handle }
    deinit { cmlx_free(handle) }
  }

  /// Takes ownership of what a function of CMLX returned; throws its complaint if that is nil.
  init(_ handle: cmlx_array?, _ operation: String) throws(TrainingError) {
    guard let handle else { throw Self.failure(operation) }
    storage = Storage(handle)
  }

  /// Calls `body` with the handle, which is valid until `body` returns.
  func withHandle<Result>(_ body: (cmlx_array) -> Result) -> Result {
    withExtendedLifetime(storage) { body(storage.handle) }
  }

  static func withHandles<Result>(_ tensors: [Tensor], _ body: ([cmlx_array?]) -> Result) -> Result {
    withExtendedLifetime(tensors) { body(tensors.map(\.storage.handle)) }
  }

  static func failure(_ operation: String) -> TrainingError {
    .operation(name: operation, reason: String(cString: cmlx_error()))
  }

  // MARK: - Values

  /// F32 numbers in row-major order.
  package init(_ values: [Float], shape: [Int]) throws(TrainingError) {
    try Self.check(values.count, shape)
    try self.init(cmlx_f32(values, shape.map(Int32.init), Int32(shape.count)), "a tensor of \(shape)")
  }

  /// I32 numbers in row-major order.
  package init(integers values: [Int32], shape: [Int]) throws(TrainingError) {
    try Self.check(values.count, shape)
    try self.init(cmlx_i32(values, shape.map(Int32.init), Int32(shape.count)), "a tensor of \(shape)")
  }

  /// U32 numbers in row-major order.
  init(unsigned values: [UInt32], shape: [Int]) throws(TrainingError) {
    try Self.check(values.count, shape)
    try self.init(cmlx_u32(values, shape.map(Int32.init), Int32(shape.count)), "a tensor of \(shape)")
  }

  package init(_ value: Float) throws(TrainingError) { try self.init([value], shape: []) }

  init(_ value: Bool) throws(TrainingError) { try self.init(cmlx_bool(value), "a truth value") }

  package static func zeros(_ shape: [Int]) throws(TrainingError) -> Tensor {
    try Tensor(cmlx_zeros(shape.map(Int32.init), Int32(shape.count)), "zeros of \(shape)")
  }

  private static func check(_ count: Int, _ shape: [Int]) throws(TrainingError) {
    guard shape.allSatisfy({ 0...Int(Int32.max) ~= $0 }), count == shape.reduce(1, *) else {
      throw .operation(name: "a tensor of \(shape)", reason: "\(count) numbers don't fill it")
    }
  }

  package var shape: [Int] {
    withHandle { handle in (0..<cmlx_dimensions(handle)).map { Int(cmlx_dimension(handle, $0)) } }
  }

  package var count: Int { withHandle { cmlx_size($0) } }

  var type: cmlx_type { withHandle { cmlx_type_of($0) } }

  /// Computes and copies all numbers, in row-major order.
  package func values() throws(TrainingError) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    guard withHandle({ cmlx_read_f32($0, &values, values.count) }) else { throw Self.failure("reading values") }
    return values
  }

  func integers() throws(TrainingError) -> [Int64] {
    var values = [Int64](repeating: 0, count: count)
    guard withHandle({ cmlx_read_i64($0, &values, values.count) }) else { throw Self.failure("reading values") }
    return values
  }

  /// The number of a tensor that has one element.
  package func item() throws(TrainingError) -> Float { try values()[0] }

  /// Computes what `tensors` stand for, in one go.
  package static func evaluate(_ tensors: [Tensor]) throws(TrainingError) {
    guard withHandles(tensors, { cmlx_eval($0, $0.count) }) else { throw failure("evaluating") }
  }

  package func asF32() throws(TrainingError) -> Tensor {
    try Tensor(withHandle { cmlx_convert($0, CMLX_F32) }, "a conversion to F32")
  }

  package func asF16() throws(TrainingError) -> Tensor {
    try Tensor(withHandle { cmlx_convert($0, CMLX_F16) }, "a conversion to F16")
  }
}
