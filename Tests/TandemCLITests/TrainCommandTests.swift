import Foundation
import Testing

@Suite struct `tandem train` {
  @Test(arguments: [
    (["train", "--help"], "USAGE: tandem train <subcommand>"), (["help", "train"], "USAGE: tandem train <subcommand>"),
    (["train", "tldr", "--help"], "USAGE: tandem train tldr "),
    (["help", "train", "tldr"], "USAGE: tandem train tldr "),
    (["train", "--version"], "tandem 0."),
  ])
  func `shows the trainer's own help`(_ arguments: [String], _ words: String) throws {
    let tool = try Tool.run(list: arguments)
    #expect(tool.status == 0, "\(tool.errors)")
    #expect(tool.output.contains(words), "\(tool.output)")
  }

  @Test(arguments: [
    (["trian"], "There is no command 'tandem trian'. Did you mean 'train'?"),
    (["train", "tdlr"], "There is no command 'tandem train tdlr'. Did you mean 'tldr'?"),
    (["train", "sft", "--model", "a", "--data", "b", "--output", "c", "--epcohs", "1"], "Did you mean '--epochs'?"),
  ])
  func `suggests what was misspelt`(_ arguments: [String], _ words: String) throws {
    let tool = try Tool.run(list: arguments)
    #expect(tool.status == 64)
    #expect(tool.errors.contains(words), "\(tool.errors)")
  }

  @Test func `finds the trainer from a link to the program, and says how to build one that is missing`() throws {
    let program = try #require(Tool.program("tandem"))
    // Beside the program, because a hard link can't leave the file system.
    let folder = program.deletingLastPathComponent().appending(path: "linked-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (link, alone) = (folder.appending(path: "link"), folder.appending(path: "tandem"))
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: program)
    try FileManager.default.linkItem(at: program, to: alone)
    #expect(try Tool.run(link, ["train", "--version"]).status == 0)
    let tool = try Tool.run(alone, ["train", "nano", "small", "--output", folder.path])
    #expect(tool.status == 1)
    #expect(tool.errors.contains("Build it with: swift build -c release --product tandem-train"), "\(tool.errors)")
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `ends soon at a signal that asks it to, also while documents are made`(number: Int32) throws {
    try Tool.withTemporaryFile("run") { folder in
      let process = Process()
      process.executableURL = Tool.program("tandem")
      process.arguments = ["train", "nano", "small", "--output", folder]
      let errors = Pipe()
      process.standardError = errors
      try process.run()
      // The trainer is there when it has written something.
      _ = try errors.fileHandleForReading.read(upToCount: 1)
      let clock = ContinuousClock.now
      kill(process.processIdentifier, number)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 130)
      // Making all documents and training on them takes far longer.
      #expect(clock.duration(to: .now) < .seconds(60))
    }
  }
}
