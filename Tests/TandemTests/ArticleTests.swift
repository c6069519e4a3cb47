import Foundation
import Testing

@Suite struct `The article on writing a strategy` {
  private func text(_ path: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  @Test func `has only code of the snippet, which is compiled`() throws {
    let snippet = try text("Snippets/WriteAStrategy.swift")
    let blocks = try text("Sources/Tandem/Tandem.docc/WriteAStrategy.md").components(separatedBy: "```")
      .enumerated().filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
    #expect(blocks.count == 2)
    for block in blocks { #expect(snippet.contains(block.dropFirst("swift\n".count)), "\(block)") }
  }
}
