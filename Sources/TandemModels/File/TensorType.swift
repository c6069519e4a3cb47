/// How ggml stores the numbers of a tensor: so many elements in a block of so many bytes.
struct TensorType: Sendable, Hashable {
  let elements: UInt64
  let bytes: UInt64

  /// The types that a file may have, by their number in it; nil for one that this version does not list.
  ///
  /// From `type_traits` in llama.cpp's ggml.c.
  static func known(_ number: UInt32) -> Self? { table[number].map { Self(elements: $0.0, bytes: $0.1) } }

  /// No type takes more than eight bytes an element.
  static let widest = Self(elements: 1, bytes: 8)

  private static let table: [UInt32: (UInt64, UInt64)] = [
    // Plain numbers: F32, F16, I8, I16, I32, I64, F64, BF16.
    0: (1, 4), 1: (1, 2), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 30: (1, 2),
    // Q4_0 to Q8_1.
    2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
    // Q2_K to Q8_K.
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    // IQ2_XXS, IQ2_XS, IQ3_XXS, IQ1_S, IQ4_NL, IQ3_S, IQ2_S, IQ4_XS, IQ1_M.
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82),
    23: (256, 136), 29: (256, 56),
    // TQ1_0, TQ2_0, MXFP4, NVFP4.
    34: (256, 54), 35: (256, 66), 39: (32, 17), 40: (64, 36),
  ]

  /// Bytes of so many elements; nil if that is not a whole number of blocks, or too large to be one.
  func size(of count: UInt64) -> UInt64? {
    let (size, overflows) = (count / elements).multipliedReportingOverflow(by: bytes)
    return count % elements == 0 && !overflows ? size : nil
  }
}
