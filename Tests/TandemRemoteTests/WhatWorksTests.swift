import Foundation
import Tandem
import TandemInference
import TandemRemote
import Testing

/// docs/remote.md has a table of what works with which server, made from what strategies need and what servers can do.
@Suite("What works with which server") struct WhatWorksTests {
  /// What a user asks for besides a strategy, and the capability behind it.
  private static let uses: [(String, EngineCapabilities)] = [
    ("temperature of the end of thinking, `log-odds`", .bias),
    ("temperature of the end of thinking, `sign-safe`", .scaling),
    ("temperature of the end of thinking, other measures", .logits), ("LoRA adapters, by name", .adapters),
    ("control vectors", .controlVectors), ("grammars, JSON Schema, tools that must be called", .grammar),
    ("a guide (ThinkLogit)", .logits), ("speculative decoding by Tandem (servers have their own)", .proposals),
  ]

  private static var table: String {
    var rows = [["", "needs"] + ServerKind.all.map(\.name)]
    rows.append(rows[0].map { _ in "---" })
    func row(_ title: String, _ needs: EngineCapabilities) {
      let cells = ServerKind.all.map { kind in
        let lacking = kind.capabilities.lacking(needs)
        return lacking.isEmpty ? "yes" : "no"
      }
      rows.append([title, needs.names.joined(separator: ", ")] + cells)
    }
    for type in Strategies.all {
      row("`\(type.name)`", type.init().needs.values.reduce(EngineCapabilities()) { $0.union($1) })
    }
    for (title, needs) in uses { row(title, needs) }
    return rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  @Test func `is told in the document as the code has it`() throws {
    let document = try String(contentsOfFile: LlamaServer.root + "/docs/remote.md", encoding: .utf8)
    #expect(document.contains(Self.table), "The table is:\n\(Self.table)")
  }
}
