import Foundation
import TandemInference
import TandemLlama
import Testing

@testable import TandemServer

@Suite struct `A form of calls` {
  private static let templates = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../TandemLlamaTests/Fixtures/templates")

  private func found(_ name: String, endOfText: String = "</s>") throws -> ToolFormat? {
    let source = try String(contentsOf: Self.templates.appending(path: "\(name).jinja"), encoding: .utf8)
    let template = try JinjaTemplate(source: source, beginningOfText: "<s>", endOfText: endOfText)
    return ToolFormat.find(in: template)
  }

  @Test func `is found in what a template prints`() throws {
    for name in ["Qwen2.5-Instruct", "Qwen3", "QwQ"] { #expect(try found(name) == .hermes, "\(name)") }
    for name in ["Llama-3.1-Instruct", "Llama-3.2-Instruct"] { #expect(try found(name) == .llama, "\(name)") }
    #expect(try found("Mistral-Nemo-Instruct") == .mistral)
    for name in [
      "ChatML", "DeepSeek-R1-Distill-Llama", "DeepSeek-R1-Distill-Qwen", "Gemma-2-it", "Phi-3.5-mini-instruct",
      "SmolLM2-Instruct", "SmolLM3",
    ] { #expect(try found(name) == nil, "\(name)") }
    #expect(ToolFormat.find(in: PlainTemplate()) == nil)
  }

  @Test func `is found under any other marker`() throws {
    let source = """
      {% for tool in tools %}{{ tool | tojson }}{% endfor %}{% for m in messages %}({{ m.role }}){{ m.content }}\
      {% for call in m.tool_calls %}
      <run>{"name": {{ call.function.name | tojson }}, "parameters": {{ call.function.arguments | tojson }}}</run>\
      {% endfor %}(end){% endfor %}{% if add_generation_prompt %}(assistant){% endif %}
      """
    let template = try JinjaTemplate(source: source, beginningOfText: "", endOfText: "")
    let format = try #require(ToolFormat.find(in: template))
    #expect(format.marker == "<run>" && format.closingMarker == "</run>" && format.separator == "</run><run>")
    #expect(format.argumentsOpening == #"", "parameters": "#)
  }

  @Test func `has a grammar that begins like a call`() throws {
    let tools = [Tool(name: "add"), Tool(name: #"say"\"#)]
    func grammar(_ format: ToolFormat, _ choice: ToolChoice, parallel: Bool = true) throws -> String {
      try format.grammar(for: tools, choice: choice, isParallel: parallel) { _, name in "\(name) ::= object" }
    }
    #expect(
      try grammar(.hermes, .required) == #"""
        root ::= "\n"{0,2} "<tool_call>\n" call ("\n</tool_call>\n<tool_call>\n" call)* "\n</tool_call>"
        call ::= call-0 | call-1
        call-0 ::= "{\"name\": \"add\", \"arguments\": " arguments-0 "}"
        arguments-0 ::= object
        call-1 ::= "{\"name\": \"say\\\"\\\\\", \"arguments\": " arguments-1 "}"
        arguments-1 ::= object

        """#)
    #expect(
      try grammar(.mistral, .named("add"), parallel: false) == #"""
        root ::= "\n"{0,2} "[TOOL_CALLS][" call "]"
        call ::= call-0
        call-0 ::= "{\"name\": \"add\", \"arguments\": " arguments-0 ", \"id\": \"" [a-zA-Z0-9]{9} "\"}"
        arguments-0 ::= object

        """#)
    #expect(try grammar(.llama, .required).hasPrefix("root ::= \"\\n\"{0,2} call\n"))
    #expect(try grammar(.hermes, .auto).hasPrefix("root ::= \"<tool_call>"))
    #expect(ToolFormat.hermes.beginning(for: .named("add")) == "<tool_call>\n{\"name\": \"add\", \"arguments\": ")
    #expect(ToolFormat.llama.beginning(for: .required) == #"{"name": ""#)
    #expect(ToolFormat.mistral.beginning(for: .auto).isEmpty)
  }
}
