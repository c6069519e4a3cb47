import Foundation
import TandemCommandLine
import Testing

private let question = "Use 10, 7, 5, 2 to make 24."

/// Runs `tandem` by a shell that redirects its output.
private func shell(_ command: String, _ redirection: String) throws -> Tool {
  let tandem = try #require(Tool.program("tandem")).path
  return try Tool.run(URL(filePath: "/bin/sh"), ["-c", "'\(tandem)' \(command) \(redirection)"])
}

@Suite struct `Output that is lost` {
  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")),
    arguments: [
      "solve --quiet '\(question)'", "solve --format jsonl '\(question)'", "grade 1/2 0.5", "models list",
      "strategies --format json", "solve --help", "--version",
    ])
  func `is a failure on a full disk`(_ command: String) throws {
    let tool = try shell(command, "> /dev/full")
    #expect(tool.status == 1)
    #expect(tool.errors.hasSuffix("standard output could not be written: No space left on device.\n"), "\(tool.errors)")
  }

  @Test func `is a failure if standard output is closed, and no file gets it`() throws {
    try Tool.withTemporaryFile("run.jsonl") { path in
      let tool = try shell("solve --quiet --trace '\(path)' '\(question)'", ">&-")
      #expect(tool.status == 1)
      #expect(tool.errors.contains("standard output could not be written"))
      #expect(try Tool.run("trace", "show", path).status == 0)
    }
  }

  @Test func `is no failure if a pipe's reader has enough`() throws {
    let tool = try shell("strategies --format json", "| head -n 1")
    #expect(tool.status == 0)
    #expect(tool.errors == "")
  }
}

@Suite struct `Text for a terminal` {
  private let terminal = Console(hasColor: true, isTerminal: true)
  private let pipe = Console(hasColor: false, isTerminal: false)

  @Test(arguments: [
    ("a\tb\nc\r\nd é 👩‍👩‍👧", "a\tb\nc\r\nd é 👩‍👩‍👧"), ("\u{1B}]0;x\u{07}", "␛]0;x␇"), ("a\rb\u{08}\u{0}\u{7F}", "a␍b␈␀␡"),
    ("\u{9B}2J", "⟨U+009B⟩2J"), ("a\u{202E}b\u{2066}", "a⟨U+202E⟩b⟨U+2066⟩"),
  ])
  func `shows controls`(_ text: String, _ shown: String) {
    #expect(terminal.rendered(StyledText(text)) == shown)
    #expect(terminal.rendered(StyledText(text, .bold)) == "\u{1B}[1m\(shown)\u{1B}[0m")
    #expect(pipe.rendered(StyledText(text, .bold)) == text)
  }

  @Test(.enabled(if: Tool.hasTerminal)) func `has no control that a trace wrote`() throws {
    try Tool.withTemporaryFile("run.jsonl") { path in
      _ = try Tool.run("solve", "--trace", path, "--seed", "2", question)
      let trace = try String(contentsOfFile: path, encoding: .utf8)
        .replacingOccurrences(of: question, with: "\\u001b]0;title\\u0007Use 10.")
      try trace.write(toFile: path, atomically: true, encoding: .utf8)
      let shown = try Tool.runInTerminal("trace", "show", path)
      #expect(shown.contains("\u{1B}[1m␛]0;title␇Use 10."), "\(shown)")
      #expect(!shown.contains("\u{1B}]") && !shown.contains("\u{07}"))
      #expect(try Tool.run("trace", "show", path).output.contains("\u{1B}]0;title\u{07}Use 10."))
    }
  }

  @Test(.enabled(if: Tool.hasTerminal)) func `has no control of an error's`() throws {
    let shown = try Tool.runInTerminal("trace", "show", "no\u{1B}[2Jfile")
    #expect(shown.contains("no␛[2Jfile"), "\(shown)")
    #expect(!shown.contains("\u{1B}"))
  }
}

@Suite struct `A table` {
  @Test func `has columns as wide as their cells, and no spaces at the end`() {
    var table = Table(["NAME", "N", "X"], rightAligned: [1])
    table.add(["a", "10", ""])
    table.add(["", "", "y"])
    #expect(table.text.plain == "NAME   N  X\na     10\n          y\n")
  }

  @Test func `is made in a time that grows with its size`() {
    var table = Table(["A", "B", "C"])
    table.add([String(repeating: "x ", count: 250_000), "", ""])
    for row in 0..<20_000 { table.add(["\(row)", "", ""]) }
    let time = ContinuousClock().measure { #expect(table.text.plain.utf8.count < 2_000_000) }
    #expect(time < .seconds(120))
  }
}

@Suite struct `A problem as text` {
  @Test(arguments: ["", " \n\t"])
  func `is refused if it is blank`(_ problem: String) throws {
    for tool in [try Tool.run("solve", problem), try Tool.run("solve", "-", input: problem)] {
      #expect(tool.status == 64)
      #expect(tool.errors.contains("There is no problem. Give it as an argument or on standard input."))
    }
  }

  @Test func `has no byte order mark, and newlines for CR LF`() throws {
    let arguments = ["solve", "--strategy", "small-only", "--format", "json", "--system", "\u{FEFF}Be brief."]
    for tool in [
      try Tool.run(list: arguments, input: "\u{FEFF}\(question)\r\nNow.\r\n"),
      try Tool.run(list: arguments + ["\u{FEFF}\(question)\nNow."]),
    ] {
      let result = try JSONSerialization.jsonObject(with: Data(tool.output.utf8)) as? [String: Any]
      let problem = (result?["header"] as? [String: Any])?["problem"] as? [String: Any]
      #expect(problem?["question"] as? String == "\(question)\nNow.")
      #expect(problem?["instructions"] as? String == "Be brief.")
    }
  }

  @Test func `may begin with a byte order mark in a file of cases`() throws {
    let cases = "\u{FEFF}{\"pred\": \"1/2\", \"gold\": \"0.5\"}\r\n"
    let tool = try Tool.run("grade", "--cases", "-", input: cases)
    #expect(tool.status == 0)
    #expect(tool.output.contains("1 cases, 1 right"))
  }
}
