import TandemInference

/// A JSON Schema (2020-12) as rules in GBNF. Whatever follows the rules is valid by the schema; not all that is valid
/// follows them.
///
/// Supported: `type` (also several), `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`,
/// `prefixItems`, `minItems`, `maxItems`, `minLength`, `maxLength`, bounds of whole numbers, whole bounds of other
/// numbers, `anyOf`, `oneOf` whose cases exclude each other, `allOf` of one, `$ref` inside the schema, also to itself.
/// Annotations are ignored; anything else is refused, since an answer could break it.
///
/// Members are written as in `required`, then the others by name. Those that no property names are only written if there
/// are no properties.
struct SchemaGrammar {
  private let document: JSONValue
  private let name: String
  private var rules: [String] = []
  private var references: [String: String] = [:]
  private var count = 0
  private var repetitions = 0

  /// The most rules of a schema, and the most copies of a rule that all its repetitions come to.
  static let (mostRules, mostRepetitions) = (1000, 10_000)

  private init(_ document: JSONValue, _ name: String) {
    (self.document, self.name) = (document, name)
  }

  /// The grammar of an answer that is a value of `schema`. An empty line may stand before it, as models write one.
  static func grammar(for schema: JSONValue) throws(SchemaError) -> Grammar {
    Grammar(rules: "root ::= \"\\n\"{0,2} value\n" + (try rules(for: schema, named: "value")))
  }

  /// The grammar of an answer that is any JSON object.
  static func anyObject() throws(SchemaError) -> Grammar {
    try grammar(for: .object(["type": .string("object")]))
  }

  /// The rules of a value of `schema`, of which `name` is the first; the names of all others begin with it too.
  static func rules(for schema: JSONValue, named name: String) throws(SchemaError) -> String {
    var grammar = Self(schema, name)
    grammar.references["#"] = name
    let body = try grammar.expression(schema, at: "#", depth: 0)
    return (["\(name) ::= \(body)"] + grammar.rules + grammar.basics).joined(separator: "\n") + "\n"
  }

  // MARK: - Names

  /// The rules that every schema may use.
  private var basics: [String] {
    [
      #"any ::= $object | $array | $string | $number | "true" | "false" | "null""#,
      #"object ::= "{" $space ($member ("," $space $member)*)? "}""#,
      #"member ::= $string ":" $space $any $space"#,
      #"array ::= "[" $space ($any $space ("," $space $any $space)*)? "]""#,
      #"string ::= "\"" $char* "\"""#,
      ##"char ::= [^"\\\x00-\x1F\x7F] | "\\" ["\\/bfnrt]"##,
      #"number ::= $integer ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?"#,
      #"integer ::= "-"? ("0" | [1-9] [0-9]{0,15})"#,
      #"fraction ::= "." [0-9]{0,14} [1-9]"#,
      #"space ::= (" " | "\n" [ \t]{0,8})?"#,
    ].map { "\(name)-\($0)".replacing("$", with: "\(name)-") }
  }

  private func basic(_ rule: String) -> String { "\(name)-\(rule)" }

  /// Makes a rule of an expression, and returns its name.
  private mutating func rule(_ expression: String, _ given: String? = nil, at path: String) throws(SchemaError)
    -> String
  {
    let rule = given ?? nextName()
    guard count <= Self.mostRules else { throw SchemaError(path, "makes more than \(Self.mostRules) rules") }
    rules.append("\(rule) ::= \(expression)")
    return rule
  }

  private mutating func nextName() -> String {
    count += 1
    return "\(name)-\(count)"
  }

  // MARK: - Values

  private static let annotations: Set<String> = [
    "$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default", "examples", "deprecated",
    "readOnly", "writeOnly",
  ]

  /// The name of a rule for `schema`.
  private mutating func value(_ schema: JSONValue, at path: String, depth: Int) throws(SchemaError) -> String {
    let body = try expression(schema, at: path, depth: depth + 1)
    return try rule(body, at: path)
  }

  private mutating func expression(_ schema: JSONValue, at path: String, depth: Int) throws(SchemaError) -> String {
    guard depth <= 64 else { throw SchemaError(path, "is nested more than 64 deep") }
    if schema == .bool(true) { return basic("any") }
    guard case .object(let members) = schema else { throw SchemaError(path, "must be an object, not \(schema.kind)") }
    var node = SchemaNode(members.filter { !Self.annotations.contains($0.key) }, path)
    let result = try expression(&node, depth: depth)
    try node.finish()
    return result
  }

  private mutating func expression(_ node: inout SchemaNode, depth: Int) throws(SchemaError) -> String {
    if let pointer = try node.text("$ref") { return try reference(pointer, node.path, depth: depth) }
    if let cases = try node.list("allOf") {
      guard cases.count == 1 else { throw SchemaError(node.path, "has an allOf of \(cases.count), and may have one") }
      return try value(cases[0], at: node.path + "/allOf/0", depth: depth)
    }
    if let cases = try node.list("anyOf") { return try union(cases, "anyOf", node.path, depth: depth) }
    if let cases = try node.list("oneOf") {
      guard SchemaNode.exclude(cases) else {
        throw SchemaError(
          node.path + "/oneOf", "has cases that one value may both be: use anyOf, or tell them apart by type or const")
      }
      return try union(cases, "oneOf", node.path, depth: depth)
    }
    let types = try node.types()
    if let constant = node.take("const") { return try literals([constant], types, node.path) }
    if let values = try node.list("enum") { return try literals(values, types, node.path) }
    guard let types else {
      if let keyword = node.rest.first { throw SchemaError(node.path, "needs a type beside \(keyword)") }
      return basic("any")
    }
    var cases: [String] = []
    for type in types { cases.append(try expression(of: type, &node, depth: depth)) }
    return cases.joined(separator: " | ")
  }

  private mutating func union(
    _ cases: [JSONValue], _ keyword: String, _ path: String, depth: Int
  ) throws(SchemaError) -> String {
    guard !cases.isEmpty else { throw SchemaError("\(path)/\(keyword)", "must not be empty") }
    var names: [String] = []
    for (index, schema) in cases.enumerated() {
      names.append(try value(schema, at: "\(path)/\(keyword)/\(index)", depth: depth))
    }
    return names.joined(separator: " | ")
  }

  private mutating func reference(_ pointer: String, _ path: String, depth: Int) throws(SchemaError) -> String {
    if let known = references[pointer] { return known }
    guard pointer.hasPrefix("#/") else { throw SchemaError(path, "refers to \(pointer), and may refer to #/… only") }
    var target = document
    for part in pointer.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
      let key = String(part).replacing("~1", with: "/").replacing("~0", with: "~")
      guard case .object(let members) = target, let next = members[key] else {
        throw SchemaError(path, "refers to \(pointer), which is not there")
      }
      target = next
    }
    let own = nextName()
    references[pointer] = own
    return try rule(try expression(target, at: pointer, depth: depth + 1), own, at: path)
  }

  private func literals(_ values: [JSONValue], _ types: [String]?, _ path: String) throws(SchemaError) -> String {
    let fitting = values.filter { value in types?.contains { SchemaNode.isValue(value, of: $0) } ?? true }
    guard !fitting.isEmpty else { throw SchemaError(path, "allows no value") }
    return fitting.map { GBNF.literal($0.written) }.joined(separator: " | ")
  }

  // MARK: - Types

  private mutating func expression(
    of type: String, _ node: inout SchemaNode, depth: Int
  ) throws(SchemaError) -> String {
    switch type {
    case "null": return "\"null\""
    case "boolean": return "\"true\" | \"false\""
    case "string": return try string(&node)
    case "integer":
      let bounds = try node.bounds()
      guard bounds.hasInteger else { throw SchemaError(node.path, "has no whole number between its bounds") }
      return GBNF.integers(bounds, or: basic("integer"))
    case "number":
      let bounds = try node.bounds()
      guard bounds.hasInteger || bounds.hasFraction else {
        throw SchemaError(node.path, "has no number between its bounds")
      }
      return GBNF.numbers(bounds, or: basic("number"), fraction: basic("fraction"))
    case "array": return try array(&node, depth: depth)
    case "object": return try object(&node, depth: depth)
    default: throw SchemaError(node.path, "has a type '\(type)', which there is not")
    }
  }

  private mutating func string(_ node: inout SchemaNode) throws(SchemaError) -> String {
    let (least, most) = (try node.count("minLength") ?? 0, try node.count("maxLength"))
    if least == 0, most == nil { return basic("string") }
    return #""\"" "# + (try repeated(basic("char"), least, most, node.path)) + #" "\"""#
  }

  private mutating func array(_ node: inout SchemaNode, depth: Int) throws(SchemaError) -> String {
    let (least, most) = (try node.count("minItems") ?? 0, try node.count("maxItems"))
    var prefix: [String] = []
    for (index, schema) in (try node.list("prefixItems") ?? []).enumerated() {
      prefix.append(try value(schema, at: "\(node.path)/prefixItems/\(index)", depth: depth))
    }
    let space = basic("space")
    let open = "\"[\" \(space)"
    if prefix.isEmpty {
      let schema = node.take("items") ?? .bool(true)
      let item = "\(try value(schema, at: node.path + "/items", depth: depth)) \(space)"
      if most == 0 { return "\(open) \"]\"" }
      let more = "(\",\" \(space) \(item))"
      let rest = try repeated(more, max(least - 1, 0), most.map { $0 - 1 }, node.path)
      return least == 0 ? "\(open) (\(item) \(rest))? \"]\"" : "\(open) \(item) \(rest) \"]\""
    }
    // All of them, and nothing after them: what is valid of fewer or more is not needed.
    _ = node.take("items")
    guard least <= prefix.count, most.map({ $0 >= prefix.count }) ?? true else {
      throw SchemaError(node.path, "has \(prefix.count) prefixItems, which minItems or maxItems does not allow")
    }
    return open + " " + prefix.joined(separator: " \(space) \",\" \(space) ") + " \(space) \"]\""
  }

  private mutating func object(_ node: inout SchemaNode, depth: Int) throws(SchemaError) -> String {
    let properties = try node.members("properties") ?? [:]
    let required = try node.texts("required") ?? []
    let additional = node.take("additionalProperties")
    let space = basic("space")
    let names = required + properties.keys.sorted().filter { !required.contains($0) }
    guard !names.isEmpty else {
      guard let additional, additional != .bool(true) else { return basic("object") }
      if additional == .bool(false) { return "\"{\" \(space) \"}\"" }
      let value = try value(additional, at: node.path + "/additionalProperties", depth: depth)
      let member = "\(basic("string")) \":\" \(space) \(value) \(space)"
      return "\"{\" \(space) (\(member) (\",\" \(space) \(member))*)? \"}\""
    }
    var members: [String] = []
    for name in names {
      // Not the literal nil, which is JSON's null.
      let fallback = additional == .bool(false) ? JSONValue?.none : additional ?? .bool(true)
      guard let schema = properties[name] ?? fallback else {
        throw SchemaError(node.path, "requires '\(name)', which is no property, and allows no others")
      }
      let place = "\(node.path)/properties/\(name.replacing("~", with: "~0").replacing("/", with: "~1"))"
      let key = GBNF.literal(JSONValue.string(name).written)
      members.append("\(key) \":\" \(space) \(try value(schema, at: place, depth: depth)) \(space)")
    }
    let comma = "\",\" \(space) "
    let needed = members.prefix(required.count).joined(separator: " " + comma)
    // From the last one on: each optional member with those that may follow it.
    var tail = ""
    for member in members.dropFirst(required.count).reversed() {
      let own = try rule(member + (tail.isEmpty ? "" : " (\(comma)\(tail))?"), at: node.path)
      tail = tail.isEmpty ? own : try rule("\(own) | \(tail)", at: node.path)
    }
    let rest = tail.isEmpty ? "" : needed.isEmpty ? "(\(tail))?" : "(\(comma)\(tail))?"
    return "\"{\" \(space) " + [needed, rest].filter { !$0.isEmpty }.joined(separator: " ") + " \"}\""
  }

  /// `item` from `least` to `most` times. Engines make a copy of a rule for each.
  private mutating func repeated(
    _ item: String, _ least: Int, _ most: Int?, _ path: String
  ) throws(SchemaError) -> String {
    guard least <= most ?? .max else { throw SchemaError(path, "has a minimum above its maximum") }
    repetitions += most ?? least
    guard max(least, most ?? 0) <= 1000, repetitions <= Self.mostRepetitions else {
      throw SchemaError(path, "repeats more than 1000 times, or all its repetitions \(Self.mostRepetitions) times")
    }
    return "\(item){\(least),\(most.map(String.init) ?? "")}"
  }
}
