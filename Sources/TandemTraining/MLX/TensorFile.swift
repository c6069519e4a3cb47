import CMLX
import FoundationEssentials

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Named tensors and metadata: the contents of a GGUF or safetensors file.
package struct TensorFile: Sendable {
  package var tensors: [String: Tensor]
  package var metadata: [String: GGUFValue]

  package init(tensors: [String: Tensor] = [:], metadata: [String: GGUFValue] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  package enum Format: Sendable {
    case gguf
    /// Its metadata are strings only.
    case safetensors
  }

  /// Reads a whole file. Quantised tensors become F32. Throws `fileUnreadable`, or `fileInvalid` for what MLX can't read.
  package init(path: String, _ format: Format) throws(TrainingError) {
    // Says what is wrong before MLX looks at a file that is no GGUF at all.
    try Self.checkBeginning(of: path, format)
    let opened = format == .gguf ? cmlx_read_gguf(path) : cmlx_read_safetensors(path)
    guard let file = opened else { throw Self.failure(path, String(cString: cmlx_error())) }
    defer { cmlx_file_free(file) }
    self.init()
    for index in 0..<cmlx_file_array_count(file) {
      guard let name = cmlx_file_array_name(file, index) else { continue }
      tensors[String(cString: name)] = try Tensor(cmlx_file_array(file, index), "reading \(path)")
    }
    for index in 0..<cmlx_file_metadata_count(file) {
      guard let key = cmlx_file_metadata_key(file, index) else { continue }
      metadata[String(cString: key)] = try Self.value(file, index)
    }
  }

  /// Writes beside `path` first, so that a file of that name is always whole. Throws `fileUnwritable`.
  package func write(to path: String, _ format: Format) throws(TrainingError) {
    guard let file = cmlx_file_new() else { throw .fileUnwritable(path: path, reason: "there is no memory left") }
    defer { cmlx_file_free(file) }
    for (name, tensor) in tensors {
      guard tensor.withHandle({ cmlx_file_set_array(file, name, $0) }) else { throw Tensor.failure("writing \(name)") }
    }
    for (key, value) in metadata { try Self.set(value, key, in: file) }
    // MLX adds the ending itself if a name lacks it.
    let partial = path + (format == .gguf ? ".partial.gguf" : ".partial.safetensors")
    let isWritten = format == .gguf ? cmlx_write_gguf(file, partial) : cmlx_write_safetensors(file, partial)
    guard isWritten else {
      let reason = String(cString: cmlx_error())
      try? FileManager.default.removeItem(atPath: partial)
      throw .fileUnwritable(path: path, reason: reason)
    }
    try TrainingFile.publish(partial, as: path)
  }

  private static func failure(_ path: String, _ reason: String) -> TrainingError {
    // What MLX says of every number format that it does not know.
    guard reason.contains("gguf_tensor_to_f16") else { return .fileUnreadable(path: path, reason: reason) }
    return .fileInvalid(
      path: path, reason: "it has tensors in a number format that can't be trained; F32, F16, Q8_0, Q4_0 and Q4_1 can")
  }

  private static func checkBeginning(of path: String, _ format: Format) throws(TrainingError) {
    guard let file = fopen(path, "rb") else {
      throw .fileUnreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { fclose(file) }
    var magic = [UInt8](repeating: 0, count: 4)
    let count = fread(&magic, 1, magic.count, file)
    guard format == .safetensors || (count == 4 && magic == Array("GGUF".utf8)) else {
      throw .fileInvalid(path: path, reason: "it does not begin as a GGUF file does")
    }
  }

  private static func value(_ file: cmlx_file, _ index: Int) throws(TrainingError) -> GGUFValue? {
    func string(_ element: Int) -> String {
      var count = 0
      let bytes = UnsafeRawBufferPointer(start: cmlx_file_string(file, index, element, &count), count: count)
      return String(decoding: bytes, as: UTF8.self)
    }
    switch cmlx_file_metadata_kind(file, index) {
    case CMLX_STRING: return .string(string(0))
    case CMLX_STRINGS: return .strings((0..<cmlx_file_string_count(file, index)).map(string))
    case CMLX_NUMBERS: break
    default: return nil
    }
    let numbers = try Tensor(cmlx_file_numbers(file, index), "reading metadata")
    let isSingle = numbers.shape.isEmpty
    switch numbers.type {
    case CMLX_F32: return isSingle ? .float32(try numbers.item()) : .float32s(try numbers.values())
    case CMLX_BOOL where isSingle: return .bool(try numbers.integers()[0] != 0)
    case CMLX_I32:
      let values = try numbers.integers().map(Int32.init)
      return isSingle ? .int32(values[0]) : .int32s(values)
    default:
      let values = try numbers.integers().map { UInt32(clamping: $0) }
      return isSingle ? .uint32(values[0]) : .uint32s(values)
    }
  }

  private static func set(_ value: GGUFValue, _ key: String, in file: cmlx_file) throws(TrainingError) {
    func set(_ strings: [String], isArray: Bool) throws(TrainingError) {
      // One buffer for all, and where each begins in it.
      var (bytes, starts): ([CChar], [Int]) = ([], [])
      for string in strings {
        starts.append(bytes.count)
        bytes += string.utf8CString
      }
      let isSet = bytes.withUnsafeBufferPointer { buffer in
        let pointers = starts.map { start in buffer.baseAddress.map { $0 + start } }
        return cmlx_file_set_strings(file, key, pointers, pointers.count, isArray)
      }
      guard isSet else { throw Tensor.failure("writing \(key)") }
    }
    func set(_ numbers: Tensor) throws(TrainingError) {
      guard numbers.withHandle({ cmlx_file_set_numbers(file, key, $0) }) else { throw Tensor.failure("writing \(key)") }
    }
    switch value {
    case .string(let string): try set([string], isArray: false)
    case .strings(let strings): try set(strings, isArray: true)
    case .bool(let value): try set(Tensor(value))
    case .uint32(let value): try set(Tensor(unsigned: [value], shape: []))
    case .int32(let value): try set(Tensor(integers: [value], shape: []))
    case .float32(let value): try set(Tensor(value))
    case .uint32s(let values): try set(Tensor(unsigned: values, shape: [values.count]))
    case .int32s(let values): try set(Tensor(integers: values, shape: [values.count]))
    case .float32s(let values): try set(Tensor(values, shape: [values.count]))
    }
  }
}
