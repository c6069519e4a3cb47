import TandemInference

private enum Word: String, CaseIterable { case auto, none, required }

extension ToolRequest {
  /// Reads `tools`, `tool_choice` and `parallel_tool_calls` of OpenAI's responses. Throws for what is not supported.
  init(responses body: inout JSONMembers) throws(ServerError) {
    self.init()
    let sources = body.source("tools").flatMap { JSONText($0)?.elements } ?? []
    for (index, var members) in (try body.objects("tools") ?? []).enumerated() {
      guard let type = try members.text("type") else { throw members.missing("type") }
      guard type == "function" else {
        throw .invalid(
          "'\(members.place("type"))' can be function, not '\(type)'.", members.place("type"), code: "unsupported")
      }
      guard let name = try members.text("name"), !name.isEmpty else { throw members.missing("name") }
      var tool = Tool(name: name, description: try members.text("description"))
      // As it is written: the order of properties is shown to the model.
      if try members.object("parameters") != nil, sources.indices.contains(index),
        let schema = JSONText(sources[index])?["parameters"]
      {
        tool.parameters = schema
      }
      _ = try members.flag("strict")
      try members.finish()
      tools.append(tool)
    }
    isParallel = try body.flag("parallel_tool_calls") ?? true
    if case .object? = body.value("tool_choice"), var given = try body.object("tool_choice") {
      guard try given.text("type") == "function" else {
        throw .invalid("'tool_choice.type' can be function.", "tool_choice.type", code: "unsupported")
      }
      guard let name = try given.text("name") else { throw given.missing("name") }
      try given.finish()
      choice = .named(name)
    } else {
      let word: Word = try body.choice("tool_choice") ?? .auto
      choice = word == .auto ? .auto : word == .none ? .none : .required
    }
    try check()
  }
}
