import Foundation
import Synchronization
import TandemInference
import Testing

@testable import TandemServer

@Suite struct `A parser of calls` {
  typealias Piece = ToolCallParser.Piece
  private static let tools = [Tool(name: "add"), Tool(name: "sagen")]

  /// The pieces of `parts`, with neighbouring texts joined; calls are numbered.
  private func pieces(_ format: ToolFormat, _ parts: [String], parallel: Bool = true) -> [Piece] {
    let count = Mutex(0)
    var parser = ToolCallParser(format, tools: Self.tools, isParallel: parallel) {
      count.withLock { count in
        count += 1
        return "\(count)"
      }
    }
    var pieces: [Piece] = []
    for piece in parts.flatMap({ parser.take($0) }) + parser.finish() {
      if case .text(let more) = piece, case .text(let before)? = pieces.last {
        pieces[pieces.count - 1] = .text(before + more)
      } else {
        pieces.append(piece)
      }
    }
    return pieces
  }

  private func call(_ id: String, _ arguments: String, name: String = "add") -> Piece {
    .call(ToolCall(id: id, name: name, arguments: arguments))
  }

  /// Answers of each family, and what is in them.
  private var golden: [(format: ToolFormat, answer: String, pieces: [Piece])] {
    let nested = #"{"a": [1.5e-3, {"b": "}]\"</tool_call>"}], "ü": "🍕\u00e9", "n": null, "t": true}"#
    return [
      (.hermes, "Just text, 1 < 2 <tool> <tool_cal", [.text("Just text, 1 < 2 <tool> <tool_cal")]),
      (.hermes, "  padded \n", [.text("  padded \n")]),
      (.hermes, "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n</tool_call>", [call("1", #"{"a": 1}"#)]),
      (
        .hermes, "Let me see.\n\n<tool_call>{\"arguments\":\(nested),\"name\":\"add\"}</tool_call>\n",
        [.text("Let me see."), call("1", nested)]
      ),
      (
        .hermes,
        "<tool_call>\n{\"name\": \"add\", \"arguments\": {}}\n</tool_call>\n<tool_call>\n"
          + "{\"name\": \"sagen\", \"arguments\": {\"x\": []}}\n</tool_call>\nDone.",
        [call("1", "{}"), call("2", #"{"x": []}"#, name: "sagen"), .text("\nDone.")]
      ),
      (.hermes, "<tool_call>\n{\"name\": \"add\", \"arguments\": {}}", [call("1", "{}")]),
      (
        .hermes, "<tool_call>{\"name\": \"add\", \"arguments\": {}} so",
        [call("1", "{}"), .fault("The end of a call is missing: </tool_call>."), .text(" so")]
      ),
      (
        .hermes, "<tool_call>{\"name\": \"add\", \"arguments\": {",
        [.fault("A call of a tool is cut off."), .text("<tool_call>{\"name\": \"add\", \"arguments\": {")]
      ),
      (
        .hermes, "<tool_call>{\"name\": add}</tool_call>",
        [.fault("A call is not valid JSON."), .text("<tool_call>{\"name\": add}</tool_call>")]
      ),
      (
        .hermes, "The <tool_call> tag.",
        [.text("The"), .fault("A call must be a JSON object."), .text(" <tool_call> tag.")]
      ),
      (
        .hermes,
        "<tool_call>{\"name\":\"no\",\"arguments\":{}}<tool_call>{\"name\":\"add\",\"arguments\":{}}</tool_call>",
        [
          .fault("There is no tool 'no'."), .text("<tool_call>{\"name\":\"no\",\"arguments\":{}}"), call("1", "{}"),
        ]
      ),
      (
        .hermes, "<tool_call>{\"name\": \"add\", \"arguments\": \"{}\"}</tool_call>",
        [
          .fault("The arguments of a call of 'add' must be a JSON object."),
          .text("<tool_call>{\"name\": \"add\", \"arguments\": \"{}\"}</tool_call>"),
        ]
      ),
      (
        .hermes, "<tool_call>{\"name\": \"add\", \"arguments\": {}, \"when\": 1}</tool_call>",
        [
          .fault("A call has a member 'when', which is none of name, arguments, parameters, id, type."),
          .text("<tool_call>{\"name\": \"add\", \"arguments\": {}, \"when\": 1}</tool_call>"),
        ]
      ),
      (.llama, #"{"name": "add", "parameters": {"a": "1"}}"#, [call("1", #"{"a": "1"}"#)]),
      (.llama, "\n {\"type\": \"function\", \"name\": \"add\", \"parameters\": {}}\n", [call("1", "{}")]),
      (.llama, #"{"name": "Zoë", "age": 3}"#, [.text(#"{"name": "Zoë", "age": 3}"#)]),
      (.llama, #"It is {"name": "add", "parameters": {}}"#, [.text(#"It is {"name": "add", "parameters": {}}"#)]),
      (.llama, #"{"name": "add", "parameters": {"#, [.text(#"{"name": "add", "parameters": {"#)]),
      (.llama, "{1}", [.text("{1}")]), (.llama, "", []), (.llama, "  ", [.text("  ")]),
      (
        .mistral, #"[TOOL_CALLS][{"name": "add", "arguments": {"a": 1}, "id": "abcdefghi"}]"#, [call("1", #"{"a": 1}"#)]
      ),
      (
        .mistral, #"Wait. [TOOL_CALLS] [{"name": "add", "arguments": {}}, {"name": "sagen", "arguments": {"y": 0}}] "#,
        [.text("Wait."), call("1", "{}"), call("2", #"{"y": 0}"#, name: "sagen")]
      ),
      (
        .mistral, #"[TOOL_CALLS][{"name": "add", "arguments": {}}, {"name": 1}]"#,
        [call("1", "{}"), .fault("A call has no name."), .text(#" {"name": 1}]"#)]
      ),
      (
        .mistral, "[TOOL_CALLS]add{}",
        [.fault("A list of calls must follow [TOOL_CALLS]."), .text("[TOOL_CALLS]add{}")]
      ),
      (.mistral, "[1, 2] [TOOL", [.text("[1, 2] [TOOL")]),
    ]
  }

  @Test func `finds the same in an answer, wherever it is cut`() {
    for (format, answer, expected) in golden {
      #expect(pieces(format, [answer]) == expected, "\(answer)")
      #expect(pieces(format, answer.unicodeScalars.map { String($0) }) == expected, "\(answer)")
      let scalars = Array(answer.unicodeScalars)
      for cut in scalars.indices {
        let halves = [scalars[..<cut], scalars[cut...]].map { String(String.UnicodeScalarView($0)) }
        #expect(pieces(format, halves) == expected, "\(halves)")
      }
    }
  }

  @Test func `shows no piece of a marker`() {
    for (format, answer, pieces) in golden where pieces.allSatisfy({ if case .call = $0 { true } else { false } }) {
      var parser = ToolCallParser(format, tools: Self.tools, isParallel: true) { "1" }
      var shown = ""
      for scalar in answer.unicodeScalars {
        for case .text(let text) in parser.take(String(scalar)) { shown += text }
        #expect(shown.isEmpty, "\(answer)")
      }
    }
  }

  @Test func `takes one call if there may be one`() {
    let one = ToolFormat.hermes.text(of: [ToolCall(id: "", name: "add", arguments: "{}")])
    #expect(
      pieces(.hermes, [one + "\n" + one], parallel: false) == [
        call("1", "{}"), .fault("Only one call is allowed."), .text("\n" + one),
      ])
  }

  @Test func `reads what each form writes`() {
    let calls = [
      ToolCall(id: "1", name: "add", arguments: #"{"q": "\\ \" ü"}"#),
      ToolCall(id: "2", name: "sagen", arguments: "{}"),
    ]
    for format in [ToolFormat.hermes, .mistral] {
      #expect(pieces(format, [format.text(of: calls)]) == calls.map(Piece.call))
    }
    #expect(pieces(.llama, [ToolFormat.llama.text(of: [calls[0]])]) == [.call(calls[0])])
  }

  @Test func `keeps every byte of what is no call`() {
    var generator = SplitMix64(seed: 7)
    let words = [
      "<tool_call>", "</tool_call>", "[TOOL_CALLS]", "[", "]", "{", "}", "\"", "name", ":", ",", " ", "\n", "ü", "\\",
      "add",
    ]
    for _ in 0..<500 {
      let answer = (0..<Int.random(in: 1..<12, using: &generator)).map { _ in
        words[Int.random(in: words.indices, using: &generator)]
      }
      for format in [ToolFormat.hermes, .llama, .mistral] {
        let text = pieces(format, answer).map { if case .text(let text) = $0 { text } else { "" } }.joined()
        #expect(text == answer.joined(), "\(answer)")
      }
    }
  }
}

@Suite struct `JSON as it is written` {
  private func progress(_ text: String) -> (JSONScanner.Progress, Int) {
    var scanner = JSONScanner()
    for (place, byte) in text.utf8.enumerated() {
      let progress = scanner.take(byte)
      if progress != .open { return (progress, place + 1) }
    }
    return (.open, text.utf8.count)
  }

  @Test func `ends where it ends`() {
    for text in [
      "{}", "[]", " { \"a\" : [ 1 , -0 , 0.5 , 1e9 , 2E-3 , 10 ] , \"b\" : { } }", #"["\"\\\/\b\f\n\r\t\u00eF"]"#,
      "[true,false,null,\"ü🍕\"]", "[[[[[]]]]]", "[-1.25e+10]",
    ] {
      #expect(progress(text) == (.ended, text.utf8.count), "\(text)")
      #expect(progress(text + "}") == (.ended, text.utf8.count))
      #expect(progress(String(text.dropLast())).0 == .open)
      #expect(JSONText(text) != nil && JSONText(text + ",") == nil)
    }
  }

  @Test func `is told from what is none at the first wrong byte`() {
    for text in [
      "1", "\"", "}", "{a", "{,", "{\"a\",", "{\"a\":,", "{\"a\":1,}", "[1,]", "[1}", "[01", "[1.]", "[-]", "[+",
      "[.",
      "[1e]", "[tru]", "[nul,", "[\"\u{1}", #"["\x"#, #"["\u00g"#, "[1 2", "[--", "[1.2.",
      String(repeating: "[", count: 65),
    ] {
      #expect(progress(text) == (.broken, text.utf8.count), "\(text)")
      #expect(JSONText(text) == nil)
    }
  }

  @Test func `keeps the order and the spelling of its members`() throws {
    let json = try #require(JSONText(#" {"z": 1.50, "a,:": [1, {"b": ","}], "\u0041": "x" , "e":{}} "#))
    #expect(json.members.map(\.name) == ["z", "a,:", "A", "e"])
    #expect(json.members.map(\.value) == ["1.50", #"[1, {"b": ","}]"#, #""x""#, "{}"])
    #expect(json["a,:"].flatMap { JSONText($0)?.elements } == ["1", #"{"b": ","}"#])
    #expect(JSONText("[ ]")?.elements == [] && JSONText("{}")?.members.isEmpty == true)
  }
}
