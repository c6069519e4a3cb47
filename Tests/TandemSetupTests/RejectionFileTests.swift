import Foundation
import Synchronization
import TandemInference
import TandemSupport
import Testing

@testable import TandemSetup

@Suite struct `A file of rejected guesses` {
  private final class Reports: Sendable {
    let all = Mutex<[String]>([])
    var count: Int { all.withLock { $0.count } }
    func add(_ report: String) { all.withLock { $0.append(report) } }
  }

  private func withFolder<R>(_ body: (URL) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tandem-rejections-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  private func rejections(_ number: Int32, length: Int = 10) -> DraftRejections {
    let tokens = [Token](repeating: Token(rawValue: number), count: length)
    return DraftRejections(
      tokens: tokens,
      rejections: [.init(position: length - 1, draft: 1, likeliest: [2, 3], logProbabilities: [-0.5, -1])])
  }

  /// The first token of each line.
  private func numbers(_ url: URL) throws -> [Int32] {
    try Data(contentsOf: url).numberedLines.map { line in
      let first = try JSONDecoder().decode(DraftRejections.self, from: line.line).tokens.first
      return try #require(first).rawValue
    }
  }

  @Test func `never has more bytes than its limit, and keeps what is newest`() throws {
    try withFolder { folder in
      let (url, reports) = (folder.appending(path: "r.jsonl"), Reports())
      let file = try RejectionFile(url.path, limit: 1000, report: reports.add)
      for number in 100..<200 as Range<Int32> {
        file.write(rejections(number))
        #expect(try Data(contentsOf: url).count <= 1000)
        let held = try numbers(url)
        #expect(held == Array((number - Int32(held.count) + 1)...number), "the newest, without a gap")
        #expect(number < 105 || held.count >= 3)
      }
      #expect(reports.count == 0)
      #expect(throws: FileFault.locked(path: url.path)) {
        _ = try RejectionFile(url.path, limit: 1000, report: reports.add)
      }
    }
  }

  @Test func `continues after a kill, without the torn line`() throws {
    try withFolder { folder in
      let url = folder.appending(path: "r.jsonl")
      do { try RejectionFile(url.path, limit: 10_000) { _ in }.write(rejections(7)) }
      let whole = try Data(contentsOf: url)
      try (whole + whole.dropLast(5)).write(to: url)
      do { try RejectionFile(url.path, limit: 10_000) { _ in }.write(rejections(8)) }
      #expect(try numbers(url) == [7, 8])
    }
  }

  @Test func `begins again where it was moved away`() throws {
    try withFolder { folder in
      let (url, other) = (folder.appending(path: "r.jsonl"), folder.appending(path: "taken.jsonl"))
      let file = try RejectionFile(url.path, limit: 10_000) { Issue.record("\($0)") }
      file.write(rejections(1))
      try FileManager.default.moveItem(at: url, to: other)
      file.write(rejections(2))
      #expect(try numbers(other) == [1] && numbers(url) == [2])
    }
  }

  @Test func `loses what can't be written, and says so once`() throws {
    try withFolder { folder in
      let (place, reports) = (folder.appending(path: "place"), Reports())
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      let file = try RejectionFile(place.appending(path: "r.jsonl").path, limit: 1000, report: reports.add)
      file.write(rejections(1, length: 2000))
      #expect(reports.count == 1, "a text that is too long")
      file.write(rejections(1))
      try FileManager.default.removeItem(at: place)
      file.write(rejections(2))
      file.write(rejections(3))
      #expect(reports.count == 2)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      file.write(rejections(4))
      #expect(try numbers(place.appending(path: "r.jsonl")) == [4])
    }
  }
}
