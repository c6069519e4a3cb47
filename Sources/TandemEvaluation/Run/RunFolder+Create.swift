import Foundation
import TandemSupport

extension RunFolder {
  /// Begins a run here. Throws `runExists` if there is one already, `diskFull` or `notWritable`.
  package func create(_ header: RunHeader) throws(EvaluationError) {
    guard !exists else { throw .runExists(path: url.path) }
    do {
      try DurableFile.makeFolder(url.path)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      try DurableFile.write(encoder.encode(header) + [UInt8(ascii: "\n")], to: headerFile.path)
    } catch { throw EvaluationError(error) }
  }

  /// Throws `planDiffers` if the run was begun with something else than `header`.
  package func check(_ header: RunHeader) throws(EvaluationError) {
    let differences = try self.header().differences(from: header)
    guard differences.isEmpty else { throw .planDiffers(path: url.path, differences: differences.map(\.description)) }
  }

  /// The path of a job's trace, inside the folder.
  func tracePath(_ key: Record.Key) -> String {
    ["traces", Self.name(key.task), Self.name(key.row), Self.name(key.problem) + "-\(key.seed).jsonl"]
      .joined(separator: "/")
  }

  /// A text as a name of a file: letters, digits and "-_.=" stay. Different texts get different names, also on a file
  /// system for which `A` and `a` are one.
  private static func name(_ text: String) -> String {
    var name = ""
    for byte in text.utf8 {
      let character = Character(Unicode.Scalar(byte))
      let stays = byte < 128 && (character.isLetter || character.isNumber || "-_.=".contains(character))
      name += stays ? String(character) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    // File systems take 255 bytes.
    guard name.utf8.count > 180 || name.hasPrefix(".") || name != name.lowercased() else { return name }
    return "\(name.prefix(160).drop { $0 == "." })~\(String(text.digest, radix: 16))"
  }
}
