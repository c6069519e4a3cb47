import Foundation
import Tandem
import TandemCommandLine
import Testing

@Suite struct `Flags in messages` {
  /// The lines of Swift files below Sources, each with its file, that are in one of the command line's targets or not.
  private func lines(inCommandLine: Bool) throws -> [(file: String, text: String)] {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources")
    let files = (FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String } ?? [])
      .filter { $0.hasSuffix(".swift") }
    let own = ["tandem-cli/", "tandem-train/", "TandemCommandLine/"]
    return try files.filter { file in own.contains { file.hasPrefix($0) } == inCommandLine }.flatMap { file in
      try String(contentsOf: sources.appending(path: file), encoding: .utf8).split(separator: "\n")
        .map { (file, String($0)) }
    }
  }

  /// The flags of a line, but for whole literals, which are arguments of another program.
  private func flags(in line: String) -> [String] {
    line.matches(of: /(^|[^-\w])(--[a-z][a-z0-9-]*)/).compactMap { match in
      line.contains("\"\(match.2)\"") ? nil : String(match.2)
    }
  }

  @Test func `that the table has are the parser's own`() throws {
    let known = try Help.flags()
    #expect(known.count > 50)
    #expect(Set(Flags.byProperty.values).subtracting(known).isEmpty)
  }

  @Test func `that the command line writes are the parser's own`() throws {
    let known = try Help.flags().union(["--product"])  // of `swift build`
    let mentioned = try lines(inCommandLine: true)
    #expect(mentioned.count > 1000)
    for (file, line) in mentioned {
      #expect(Set(flags(in: line)).subtracting(known).isEmpty, "\(file): \(line)")
    }
  }

  @Test func `are not spoken of below the command line`() throws {
    let known = try Help.flags()
    for (file, line) in try lines(inCommandLine: false) {
      #expect(known.isDisjoint(with: flags(in: line)), "\(file): \(line)")
    }
  }

  @Test func `do not stand for a strategy's setting of the same name`() throws {
    for strategy in Strategies.all {
      let settings = Strategies.settings(of: strategy.init()).keys
      #expect(Set(settings).isDisjoint(with: Flags.byProperty.keys), "\(strategy.name)")
    }
  }

  @Test(arguments: [
    ("contextSize must be from 8", "contextSize", "--ctx-size must be from 8"),
    ("contextSize is 9; with extendsContext more", "contextSize", "--ctx-size is 9; with --extend-context more"),
    ("takeoverTokens is below threads", "takeoverTokens", "takeoverTokens is below threads"),
    ("rank 0 has another rank", "rank 0", "rank 0 has another rank"),
  ])
  func `take the place of the property that a sentence is about`(_ sentence: String, property: String, line: String) {
    #expect(Flags.spelling(sentence, about: property) == line)
  }
}
