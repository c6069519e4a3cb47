/// One value of a GGUF file's metadata.
package enum GGUFValue: Sendable, Hashable {
  case string(String)
  case strings([String])
  case bool(Bool)
  case uint32(UInt32)
  case int32(Int32)
  case float32(Float)
  case uint32s([UInt32])
  case int32s([Int32])
  case float32s([Float])

  package var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  package var strings: [String]? {
    if case .strings(let value) = self { value } else { nil }
  }

  /// A whole number, whatever its type in the file.
  package var integer: Int? {
    switch self {
    case .uint32(let value): Int(value)
    case .int32(let value): Int(value)
    default: nil
    }
  }

  package var real: Float? {
    if case .float32(let value) = self { value } else { nil }
  }
}
