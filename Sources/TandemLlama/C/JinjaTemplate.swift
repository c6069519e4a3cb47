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

  /// The prompt for `messages`, up to where the assistant begins to write.
  ///
  /// A beginning of text that the template writes stays in the prompt: it becomes the control token.
  public func render(_ messages: [Message], variables: [String: TemplateVariable]) throws(EngineError) -> [PromptPart] {
    // Templates ask for `tools` and `documents` in ways that tell none from undefined; Hugging Face passes none.
    var fields = ["tools": "null", "documents": "null", "add_generation_prompt": "true"]
    for (name, variable) in variables { fields[name] = try variable.json() }
    fields["bos_token"] = try json(beginningOfText)
    fields["eos_token"] = try json(endOfText)
    // Written by hand, because a template may print a message, and its keys have an order.
    var list: [String] = []
    for message in messages {
      list.append(#"{"role":"\#(message.role.rawValue)","content":\#(try json(message.content))}"#)
    }
    fields["messages"] = "[\(list.joined(separator: ","))]"
    var object: [String] = []
    for (name, value) in fields { object.append("\(try json(name)):\(value)") }
    return try parsed.render("{\(object.joined(separator: ","))}").mergingNeighbours()
  }
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
