import Foundation
import Testing

@Suite struct `A conversation without a terminal` {
  private let question = "Use 10, 7, 5, 2 to make 24."

  @Test func `answers each line, and does what commands ask for`() throws {
    try Tool.withTemporaryFile("chat.jsonl") { path in
      let lines = [
        question, "/think 60", question, "/think off", question, "/strategy small-only", "/stats", "/history",
        "/save \(path)", "/quit", "never read",
      ]
      let tool = try Tool.run("chat", "--seed", "2", input: lines.joined(separator: "\n"))
      #expect(tool.status == 0 && tool.errors.isEmpty)
      #expect(tool.output.contains("At most 60 thinking tokens.\n"))
      #expect(tool.output.contains("No thinking.\n"))
      #expect(tool.output.contains("3 answers.\n"))
      #expect(tool.output.contains(/\nsmall  nano-small +[1-9]/) && tool.output.contains(/\nlarge  nano-large +[1-9]/))
      #expect(tool.output.contains("The small model alone.\n"))
      #expect(tool.output.split(separator: "\n").count { $0 == "> \(question)" } == 3)
      let saved = try String(contentsOfFile: path, encoding: .utf8)
      let messages = try JSONDecoder().decode([String: [[String: String]]].self, from: Data(saved.utf8))["messages"]
      #expect(messages?.map { $0["role"] } == ["user", "assistant", "user", "assistant", "user", "assistant"])
      #expect(messages?[1]["reasoning"]?.isEmpty == false)
    }
  }

  @Test(
    arguments: [
      ("/halp", "There is no command /halp. Did you mean /help? /help lists the commands."),
      ("/think much", "/think takes a number of tokens, off or on."), ("/save", "/save takes the path of a file."),
      ("/save no/such/folder/x", "no/such/folder/x"),
      ("/strategy smal-only", "There is no strategy 'smal-only'. Did you mean 'small-only'?"),
      ("/strategy early-exit thresold=1", "early-exit has no setting 'thresold'. Did you mean 'threshold'?"),
    ])
  func `ends at the first mistake`(line: String, message: String) throws {
    let tool = try Tool.run("chat", input: line + "\n\(question)\n")
    #expect(tool.status != 0)
    #expect(tool.errors.contains(message), "\(tool.errors)")
    #expect(!tool.output.contains("thinking"))
  }
}
