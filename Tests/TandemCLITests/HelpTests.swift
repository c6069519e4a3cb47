import Foundation
import Testing

@Suite struct `All helps` {
  /// At 80 columns, one command after the other.
  private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden/help.txt")

  @Test func `are as they were, at 80 columns`() throws {
    let helps = try Help.commands().map { command in
      let tool = try Tool.run(list: command + ["--help"], environment: ["COLUMNS": "80"])
      #expect(tool.status == 0, "\(command)")
      return "$ \((["tandem"] + command + ["--help"]).joined(separator: " "))\n\(tool.output)"
    }
    let text = helps.joined(separator: "\n")
    if ProcessInfo.processInfo.environment["TANDEM_RECORD"] != nil {
      try text.write(to: Self.golden, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOf: Self.golden, encoding: .utf8)
    #expect(text == expected, "Look at the difference; TANDEM_RECORD=1 records it.")
  }

  @Test func `have paragraphs that only the terminal wraps, and examples that it never wraps`() throws {
    for command in try [Help().command, Help(of: "train").command] {
      for (name, text) in command.discussions {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (line, next) in zip(lines, lines.dropFirst()) {
          let areBothProse = [line, next].allSatisfy { !$0.isEmpty && !$0.hasPrefix(" ") }
          #expect(!areBothProse, "\(name): put a paragraph on one line: \(line)")
        }
        for line in lines where line.hasPrefix(" ") { #expect(line.count <= 76, "\(name): \(line)") }
      }
    }
  }
}
