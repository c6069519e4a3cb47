import FoundationEssentials
import TandemSupport

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What is logged of a step.
protocol LoggedStep: Codable {
  var step: Int { get }
}

extension TrainingProgress: LoggedStep {}
extension PolicyProgress: LoggedStep {}

/// Progress as JSON Lines, one step a line.
struct TrainingLog<Line: LoggedStep> {
  let path: String
  private(set) var lines: [Line]

  /// Opens the log of a run that continues after step `last`: later lines, which a checkpoint did not keep, are dropped.
  init(path: String, upTo last: Int) throws(TrainingError) {
    self.path = path
    lines = []
    guard last > 0, let data = FileManager.default.contents(atPath: path) else {
      try write()
      return
    }
    // A line that was cut off by a stop is later than the checkpoint.
    lines = data.split(separator: UInt8(ascii: "\n"))
      .compactMap { try? JSONDecoder().decode(Line.self, from: Data($0)) }
      .filter { $0.step <= last }
    try write()
  }

  mutating func append(_ line: Line) throws(TrainingError) {
    lines.append(line)
    let bytes = [UInt8](try encoded(line))
    guard let file = fopen(path, "ab") else {
      throw .fileUnwritable(path: path, reason: String(cString: strerror(errno)))
    }
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else {
      throw .fileUnwritable(path: path, reason: String(cString: strerror(errno)))
    }
  }

  private func write() throws(TrainingError) {
    var data = Data()
    for line in lines { data += try encoded(line) }
    try TrainingFile.write(data, to: path)
  }

  private func encoded(_ line: Line) throws(TrainingError) -> Data {
    do {
      return Data(try line.json().utf8) + [UInt8(ascii: "\n")]
    } catch {
      throw .fileUnwritable(path: path, reason: "\(error)")
    }
  }
}
