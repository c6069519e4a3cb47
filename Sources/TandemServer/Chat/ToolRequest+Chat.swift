import Foundation
import TandemInference

extension ToolRequest {
  /// Reads `tools`, `tool_choice` and `parallel_tool_calls`. Throws for what is not supported.
  init(_ body: inout JSONMembers) throws(ServerError) {
    self.init()
    let sources = body.source("tools").flatMap { JSONText($0)?.elements } ?? []
    for (index, var members) in (try body.objects("tools") ?? []).enumerated() {
      guard sources.indices.contains(index),
        let source = JSONText(sources[index])?["function"].flatMap({ JSONText($0) })
      else { throw members.missing("function") }
      tools.append(try Tool(&members, source))
    }
    isParallel = try body.flag("parallel_tool_calls") ?? true
    choice = try ToolChoice(&body) ?? .auto
    try validate("tool_choice.function.name")
  }
}

extension Tool {
  /// - Parameter source: The member `function`, as it is written: the order of properties is shown to the model.
  fileprivate init(_ members: inout JSONMembers, _ source: JSONText) throws(ServerError) {
    guard let type = try members.text("type") else { throw members.missing("type") }
    guard type == "function" else {
      throw .invalid(
        "'\(members.place("type"))' can be function, not '\(type)'.", members.place("type"), code: "unsupported")
    }
    guard var function = try members.object("function") else { throw members.missing("function") }
    guard let name = try function.text("name"), !name.isEmpty else { throw function.missing("name") }
    self.init(name: name, description: try function.text("description"))
    if try function.object("parameters") != nil, let parameters = source["parameters"] { self.parameters = parameters }
    _ = try function.flag("strict")
    try function.finish()
    try members.finish()
  }
}

extension ToolChoice {
  private enum Word: String, CaseIterable {
    case auto, none, required
  }

  /// Reads `tool_choice`, if it is a word.
  init?(word body: inout JSONMembers) throws(ServerError) {
    guard let word: Word = try body.choice("tool_choice") else { return nil }
    self =
      switch word {
      case .auto: .auto
      case .none: .none
      case .required: .required
      }
  }

  fileprivate init?(_ body: inout JSONMembers) throws(ServerError) {
    guard let value = body.value("tool_choice") else { return nil }
    guard case .object = value else {
      try self.init(word: &body)
      return
    }
    var choice = try JSONMembers(value, at: "tool_choice")
    guard let type = try choice.text("type") else { throw choice.missing("type") }
    guard type == "function" else {
      throw .invalid("'tool_choice.type' can be function, not '\(type)'.", "tool_choice.type", code: "unsupported")
    }
    guard var function = try choice.object("function") else { throw choice.missing("function") }
    guard let name = try function.text("name") else { throw function.missing("name") }
    try function.finish()
    try choice.finish()
    self = .named(name)
  }
}

extension ToolCall {
  /// Reads one of the calls of an assistant's message.
  init(_ members: inout JSONMembers) throws(ServerError) {
    guard let id = try members.text("id"), !id.isEmpty else { throw members.missing("id") }
    if let type = try members.text("type"), type != "function" {
      throw .invalid(
        "'\(members.place("type"))' can be function, not '\(type)'.", members.place("type"), code: "unsupported")
    }
    guard var function = try members.object("function") else { throw members.missing("function") }
    guard let name = try function.text("name"), !name.isEmpty else { throw function.missing("name") }
    guard let arguments = try function.text("arguments") else { throw function.missing("arguments") }
    // Some clients send nothing for a tool without arguments.
    let written = arguments.allSatisfy(\.isWhitespace) ? "{}" : arguments
    guard JSONText(written)?.isObject == true else {
      throw .invalid(
        "'\(function.place("arguments"))' must be the text of a JSON object.", function.place("arguments"))
    }
    try function.finish()
    members.ignore("index")
    try members.finish()
    self.init(id: id, name: name, arguments: written)
  }
}
