import Foundation

/// All that the GGUF files of a model hold: metadata, and tensors whose numbers are read when they are asked for.
struct ModelContents {
  let metadata: [String: Value]
  /// In the order of the files.
  let tensors: [Tensor]
  /// Where the metadata of the first file ends, and where in it the format of its numbers stands.
  let places: (end: Int64, fileType: Int64?)

  /// A value of the metadata.
  enum Value: Hashable {
    case text(String)
    case integer(Int64)
    case real(Double)
    case flag(Bool)
    case list([Value])
  }

  /// A tensor, and where its numbers are.
  struct Tensor {
    let name: String
    /// The outer dimension first, as in C: rows, then the numbers in each.
    let shape: [Int]
    /// The number of its type in the file.
    let type: UInt32
    let url: URL
    /// From the beginning of the file.
    let offset: UInt64
  }

  /// - Parameter urls: The files of one model, in order; the first has the metadata.
  /// - Throws: `ModelError.damaged` with the file that is not whole.
  init(_ urls: [URL]) throws(ModelError) {
    var (metadata, tensors): ([String: Value], [Tensor]) = ([:], [])
    var places: (end: Int64, fileType: Int64?)?
    for url in urls {
      if let reason = ModelFile.fault(in: url) { throw .damaged(path: url.path, reason: reason) }
      do throws(ModelFile.Fault) {
        let part = try Self.read(url)
        metadata.merge(part.metadata) { first, _ in first }
        tensors += part.tensors
        places = places ?? part.places
      } catch {
        let reason = if case .invalid(let reason) = error { reason } else { "it ends within its header" }
        throw .damaged(path: url.path, reason: reason)
      }
    }
    (self.metadata, self.tensors, self.places) = (metadata, tensors, places ?? (0, nil))
  }

  // What `ModelFile` has accepted: its counts are below the size of the file, and its shapes are shapes.
  private static func read(
    _ url: URL
  ) throws(ModelFile.Fault) -> (metadata: [String: Value], tensors: [Tensor], places: (end: Int64, fileType: Int64?)) {
    var reader = try HeaderReader(url)
    try reader.skip(8)
    let tensorCount: UInt64 = try reader.integer()
    let valueCount: UInt64 = try reader.integer()
    var metadata: [String: Value] = [:]
    var places: (end: Int64, fileType: Int64?) = (0, nil)
    for _ in 0..<valueCount {
      let key = try reader.text()
      let type: UInt32 = try reader.integer()
      if key == "general.file_type", type == 4 { places.fileType = reader.position }
      metadata[key] = try reader.value(type)
    }
    places.end = reader.position
    var entries: [(name: String, shape: [Int], type: UInt32, offset: UInt64)] = []
    for _ in 0..<tensorCount {
      let name = try reader.text()
      var shape: [Int] = []
      for _ in 0..<(try reader.integer(UInt32.self)) { shape.insert(Int(try reader.integer(UInt64.self)), at: 0) }
      entries.append((name, shape, try reader.integer(), try reader.integer()))
    }
    let alignment = if case .integer(let number)? = metadata["general.alignment"] { UInt64(number) } else { UInt64(32) }
    let start = (UInt64(reader.position) + alignment - 1) / alignment * alignment
    let tensors = entries.map {
      Tensor(name: $0.name, shape: $0.shape, type: $0.type, url: url, offset: start + $0.offset)
    }
    return (metadata, tensors, places)
  }
}

extension ModelContents {
  func text(_ key: String) -> String? { if case .text(let text)? = metadata[key] { text } else { nil } }

  func integer(_ key: String) -> Int? { if case .integer(let number)? = metadata[key] { Int(number) } else { nil } }

  func real(_ key: String) -> Double? { if case .real(let number)? = metadata[key] { number } else { nil } }

  func flag(_ key: String) -> Bool? { if case .flag(let flag)? = metadata[key] { flag } else { nil } }

  func texts(_ key: String) -> [String]? {
    guard case .list(let values)? = metadata[key] else { return nil }
    return values.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  func integers(_ key: String) -> [Int]? {
    guard case .list(let values)? = metadata[key] else { return nil }
    return values.compactMap { if case .integer(let number) = $0 { Int(number) } else { nil } }
  }
}

extension HeaderReader {
  /// A value of the metadata, by the number of its type.
  fileprivate mutating func value(_ type: UInt32) throws(ModelFile.Fault) -> ModelContents.Value {
    switch type {
    case 0: .integer(Int64(try integer(UInt8.self)))
    case 1: .integer(Int64(try integer(Int8.self)))
    case 2: .integer(Int64(try integer(UInt16.self)))
    case 3: .integer(Int64(try integer(Int16.self)))
    case 4: .integer(Int64(try integer(UInt32.self)))
    case 5: .integer(Int64(try integer(Int32.self)))
    case 6: .real(shortest(Float(bitPattern: try integer())))
    case 7: .flag(try integer(UInt8.self) != 0)
    // Chat templates can be long.
    case 8: .text(try text(limit: 1 << 24))
    case 9: try list(of: integer())
    case 10: .integer(Int64(clamping: try integer(UInt64.self)))
    case 11: .integer(try integer())
    case 12: .real(Double(bitPattern: try integer()))
    default: throw .invalid("a value in it has the type \(type)")
    }
  }

  /// 0.00001, if that is what a number of 32 bits was made of, and not the 0.0000099999997 that it is.
  private func shortest(_ number: Float) -> Double { Double("\(number)") ?? Double(number) }

  private mutating func list(of type: UInt32) throws(ModelFile.Fault) -> ModelContents.Value {
    let count: UInt64 = try integer()
    var values: [ModelContents.Value] = []
    for _ in 0..<count { values.append(try value(type)) }
    return .list(values)
  }
}
