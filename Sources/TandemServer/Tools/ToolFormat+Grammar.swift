import TandemInference

extension ToolFormat {
  /// The GBNF of calls of `tools`, for a choice other than `none`. If one must be made, it is the whole answer, before
  /// which an empty line may stand; otherwise the rules are for what follows the marker, itself included.
  ///
  /// - Parameters:
  ///   - isParallel: Whether there may be several calls, in formats that have several.
  ///   - rule: The rules for a tool's arguments, the first of which is called `name`.
  func grammar(
    for tools: [Tool], choice: ToolChoice, isParallel: Bool,
    arguments rule: (_ tool: Tool, _ name: String) throws(ServerError) -> String
  ) throws(ServerError) -> String {
    let callable = tools.enumerated().filter { _, tool in
      if case .named(let name) = choice { tool.name == name } else { choice != .none }
    }
    var rules = ["call ::= \(callable.map { "call-\($0.offset)" }.joined(separator: " | "))"]
    for (index, tool) in callable {
      let name = JSONText.escaped(tool.name)
      let id = idOpening.map { " \(GBNF.literal($0)) [a-zA-Z0-9]{\(ToolCall.idLength)}" } ?? ""
      rules.append(
        "call-\(index) ::= \(GBNF.literal(nameOpening + name + argumentsOpening)) arguments-\(index)\(id) "
          + GBNF.literal(callClosing))
      rules.append(try rule(tool, "arguments-\(index)"))
    }
    let more = isParallel ? separator.map { " (\(GBNF.literal($0)) call)*" } ?? "" : ""
    let before = opening.isEmpty ? "" : "\(GBNF.literal(opening)) "
    let after = closing.isEmpty ? "" : " \(GBNF.literal(closing))"
    let start = choice == .auto ? "" : #""\n"{0,2} "#
    return (["root ::= \(start)\(before)call\(more)\(after)"] + rules).joined(separator: "\n") + "\n"
  }

  /// The text with which an answer that has to call begins.
  func beginning(for choice: ToolChoice) -> String {
    switch choice {
    case .auto, .none: ""
    case .required: opening + nameOpening
    case .named(let name): opening + nameOpening + JSONText.escaped(name) + argumentsOpening
    }
  }
}
