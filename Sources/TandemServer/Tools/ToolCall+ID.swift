import TandemInference

extension ToolCall {
  /// The length of an id that every family's templates take.
  static let idLength = 9

  /// An id of letters and digits, drawn with `generator`.
  static func makeID(using generator: inout some RandomNumberGenerator) -> String {
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".map { $0 }
    return String((0..<idLength).map { _ in letters[Int.random(in: letters.indices, using: &generator)] })
  }
}
