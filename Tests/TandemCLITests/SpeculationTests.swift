import Foundation
import Testing

@Suite struct `Guessing ahead` {
  private func thinking(_ arguments: String...) throws -> String {
    let tool = try Tool.run(
      list: ["solve", "--deterministic", "--format", "json", "--seed", "2", "Use 3, 7, 5, 2 to make 24."] + arguments)
    #expect(tool.status == 0, "\(tool.errors)")
    let tree = try JSONSerialization.jsonObject(with: Data(tool.output.utf8)) as? [String: Any]
    return try #require(tree?["thinking"] as? String)
  }

  @Test func `changes nothing of what is written`() throws {
    for strategy in ["speculative-thinking", "large-only"] {
      let alone = try thinking("--strategy", strategy)
      #expect(!alone.isEmpty)
      #expect(try thinking("--strategy", strategy, "--large-draft", "small") == alone)
      #expect(try thinking("--strategy", strategy, "--large-draft", "lookup", "--draft-max", "6") == alone)
      #expect(try thinking("--strategy", strategy, "--large-draft", "cascade") == alone)
    }
  }

  @Test(arguments: [
    (["--small-draft", "small"], "small is for the large model"),
    (["--small-draft", "cascade"], "cascade is for the large model"), (["--draft-max", "3"], "has no effect"),
    (["--large-draft", "small", "--draft-max", "0"], "--draft-max must be from 1 to 64"),
    (["--large-draft", "smal"], "'smal'"),
  ])
  func `is refused where it makes no sense`(_ arguments: [String], _ words: String) throws {
    let tool = try Tool.run(list: ["solve", "Use 3, 7, 5, 2 to make 24."] + arguments)
    #expect(tool.status == 64, "\(tool.errors)")
    #expect(tool.errors.contains(words), "\(tool.errors)")
  }
}
