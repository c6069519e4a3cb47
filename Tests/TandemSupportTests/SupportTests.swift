import Foundation
import Testing

@testable import TandemSupport

@Suite struct `Support for all targets` {
  @Test(arguments: [
    ("tldr", "tldr"), ("tdlr", "tldr"), ("kmi", "kimi"), ("LASER", "laser"), ("spec", "speculative"), ("zzzzzz", nil),
    (String(repeating: "laser", count: 1_000_000), nil),
  ])
  func `names what a mistyped word most likely meant`(word: String, expected: String?) {
    #expect(["kimi", "laser", "tldr", "speculative"].nearest(to: word) == expected)
  }

  @Test func `reads lines of files from any system, with their numbers`() {
    let data = Data("\u{FEFF}{\"a\":1}\r\n\r\n  \n2\r3\n4".utf8)
    let found = data.numberedLines.map { "\($0.number) " + String(decoding: $0.line, as: UTF8.self) }
    #expect(found == ["1 {\"a\":1}", "4 2", "5 3", "6 4"])
    #expect(Data().numberedLines.isEmpty)
  }

  @Test(arguments: [
    (#"{"groups": [{"n": 1}, {}]}"#, "'groups[1].n' is missing"),
    (#"{"groups": [{"n": "1"}]}"#, "'groups[0].n' has a value of the wrong kind"), ("[]", "it is not one JSON object"),
    ("{", "it is not JSON"),
  ])
  func `says where a piece of JSON is wrong`(text: String, expected: String) throws {
    struct Outer: Decodable { let groups: [Inner] }
    struct Inner: Decodable { let n: Int }
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Outer.self, from: Data(text.utf8))
    }
    #expect(error?.fault == expected)
  }
}

@Suite struct `A durable file` {
  @Test func `replaces its predecessor in one go, and leaves nothing beside it`() throws {
    try withFolder { folder in
      let path = folder + "/file"
      try DurableFile.write(Data("old".utf8), to: path)
      try DurableFile.write(Data("new".utf8), to: path)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
  }

  @Test func `gets its name after its content is on the disk`() throws {
    // What can't be synchronised, such as /dev/null, gets no name.
    try withFolder { folder in
      let (partial, path) = (folder + "/file.partial", folder + "/file")
      try FileManager.default.createSymbolicLink(atPath: partial, withDestinationPath: "/dev/null")
      #expect(throws: FileFault.refused(path: partial, number: EINVAL)) { try DurableFile.publish(partial, as: path) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file.partial"])
    }
  }

  @Test func `says why it can't be written, before the work`() {
    #expect(throws: FileFault.refused(path: "/dev/null/file", number: ENOTDIR)) {
      _ = try DurableFile.begin("/dev/null/file")
    }
    #expect(throws: FileFault.refused(path: "/dev/null/file", number: ENOTDIR)) {
      try DurableFile.write(Data([1]), to: "/dev/null/file")
    }
    #expect(throws: FileFault.refused(path: "/dev/null/folder", number: ENOTDIR)) {
      try DurableFile.makeFolder("/dev/null/folder")
    }
    #expect(FileFault.refused(path: "", number: ENOTDIR).reason == "Not a directory")
  }
}

@Suite struct `A log of lines` {
  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func `cuts off a line that a kill left unfinished, and continues`() throws {
    try withFolder { folder in
      let path = folder + "/log.jsonl"
      try Data("1\n2\n{\"torn".utf8).write(to: URL(filePath: path))
      try LineLog(path).append(3)
      #expect(try text(path) == "1\n2\n3\n")
    }
  }

  @Test func `is one writer's`() throws {
    try withFolder { folder in
      let path = folder + "/log.jsonl"
      let log = try LineLog(path)
      #expect(throws: FileFault.locked(path: path)) { _ = try LineLog(path) }
      try log.append("mine")
    }
  }

  @Test(arguments: ["removed", "renamed", "replaced"])
  func `refuses to write what would be lost`(how: String) throws {
    try withFolder { folder in
      let run = folder + "/run"
      try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: false)
      let path = run + "/log.jsonl"
      let log = try LineLog(path)
      try log.append(1)
      switch how {
      case "removed": try FileManager.default.removeItem(atPath: run)
      case "renamed": try FileManager.default.moveItem(atPath: run, toPath: folder + "/other")
      default:
        try FileManager.default.removeItem(atPath: path)
        try Data("other\n".utf8).write(to: URL(filePath: path))
      }
      #expect(throws: FileFault.vanished(path: path)) { try log.append(2) }
      if how == "renamed" { #expect(try text(folder + "/other/log.jsonl") == "1\n") }
      if how == "replaced" { #expect(try text(path) == "other\n") }
    }
  }

  @Test func `waits until a line is on the disk`() throws {
    // What can't be synchronised, such as /dev/null, takes no line.
    let log = try LineLog("/dev/null")
    #expect(throws: FileFault.refused(path: "/dev/null", number: EINVAL)) { try log.append(1) }
  }

  @Test func `says when the disk is full`() throws {
    let file = try OpenFile("/dev/full", O_WRONLY)
    let error = #expect(throws: FileFault.self) { try file.append(Data([1])) }
    #expect(error?.isDiskFull == true)
  }
}

@Suite struct `A file's lock` {
  @Test func `is held by one at a time`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tandem-support-\(UUID().uuidString)").path
    try DurableFile.makeFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/file.lock"
    let first = try await FileLock.acquire(path) {}
    let second = Task {
      try await FileLock.acquire(path) { first.release() }
    }
    try await second.value.release()
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}

/// A folder for one test, removed afterwards.
private func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "tandem-support-\(UUID().uuidString)").path
  try DurableFile.makeFolder(folder)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}
