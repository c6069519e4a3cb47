import TandemInference

private enum Choice: String, CaseIterable { case auto, any, tool, none }

extension ToolRequest {
  /// Reads the `tools` and the `tool_choice` of Anthropic's API. Throws for what is not supported.
  init(messages body: inout JSONMembers) throws(ServerError) {
    self.init()
    let sources = body.source("tools").flatMap { JSONText($0)?.elements } ?? []
    for (index, var members) in (try body.objects("tools") ?? []).enumerated() {
      if let type = try members.text("type"), type != "custom" {
        throw .invalid(
          "'\(members.place("type"))' can be custom, not '\(type)'.", members.place("type"), code: "unsupported")
      }
      guard let name = try members.text("name"), !name.isEmpty else { throw members.missing("name") }
      var tool = Tool(name: name, description: try members.text("description"))
      guard try members.object("input_schema") != nil else { throw members.missing("input_schema") }
      // As it is written: the order of properties is shown to the model.
      if sources.indices.contains(index), let schema = JSONText(sources[index])?["input_schema"] {
        tool.parameters = schema
      }
      members.ignore("cache_control", "strict")
      try members.finish()
      tools.append(tool)
    }
    if var given = try body.object("tool_choice") {
      guard let type: Choice = try given.choice("type") else { throw given.missing("type") }
      isParallel = try given.flag("disable_parallel_tool_use") != true
      switch type {
      case .auto: choice = .auto
      case .any: choice = .required
      case .none: choice = .none
      case .tool:
        guard let name = try given.text("name") else { throw given.missing("name") }
        choice = .named(name)
      }
      try given.finish()
    }
    try check()
  }
}
