import TandemInference

/// What a request says an answer must look like: `response_format` of chats, `text.format` of responses.
enum AnswerFormat {
  /// The grammar of a format; nil for plain text. Throws for a schema that can't be kept, with the place in it.
  ///
  /// - Parameter isFlat: Whether the schema is a member of the format itself, as in responses, and not of its
  ///   `json_schema`.
  static func grammar(_ format: inout JSONMembers, isFlat: Bool = false) throws(ServerError) -> Grammar? {
    guard let type = try format.text("type") else { throw format.missing("type") }
    switch type {
    case "text":
      try format.finish()
      return nil
    case "json_object":
      try format.finish()
      return try grammar(for: .object(["type": .string("object")]), at: format.path)
    case "json_schema":
      if isFlat { return try schema(&format) }
      guard var inner = try format.object("json_schema") else { throw format.missing("json_schema") }
      try format.finish()
      return try schema(&inner)
    default:
      let place = format.place("type")
      throw .invalid("'\(place)' can be text, json_object, json_schema, not '\(type)'.", place)
    }
  }

  /// The grammar of a value of `schema`, which stands at `place` in the request.
  static func grammar(for schema: JSONValue, at place: String) throws(ServerError) -> Grammar {
    do {
      let grammar = try SchemaGrammar.grammar(for: schema)
      try grammar.validate()
      return grammar
    } catch {
      throw .invalid("\(error)", place, code: "unsupported_schema")
    }
  }

  private static func schema(_ members: inout JSONMembers) throws(ServerError) -> Grammar {
    guard let name = try members.text("name"), !name.isEmpty else { throw members.missing("name") }
    guard let schema = members.value("schema") else { throw members.missing("schema") }
    _ = try members.text("description")
    _ = try members.flag("strict")  // a schema is kept in any case
    try members.finish()
    return try grammar(for: schema, at: members.place("schema"))
  }
}
