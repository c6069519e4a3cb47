import Tandem
import TandemInference

extension ToolRequest {
  private enum Choice: String, CaseIterable {
    case auto, any, tool, none
  }

  /// Reads `tools` and `tool_choice` of Anthropic's API.
  static func messages(_ body: inout JSONMembers) throws(ServerError) -> Self {
    var request = Self()
    let sources = body.source("tools").flatMap { JSONText($0)?.elements } ?? []
    for (index, var members) in (try body.objects("tools") ?? []).enumerated() {
      if let type = try members.text("type"), type != "custom" {
        throw .invalid(
          "'\(members.place("type"))' can be custom, not '\(type)'.", members.place("type"), code: "unsupported")
      }
      var tool = Tool(
        name: try members.required(members.text("name"), "name"), description: try members.text("description"))
      _ = try members.required(members.object("input_schema"), "input_schema")
      let source = sources.indices.contains(index) ? JSONText(sources[index]) : nil
      if let schema = source?["input_schema"] { tool.parameters = schema }
      members.ignore("cache_control", "strict")
      try members.finish()
      request.tools.append(tool)
    }
    if var members = try body.object("tool_choice") {
      let type: Choice = try members.required(members.choice("type"), "type")
      request.choice =
        switch type {
        case .auto: .auto
        case .any: .required
        case .none: .none
        case .tool: .named(try members.required(members.text("name"), "name"))
        }
      request.isParallel = try members.flag("disable_parallel_tool_use") != true
      try members.finish()
    }
    try request.validate("tool_choice.name")
    return request
  }
}
