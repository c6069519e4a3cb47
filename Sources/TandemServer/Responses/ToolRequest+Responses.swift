import Tandem
import TandemInference

extension ToolRequest {
  /// Reads `tools`, `tool_choice` and `parallel_tool_calls` of OpenAI's responses.
  static func responses(_ body: inout JSONMembers) throws(ServerError) -> Self {
    var request = Self()
    let sources = body.source("tools").flatMap { JSONText($0)?.elements } ?? []
    for (index, var members) in (try body.objects("tools") ?? []).enumerated() {
      let type = try members.required(members.text("type"), "type")
      guard type == "function" else {
        throw .invalid(
          "'\(members.place("type"))' can be function, not '\(type)'.", members.place("type"), code: "unsupported")
      }
      var tool = Tool(
        name: try members.required(members.text("name"), "name"), description: try members.text("description"))
      let source = sources.indices.contains(index) ? JSONText(sources[index]) : nil
      if try members.object("parameters") != nil, let schema = source?["parameters"] { tool.parameters = schema }
      _ = try members.flag("strict")
      try members.finish()
      request.tools.append(tool)
    }
    if case .object(let choice)? = body.value("tool_choice") {
      var members = try JSONMembers(.object(choice), at: "tool_choice")
      let type = try members.required(members.text("type"), "type")
      guard type == "function" else {
        throw .invalid("'tool_choice.type' can be function, not '\(type)'.", "tool_choice.type", code: "unsupported")
      }
      request.choice = .named(try members.required(members.text("name"), "name"))
      try members.finish()
    } else {
      request.choice = try ToolChoice(word: &body) ?? .auto
    }
    request.isParallel = try body.flag("parallel_tool_calls") ?? true
    try request.validate("tool_choice.name")
    return request
  }
}
