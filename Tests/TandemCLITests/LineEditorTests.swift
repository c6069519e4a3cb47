import Testing

@testable import tandem_cli

@Suite struct `The line editor` {
  private func keys(_ pieces: String...) -> [Key] {
    var decoder = KeyDecoder()
    return pieces.flatMap { decoder.append($0.utf8) }
  }

  /// The line that follows from what a terminal sends; `|` is the cursor.
  private func line(_ input: String, after history: [String] = []) -> String {
    var editor = LineEditor()
    for line in history { for key in keys(line + "\r") { _ = editor.take(key) } }
    for key in keys(input) { _ = editor.take(key) }
    return editor.before + "|" + editor.after
  }

  @Test(
    arguments: [
      ("abc\u{1B}[D\u{1B}[DX", "aX|bc"), ("abc\u{1B}[HX\u{1B}[FY", "XabcY|"), ("abc\u{1B}[1~X\u{1B}[4~Y", "XabcY|"),
      ("abc\u{1B}OHX\u{1B}OFY", "XabcY|"), ("abc\u{01}\u{0B}", "|"), ("abc\u{02}\u{0B}", "ab|"), ("ab c\u{17}", "ab |"),
      ("abc\u{1B}[D\u{15}", "|c"), ("one two  \u{17}\u{17}x", "x|"), ("abc\u{7F}\u{08}", "a|"),
      ("abc\u{1B}[D\u{1B}[3~", "ab|"), ("one two\u{1B}[1;5D\u{1B}[1;5DX\u{1B}[1;5C", "Xone| two"),
      ("one two\u{1B}b\u{1B}\u{7F}", "|two"), ("äöü\u{1B}[D\u{7F}", "ä|ü"), ("👩‍👩‍👧e\u{301}\u{7F}", "👩‍👩‍👧|"),
      ("👩‍👩‍👧x\u{1B}[D\u{1B}[D", "|👩‍👩‍👧x"), ("a\u{1B}[24~b\u{1B}[Zc", "abc|"), ("\u{7F}\u{1B}[D\u{1B}[C\u{17}", "|"),
      ("a\u{1B}[200~b\r\nc\u{03}\u{1B}[Dd\u{1B}[201~e", "ab\nc\u{03}\u{1B}[Dde|"), ("ab\u{04}\u{1B}[D\u{04}", "a|"),
    ])
  func `does what each key means`(input: String, result: String) {
    #expect(line(input) == result)
  }

  @Test(
    arguments: [
      ("\u{1B}[A", "two|"), ("\u{1B}[A\u{1B}[A", "one|"), ("\u{1B}[A\u{1B}[A\u{1B}[A", "one|"),
      ("new\u{1B}[A\u{1B}[A\u{1B}[B\u{1B}[B", "new|"), ("\u{10}\u{0E}", "|"), ("new\u{1B}[B", "new|"),
    ])
  func `brings back the lines before`(input: String, result: String) {
    #expect(line(input, after: ["one", "  ", "two", "two"]) == result)
  }

  @Test func `takes a character whose bytes come one by one, and leaves out broken ones`() {
    var decoder = KeyDecoder()
    #expect("é👍".utf8.flatMap { decoder.append([$0]) } == [.text("é"), .text("👍")])
    #expect(decoder.append([0xC3]).isEmpty)
    #expect(decoder.append([0x61]) == [.text("a")])
    #expect(decoder.append([0x80, 0xFF, 0x62]) == [.text("b")])
  }

  @Test func `tells a line from the end of input and from an interrupt`() {
    var editor = LineEditor()
    #expect(editor.take(.control("c")) == .interrupted(wasEmpty: true))
    _ = editor.take(.text("a"))
    #expect(editor.take(.control("c")) == .interrupted(wasEmpty: false))
    #expect(editor.text.isEmpty)
    #expect(editor.take(.control("d")) == .ended)
    _ = editor.take(.paste("b\nc"))
    #expect(editor.take(.enter) == .entered("b\nc"))
    #expect(editor.text.isEmpty)
  }

  @Test func `keeps the cursor in view, and counts wide characters as two columns`() {
    func shown(_ input: String) -> String {
      var editor = LineEditor()
      for key in keys(input) { _ = editor.take(key) }
      let (line, cursor) = editor.shown(prompt: "> ", width: 10)
      return "\(line) \(cursor)"
    }
    #expect(shown("abc") == "> abc 5")
    #expect(shown("abcdefghij") == "> defghij 9")
    #expect(shown("abcdefghij\u{1B}[H") == "> abcdefg 2")
    #expect(shown("日本語中") == "> 本語中 8")
    #expect(shown("a\u{1B}[200~b\nc\u{1B}[201~") == "> ab⏎c 6")
  }
}

@Suite struct `A line of a conversation` {
  @Test(
    arguments: [
      ("What is /x?", .prompt("What is /x?")), (" /x", .prompt(" /x")), ("  ", .nothing), ("", .nothing),
      ("/quit", .command(.quit, [])), ("/think 20", .command(.think, ["20"])),
      (
        "/strategy early-exit  'words=[Wait, \"Hm m\"]' x=\"\"",
        .command(.strategy, ["early-exit", "words=[Wait, \"Hm m\"]", "x="])
      ),
    ] as [(String, ChatInput)])
  func `is a prompt, or a command with its words`(line: String, input: ChatInput) throws {
    #expect(try ChatInput(line) == input)
  }

  @Test(
    arguments: [
      ("/stratgy", "There is no command /stratgy. Did you mean /strategy? /help lists the commands."),
      ("/exit", "There is no command /exit. Did you mean /quit? /help lists the commands."),
      ("/", "There is no command /. /help lists the commands."),
    ])
  func `that names no command is an error with the nearest`(line: String, message: String) {
    #expect(throws: ChatError.self) { try ChatInput(line) }
    do { _ = try ChatInput(line) } catch { #expect(error.description == message) }
  }
}
