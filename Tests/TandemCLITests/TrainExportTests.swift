import Foundation
import Testing

@Suite struct `tandem train export` {
  /// Runs it on a file with these lines, or on Countdown's problems.
  private func export(_ arguments: [String], data: String? = nil) throws -> Tool {
    try Tool.withTemporaryFile("run") { folder in
      let path = folder + ".jsonl"
      try data?.write(toFile: path, atomically: true, encoding: .utf8)
      let file = data == nil ? [] : ["--data", path]
      return try Tool.run(list: ["train", "export", "--to", "trl", "--output", folder] + file + arguments)
    }
  }

  private static let line = #"{"question": "2 + 2?", "answer": "4"}"# + "\n"

  @Test func `takes problems of one's own`() throws {
    let tool = try export(["--validation", "0"], data: Self.line)
    #expect(tool.status == 0, "\(tool.errors)")
  }

  @Test(arguments: [
    (["--levels", "short,short"], "each once, or none, not 'short,short'"),
    (["--levels=short,"], "each once, or none, not 'short,'"),
    (["--budgets", "1,2,3"], "--budgets has no effect with --reward tldr"),
    (["--validation-accuracy", "0.5"], "--validation-accuracy has no effect with --reward tldr"),
    (["--reward", "soft-overlong", "--set", "cache=0"], "soft-overlong is not always a number with its coefficients"),
  ])
  func `refuses options that make no sense or no difference`(options: [String], message: String) throws {
    let tool = try export(options)
    #expect(tool.status == 64)
    #expect(tool.errors.contains(message), "\(tool.errors)")
  }

  @Test func `refuses a number of Countdown's problems where others are given`() throws {
    let tool = try export(["--problems", "10"], data: Self.line)
    #expect(tool.status == 64 && tool.errors.contains("has no effect with --data"), "\(tool.errors)")
  }

  @Test(arguments: [
    (#"{"question": "3?", "answer": "3", "levl": "short"}"#, [], "not 'levl'"),
    (line, ["--check", "countdown"], "its answer must be a Countdown problem as '8-5-2=24', not '4'"),
  ])
  func `names the line that can't be trained on`(second: String, options: [String], message: String) throws {
    let first = options.isEmpty ? Self.line : #"{"question": "3?", "answer": "8-5-2=24"}"# + "\n"
    let tool = try export(options + ["--validation", "0"], data: first + second)
    #expect(tool.status == 65)
    #expect(tool.errors.contains(".jsonl:2 can't be used: ") && tool.errors.contains(message), "\(tool.errors)")
  }
}
