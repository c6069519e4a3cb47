import TandemInference

extension ToolFormat {
  /// The GBNF of calls of `tools` with nothing around them, for a choice other than `none`.
  ///
  /// - Parameters:
  ///   - isParallel: Whether there may be several calls, in formats that have several.
  ///   - rule: The rules for a tool's arguments, the first of which is called `name`.
  func grammar(
    for tools: [Tool], choice: ToolChoice, isParallel: Bool,
    arguments rule: (_ tool: Tool, _ name: String) throws -> String
  ) rethrows -> String {
    let callable = tools.enumerated().filter { _, tool in
      if case .named(let name) = choice { tool.name == name } else { choice != .none }
    }
    var rules = ["call ::= \(callable.map { "call-\($0.offset)" }.joined(separator: " | "))"]
    for (index, tool) in callable {
      let name = JSONText.escaped(tool.name)
      let id = idOpening.map { " \(Self.literal($0)) [a-zA-Z0-9]{\(ToolCall.idLength)}" } ?? ""
      rules.append(
        "call-\(index) ::= \(Self.literal(nameOpening + name + argumentsOpening)) arguments-\(index)\(id) "
          + Self.literal(callClosing))
      rules.append(try rule(tool, "arguments-\(index)"))
    }
    let more = isParallel ? separator.map { " (\(Self.literal($0)) call)*" } ?? "" : ""
    let before = opening.isEmpty ? "" : "\(Self.literal(opening)) "
    let after = closing.isEmpty ? "" : " \(Self.literal(closing))"
    return (["root ::= \(before)call\(more)\(after)"] + rules).joined(separator: "\n") + "\n"
  }

  /// The text with which an answer that has to call begins.
  func beginning(for choice: ToolChoice) -> String {
    switch choice {
    case .auto, .none: ""
    case .required: opening + nameOpening
    case .named(let name): opening + nameOpening + JSONText.escaped(name) + argumentsOpening
    }
  }

  /// `text` as a literal of GBNF.
  static func literal(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": literal += #"\""#
      case "\\": literal += #"\\"#
      case "\n": literal += #"\n"#
      case "\r": literal += #"\r"#
      case "\t": literal += #"\t"#
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }
}
