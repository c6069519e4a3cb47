import Foundation

/// A GGUF file taken apart, to be changed and put together again.
struct GGUFImage {
  struct Value {
    var key: String
    var type: UInt32
    var bytes: [UInt8]
  }

  struct Tensor {
    var name: String
    var sizes: [UInt64]
    var type: UInt32
    var offset: UInt64
  }

  var values: [Value] = []
  var tensors: [Tensor] = []
  /// The weights.
  var data: [UInt8] = []

  private static let sizes: [UInt32: Int] = [
    0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8,
  ]

  init(_ file: [UInt8]) {
    var place = 8
    func read<Number: FixedWidthInteger>(_: Number.Type) -> Number {
      defer { place += MemoryLayout<Number>.size }
      return file[place..<place + MemoryLayout<Number>.size].reversed().reduce(0) { $0 << 8 | Number($1) }
    }
    func text() -> String {
      let length = Int(read(UInt64.self))
      defer { place += length }
      return String(decoding: file[place..<place + length], as: UTF8.self)
    }
    func skip(_ type: UInt32) {
      if type == 8 {
        _ = text()
      } else if type == 9 {
        let (element, count) = (read(UInt32.self), read(UInt64.self))
        for _ in 0..<count { skip(element) }
      } else {
        place += Self.sizes[type] ?? 0
      }
    }
    let (tensorCount, valueCount) = (read(UInt64.self), read(UInt64.self))
    for _ in 0..<valueCount {
      let (key, type) = (text(), read(UInt32.self))
      let start = place
      skip(type)
      values.append(Value(key: key, type: type, bytes: Array(file[start..<place])))
    }
    for _ in 0..<tensorCount {
      let (name, count) = (text(), read(UInt32.self))
      tensors.append(
        Tensor(
          name: name, sizes: (0..<count).map { _ in read(UInt64.self) }, type: read(UInt32.self),
          offset: read(UInt64.self)))
    }
    data = Array(file[((place + 31) / 32 * 32)...])
  }

  /// - Parameter alignment: Where the weights begin is a multiple of this.
  func bytes(alignment: Int = 32) -> [UInt8] {
    var file = Array("GGUF".utf8) + Self.little(UInt32(3))
    file += Self.little(UInt64(tensors.count)) + Self.little(UInt64(values.count))
    for value in values { file += Self.text(value.key) + Self.little(value.type) + value.bytes }
    for tensor in tensors {
      file += Self.text(tensor.name) + Self.little(UInt32(tensor.sizes.count))
      for size in tensor.sizes { file += Self.little(size) }
      file += Self.little(tensor.type) + Self.little(tensor.offset)
    }
    file += [UInt8](repeating: 0, count: (alignment - file.count % alignment) % alignment)
    return file + data
  }

  static func little(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  static func text(_ text: String) -> [UInt8] { little(UInt64(text.utf8.count)) + text.utf8 }

  mutating func set(_ key: String, _ type: UInt32, _ bytes: [UInt8]) {
    values.removeAll { $0.key == key }
    values.append(Value(key: key, type: type, bytes: bytes))
  }

  mutating func set(_ key: String, text: String) { set(key, 8, Self.text(text)) }

  mutating func setType(of tensor: String, _ type: UInt32) {
    for index in tensors.indices where tensors[index].name == tensor { tensors[index].type = type }
  }
}
