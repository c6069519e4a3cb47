package import FoundationEssentials

extension Encodable {
  /// JSON in one line, without its newline. Keys are sorted, so that equal values give equal texts.
  package func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

extension Data {
  /// The lines that are not blank, with their numbers from 1. Lines end in LF, CR LF or CR, and a byte order mark at the
  /// start is skipped: files from other systems are read as they are.
  package var numberedLines: [(number: Int, line: Data)] {
    var lines: [(number: Int, line: Data)] = []
    var number = 1
    var start = starts(with: [0xEF, 0xBB, 0xBF]) ? startIndex + 3 : startIndex
    func take(_ end: Index) {
      let line = self[start..<end]
      if line.contains(where: { $0 > 32 }) { lines.append((number, Data(line))) }
    }
    for index in start..<endIndex where self[index] == 10 || self[index] == 13 {
      take(index)
      // CR LF ends one line, not two.
      if !(self[index] == 13 && index + 1 < endIndex && self[index + 1] == 10) { number += 1 }
      start = index + 1
    }
    take(endIndex)
    return lines
  }
}

extension DecodingError {
  /// Where a piece of JSON is wrong, and how: a clause without a full stop, such as "'groups[1].level' is missing".
  package var fault: String {
    switch self {
    case .keyNotFound(let key, let context): "'\(Self.place(context.codingPath + [key]))' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      context.codingPath.isEmpty
        ? "it is not one JSON object" : "'\(Self.place(context.codingPath))' has a value of the wrong kind"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is not JSON" : "'\(Self.place(context.codingPath))' can't be read: \(context.debugDescription.clause)"
    @unknown default: "\(self)"
    }
  }

  /// A path as a reader writes it: "groups[1].level".
  package static func place(_ path: [any CodingKey]) -> String {
    let steps = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }
    return String(steps.joined().drop { $0 == "." })
  }
}
