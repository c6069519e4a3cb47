import Foundation

/// What the header of a GGUF file says about the file: enough to tell whether all of it is there.
///
/// Read without an engine, so that a download can be judged while it arrives. TandemLlama reads headers through
/// llama.cpp, which is what has to accept them there; a file that is still arriving it would refuse.
struct ModelFile: Sendable, Hashable {
  /// The end of its last tensor: a shorter file is not whole.
  let byteCount: Int64
  /// With the padding that most writers put after it: a longer file has something else at its end.
  let longestByteCount: Int64

  /// Why a header can't be read.
  enum Fault: Error, Hashable {
    /// It continues after the end of the file.
    case cutShort
    /// A clause that begins with "it".
    case invalid(String)
  }

  /// No header is as long: that of a vocabulary with 262,144 tokens has 16 MB.
  static let longestHeader: Int64 = 256 << 20

  init(_ url: URL) throws(Fault) {
    var reader = try HeaderReader(url)
    if let fault = Self.fault(inBeginning: try reader.beginning(24)) { throw .invalid(fault) }
    let version: UInt32 = try reader.integer()
    guard (2...3).contains(version) else { throw .invalid("it is a GGUF file of version \(version), not 2 or 3") }
    let tensors: UInt64 = try reader.integer()
    let values: UInt64 = try reader.integer()
    var alignment: UInt64 = 32
    for _ in 0..<values {
      let key = try reader.text()
      let type: UInt32 = try reader.integer()
      if key == "general.alignment", type == 4 {
        alignment = UInt64(try reader.integer(UInt32.self))
      } else {
        try reader.skipValue(type)
      }
    }
    guard (1...1 << 20).contains(alignment) else { throw .invalid("its alignment is \(alignment)") }
    try self.init(&reader, tensors: tensors, alignment: alignment)
  }

  private init(_ reader: inout HeaderReader, tensors: UInt64, alignment: UInt64) throws(Fault) {
    var (end, longest) = (UInt64(0), UInt64(0))
    for _ in 0..<tensors {
      let tensor = try Tensor(&reader)
      (end, longest) = (max(end, tensor.end), max(longest, tensor.longestEnd))
    }
    func padded(_ count: UInt64) -> UInt64 { (count + alignment - 1) / alignment * alignment }
    let start = padded(UInt64(reader.position))
    guard padded(longest) <= UInt64(Int64.max) - start else { throw .invalid("its tensors are larger than any file") }
    byteCount = tensors == 0 ? reader.position : Int64(start + end)
    longestByteCount = Int64(start + padded(longest))
  }

  /// What is wrong with the file at `url`, as a clause that begins with "it"; nil if all of it is there.
  static func fault(in url: URL) -> String? {
    do throws(Fault) {
      let (needed, size) = (try Self(url).byteCount, ModelStore.size(url) ?? 0)
      return size < needed ? "it ends after \(size) of \(needed) bytes" : nil
    } catch {
      return switch error {
      case .cutShort: "it ends within its header"
      case .invalid(let reason): reason
      }
    }
  }

  /// What is wrong with a file that begins with these bytes, as a clause that begins with "it".
  static func fault(inBeginning bytes: [UInt8]) -> String? {
    if bytes.isEmpty { return "it is empty" }
    if bytes.starts(with: "GGUF".utf8) { return nil }
    return "it does not begin as a GGUF file does, but with \(quoted(bytes))"
  }

  /// Foreign bytes for people: the first line if it is plain text.
  fileprivate static func quoted(_ bytes: [UInt8]) -> String {
    let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
    return line.allSatisfy { (0x20..<0x7F).contains($0) } && !line.isEmpty
      ? "\"\(String(decoding: line, as: UTF8.self))\""
      : "the bytes " + bytes.prefix(8).map { String(format: "%02x", $0) }.joined(separator: " ")
  }
}

extension ModelFile {
  /// One entry of the list of tensors.
  private struct Tensor {
    /// Where its bytes end, counted from the first tensor; for a type that is not listed here, where they begin.
    let end: UInt64
    /// As `end`, but where the bytes of any type end.
    let longestEnd: UInt64

    init(_ reader: inout HeaderReader) throws(Fault) {
      let name = ModelFile.quoted(Array(try reader.text().utf8.prefix(64)))
      let dimensions: UInt32 = try reader.integer()
      guard dimensions <= 4 else { throw .invalid("its tensor \(name) has \(dimensions) dimensions") }
      var elements: UInt64 = 1
      for _ in 0..<dimensions {
        let (product, overflows) = elements.multipliedReportingOverflow(by: try reader.integer())
        guard !overflows else { throw .invalid("its tensor \(name) is larger than any file") }
        elements = product
      }
      let type = TensorType.known(try reader.integer())
      let offset: UInt64 = try reader.integer()
      guard let longest = (type ?? .widest).size(of: elements), longest < 1 << 62, offset < 1 << 62 else {
        throw .invalid("its tensor \(name) has a shape that is none")
      }
      end = offset + (type == nil ? 0 : longest)
      longestEnd = offset + longest
    }
  }
}

extension HeaderReader {
  fileprivate mutating func skipValue(_ type: UInt32) throws(ModelFile.Fault) {
    switch type {
    case 8: try skip(integer())
    case 9:
      let element: UInt32 = try integer()
      let count: UInt64 = try integer()
      if element == 8 {
        for _ in 0..<count { try skip(integer()) }
      } else {
        let (size, overflows) = try Self.size(of: element).multipliedReportingOverflow(by: count)
        guard !overflows else { throw .cutShort }
        try skip(size)
      }
    default: try skip(Self.size(of: type))
    }
  }

  /// Bytes of a value of fixed size: 8 to 64-bit integers, floating-point numbers and truth values.
  private static func size(of type: UInt32) throws(ModelFile.Fault) -> UInt64 {
    let sizes: [UInt64?] = [1, 1, 2, 2, 4, 4, 4, 1, nil, nil, 8, 8, 8]
    guard type < sizes.count, let size = sizes[Int(type)] else { throw .invalid("a value in it has the type \(type)") }
    return size
  }
}
