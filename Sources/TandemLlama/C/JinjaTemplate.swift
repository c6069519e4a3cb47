import CJinja
import Foundation
public import TandemInference

/// A model's own chat template, rendered by llama.cpp's Jinja engine.
///
/// A template comes with a model file from anywhere, so the engine runs within bounds: one that is endless, too
/// deep or too large fails with an error. Parsing happens once; any number of tasks may render at the same time.
public final class JinjaTemplate: ChatTemplate {
  /// The template's own text.
  public let source: String?
  private let parsed: ParsedTemplate
  private let beginningOfText: String
  private let endOfText: String

  /// Parses `source`; the two texts are what the template gets as `bos_token` and `eos_token`.
  public init(source: String, beginningOfText: String, endOfText: String) throws(EngineError) {
    self.source = source
    self.beginningOfText = beginningOfText
    self.endOfText = endOfText
    parsed = try ParsedTemplate(source)
  }

  /// The prompt for `messages`, up to where the assistant begins to write. The model may call `tools`.
  ///
  /// A beginning of text that the template writes stays in the prompt: it becomes the control token.
  public func render(
    _ messages: [Message], tools: [Tool], variables: [String: TemplateVariable]
  ) throws(EngineError) -> [PromptPart] {
    let hasCalls = messages.contains { !$0.toolCalls.isEmpty }
    return try render(messages, tools, variables, hasCalls ? callForm(variables) : .usual)
  }

  private func render(
    _ messages: [Message], _ tools: [Tool], _ variables: [String: TemplateVariable], _ form: CallForm
  ) throws(EngineError) -> [PromptPart] {
    // Templates ask for `tools` and `documents` in ways that tell none from undefined; Hugging Face passes none.
    var fields = ["tools": "null", "documents": "null", "add_generation_prompt": "true"]
    for (name, variable) in variables { fields[name] = try variable.json() }
    fields["bos_token"] = try json(beginningOfText)
    fields["eos_token"] = try json(endOfText)
    var written: [String] = []
    for message in messages { written.append(try message.json(form)) }
    fields["messages"] = "[\(written.joined(separator: ","))]"
    if !tools.isEmpty {
      written = []
      for tool in tools { written.append(try tool.json()) }
      fields["tools"] = "[\(written.joined(separator: ","))]"
    }
    var object: [String] = []
    for (name, value) in fields { object.append("\(try json(name)):\(value)") }
    return try parsed.render("{\(object.joined(separator: ","))}").mergingNeighbours()
  }

  /// The form of calls that this template writes as JSON: the first that shows in a conversation with one.
  private func callForm(_ variables: [String: TemplateVariable]) throws(EngineError) -> CallForm {
    let call = ToolCall(id: "abcdefghi", name: "probe", arguments: #"{"key":"value"}"#)
    let messages = [
      Message(.user, "Q"), Message(.assistant, "", toolCalls: [call]), Message(.tool, "A", toolCallID: call.id),
    ]
    return CallForm.all.first { form in
      guard let parts = try? render(messages, [], variables, form) else { return false }
      let text = parts.map(\.text).joined()
      return text.filter { !$0.isWhitespace }.contains(#"{"key":"value"}"#) && !text.contains("None")
    } ?? .usual
  }
}

/// How an assistant's calls are passed to a template. Hugging Face passes them in the usual form; DeepSeek's templates
/// take the arguments as a text, and some take no content that is null.
struct CallForm: Equatable {
  /// Whether the arguments are a text, rather than an object.
  var hasTextArguments: Bool
  /// Whether the content of a message that only calls is null, rather than empty.
  var hasNullContent: Bool

  static let usual = Self(hasTextArguments: false, hasNullContent: true)
  static let all = [false, true].flatMap { text in
    [true, false].map { Self(hasTextArguments: text, hasNullContent: $0) }
  }
}

// Written by hand, because a template may print a message, and its keys have an order: that of Hugging Face.
extension Message {
  fileprivate func json(_ form: CallForm) throws(EngineError) -> String {
    let isNull = content.isEmpty && !toolCalls.isEmpty && form.hasNullContent
    var object = #"{"role":"\#(role.rawValue)","content":\#(isNull ? "null" : try TandemLlama.json(content))"#
    if let reasoning { object += #","reasoning_content":\#(try TandemLlama.json(reasoning))"# }
    if !toolCalls.isEmpty {
      var calls: [String] = []
      for call in toolCalls { calls.append(try call.json(form)) }
      object += #","tool_calls":[\#(calls.joined(separator: ","))]"#
    }
    if let toolCallID { object += #","tool_call_id":\#(try TandemLlama.json(toolCallID))"# }
    if let name { object += #","name":\#(try TandemLlama.json(name))"# }
    return object + "}"
  }
}

extension ToolCall {
  fileprivate func json(_ form: CallForm) throws(EngineError) -> String {
    let object = try object(arguments, in: "the arguments of a call of '\(name)'")
    let arguments = form.hasTextArguments ? try TandemLlama.json(arguments) : object
    return #"{"id":\#(try TandemLlama.json(id)),"type":"function","function":"#
      + #"{"name":\#(try TandemLlama.json(name)),"arguments":\#(arguments)}}"#
  }
}

extension Tool {
  fileprivate func json() throws(EngineError) -> String {
    var function = #"{"name":\#(try TandemLlama.json(name))"#
    if let description { function += #","description":\#(try TandemLlama.json(description))"# }
    function += #","parameters":\#(try object(parameters, in: "the parameters of the tool '\(name)'"))"#
    return #"{"type":"function","function":\#(function)}}"#
  }
}

/// `text`, which must be a JSON object and nothing else, as it is: its keys have an order.
private func object(_ text: String, in place: String) throws(EngineError) -> String {
  guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)), object is [String: Any],
    // Foundation also reads UTF-16, whose bytes mean something else to the engine.
    !text.utf8.contains(0)
  else { throw .invalidParameter(name: place, reason: "must be a JSON object") }
  return text
}

/// The engine's syntax tree, which nothing changes after it was made: that makes it sendable.
private final class ParsedTemplate: @unchecked Sendable {
  private let tree: OpaquePointer

  init(_ source: String) throws(EngineError) {
    var failure: UnsafeMutablePointer<CChar>?
    guard let tree = cjinja_parse(source, source.utf8.count, &failure) else { throw .templateFailed(taking: failure) }
    self.tree = tree
  }

  deinit {
    cjinja_free(tree)
  }

  func render(_ variables: String) throws(EngineError) -> [PromptPart] {
    var parts: [PromptPart] = []
    var failure: UnsafeMutablePointer<CChar>?
    let isRendered = withUnsafeMutablePointer(to: &parts) { parts in
      cjinja_render(
        tree, variables,
        { context, text, length, isInput in
          let bytes = UnsafeRawBufferPointer(start: text, count: length)
          let part = PromptPart(String(decoding: bytes, as: UTF8.self), isInput: isInput)
          context?.assumingMemoryBound(to: [PromptPart].self).pointee.append(part)
        }, parts, &failure)
    }
    guard isRendered else { throw .templateFailed(taking: failure) }
    return parts
  }
}

extension EngineError {
  /// The error for a message of the C side, which is freed.
  fileprivate static func templateFailed(taking message: UnsafeMutablePointer<CChar>?) -> EngineError {
    guard let message else { return .templateFailed(reason: "the Jinja engine gave no reason") }
    defer { cjinja_free_string(message) }
    return .templateFailed(reason: String(cString: message))
  }
}

extension TemplateVariable {
  fileprivate func json() throws(EngineError) -> String {
    switch self {
    case .flag(let flag): flag ? "true" : "false"
    case .text(let text): try TandemLlama.json(text)
    }
  }
}

extension [PromptPart] {
  fileprivate func mergingNeighbours() -> [PromptPart] {
    reduce(into: []) { merged, part in
      if merged.last?.isInput == part.isInput {
        merged[merged.count - 1].text += part.text
      } else {
        merged.append(part)
      }
    }
  }
}

private func json(_ value: some Encodable) throws(EngineError) -> String {
  do {
    return String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
  } catch {
    throw .templateFailed(reason: "its variables are not valid JSON: \(error)")
  }
}
