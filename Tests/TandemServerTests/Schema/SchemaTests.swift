import Foundation
import TandemInference
import Testing

@testable import TandemServer

@Suite struct `A schema's grammar` {
  /// Schemas, each with the values that its grammar has to be able to write, or nil for any.
  private static let schemas = [
    #"{"type": "object"}"#, #"true"#, #"{}"#, #"{"type": ["string", "null"]}"#, #"{"type": "boolean"}"#,
    #"{"enum": ["a\"b\\c", 1, null, {"x": [true]}, "Ü\n"]}"#, #"{"const": {"b": 1, "a": 2}}"#,
    #"{"type": "string", "enum": ["x", "y", 3]}"#, #"{"type": "integer", "minimum": -12, "maximum": 1234}"#,
    #"{"type": "integer", "exclusiveMinimum": 98, "exclusiveMaximum": 102}"#, #"{"type": "integer", "minimum": 5}"#,
    #"{"type": "integer", "maximum": -7}"#, #"{"type": "integer", "minimum": -305, "maximum": -99}"#,
    #"{"type": "number", "minimum": 0, "maximum": 1}"#, #"{"type": "number", "exclusiveMinimum": -3, "maximum": 12}"#,
    #"{"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}"#, #"{"type": "number"}"#,
    #"{"type": "string", "minLength": 2, "maxLength": 4}"#, #"{"type": "string", "minLength": 3}"#,
    #"{"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 4}"#, #"{"type": "array"}"#,
    #"{"type": "array", "items": {"type": "null"}, "maxItems": 0}"#,
    #"{"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false}"#,
    #"""
    {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0},
     "tags": {"type": "array", "items": {"type": "string", "maxLength": 3}}, "z/~": {"type": "null"}},
     "required": ["tags", "name"], "additionalProperties": false}
    """#,
    #"{"type": "object", "properties": {"a": {"type": "null"}, "b": {"type": "null"}, "c": {"type": "null"}}}"#,
    #"{"type": "object", "additionalProperties": {"type": "integer"}}"#,
    #"{"type": "object", "required": ["x"], "additionalProperties": {"type": "boolean"}}"#,
    #"{"anyOf": [{"type": "string"}, {"type": "object", "properties": {"k": {"const": 1}}, "required": ["k"]}]}"#,
    #"{"oneOf": [{"type": "string"}, {"type": "integer"}]}"#, #"{"allOf": [{"type": "integer"}]}"#,
    #"""
    {"$defs": {"node": {"type": "object", "properties": {"value": {"type": "integer"},
     "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}}, "required": ["value", "next"]}},
     "$ref": "#/$defs/node"}
    """#,
    ##"{"type": "object", "properties": {"child": {"$ref": "#"}}, "title": "T", "description": "D"}"##,
  ]

  @Test(arguments: schemas)
  func `writes only what is valid, and JSON that can be read`(schema: String) throws {
    let schema = try JSONValue(parsing: Data(schema.utf8))
    let grammar = try SchemaGrammar.grammar(for: schema)
    try grammar.validate()
    var texts: Set<String> = []
    for seed in 0..<60 as Range<UInt64> {
      var writer = try GrammarWriter(grammar.rules, seed: seed)
      let text = try writer.write()
      let value = try JSONValue(parsing: Data(text.utf8))
      #expect(SchemaValidator(schema).accepts(value), "\(text)")
      texts.insert(text)
    }
    #expect(!texts.isEmpty)
  }

  @Test(arguments: [
    (-12, 1234), (0, 0), (7, 7), (-3, 3), (99, 100), (-100, -99), (123, 4567), (-1000, -1), (0, 19), (190, 2010),
  ])
  func `has all whole numbers within its bounds, and no others`(least: Int, most: Int) throws {
    let schema = try JSONValue(
      parsing: Data(#"{"type": "integer", "minimum": \#(least), "maximum": \#(most)}"#.utf8))
    let grammar = try SchemaGrammar.grammar(for: schema)
    var found: Set<Int> = []
    var writer = try GrammarWriter(grammar.rules, seed: 1)
    for _ in 0..<4000 {
      let text = try writer.write("value")
      let number = try #require(Int(text))
      #expect((least...most).contains(number) && "\(number)" == text)
      found.insert(number)
    }
    #expect(found.contains(least) && found.contains(most))
  }

  @Test func `has members as they are required, then the others by name`() throws {
    let schema = try JSONValue(
      parsing: Data(
        #"{"type": "object", "properties": {"c": true, "b": true, "a": true, "d": true}, "required": ["d", "b"]}"#.utf8)
    )
    let rules = try SchemaGrammar.rules(for: schema, named: "value")
    let order = ["\"\\\"d\\\"\"", "\"\\\"b\\\"\""]
    let first = try #require(rules.split(separator: "\n").first)
    let places = try order.map { try #require(first.ranges(of: $0).first).lowerBound }
    #expect(places[0] < places[1])
    for seed in 0..<40 as Range<UInt64> {
      var writer = try GrammarWriter(rules, seed: seed)
      let text = try writer.write("value")
      let value = try JSONValue(parsing: Data(text.utf8))
      guard case .object(let members) = value else { return #expect(Bool(false), "\(text)") }
      #expect(members["d"] != nil && members["b"] != nil)
    }
  }

  @Test(arguments: [
    (#"{"type": "string", "pattern": "a+"}"#, "The schema at # has 'pattern', which is not supported here."),
    (
      #"{"type": "object", "properties": {"a": {"type": "string", "format": "date"}}}"#,
      "The schema at #/properties/a has 'format', which is not supported here."
    ),
    (#"{"type": "array", "uniqueItems": true}"#, "The schema at # has 'uniqueItems', which is not supported here."),
    (#"{"not": {}}"#, "The schema at # needs a type beside not."),
    (#"{"type": "text"}"#, "The schema at # has a type 'text', which there is not."),
    (#"{"type": "number", "multipleOf": 3}"#, "The schema at # has 'multipleOf', which is not supported here."),
    (
      #"{"type": "number", "minimum": 0.5}"#,
      "The schema at #/minimum must be a whole number of at most 15 digits, not a number."
    ),
    (
      #"{"$ref": "https://example.org/x"}"#,
      "The schema at # refers to https://example.org/x, and may refer to #/… only."
    ),
    (##"{"$ref": "#/$defs/none"}"##, "The schema at # refers to #/$defs/none, which is not there."),
    (#"{"allOf": [{}, {}]}"#, "The schema at # has an allOf of 2, and may have one."),
    (#"{"anyOf": []}"#, "The schema at #/anyOf must not be empty."),
    (
      #"{"oneOf": [{"type": "integer"}, {"type": "number"}]}"#,
      "The schema at #/oneOf has cases that one value may both be: use anyOf, or tell them apart by type or const."
    ),
    (#"{"type": "integer", "minimum": 3, "maximum": 2}"#, "The schema at # has a minimum above its maximum."),
    (#"{"type": "string", "enum": [1]}"#, "The schema at # allows no value."),
    (#"false"#, "The schema at # must be an object"),
    (#"{"type": "string", "maxLength": 5000}"#, "The schema at # repeats more than 1000 times"),
    (
      #"{"type": "object", "required": ["x"], "additionalProperties": false}"#,
      "The schema at # requires 'x', which is no property, and allows no others."
    ),
  ])
  func `is refused for what it could not keep, with the place`(schema: String, message: String) throws {
    let schema = try JSONValue(parsing: Data(schema.utf8))
    let error = #expect(throws: SchemaError.self) { try SchemaGrammar.grammar(for: schema) }
    let sentence = error.map { "\($0)" } ?? "no error"
    #expect(sentence.hasPrefix(message), "\(sentence)")
  }

  @Test func `never becomes a giant, whatever the schema`() throws {
    let deep = String(repeating: #"{"type":"array","items":"#, count: 100) + "{}" + String(repeating: "}", count: 100)
    let wide =
      #"{"type": "object", "properties": {"#
      + (0..<1200).map { #""k\#($0)": {"type": "null"}"# }.joined(separator: ",") + "}}"
    let long =
      #"{"type": "object", "properties": {"#
      + (0..<20).map { #""k\#($0)": {"type": "string", "maxLength": 1000}"# }.joined(separator: ",") + "}}"
    for text in [deep, wide, long] {
      let schema = try JSONValue(parsing: Data(text.utf8))
      #expect(throws: SchemaError.self) { try SchemaGrammar.grammar(for: schema) }
    }
  }
}

/// Says whether a value is valid by a schema of the supported kind.
private struct SchemaValidator {
  let root: JSONValue

  init(_ root: JSONValue) { self.root = root }

  func accepts(_ value: JSONValue) -> Bool { accepts(value, root) }

  private func accepts(_ value: JSONValue, _ schema: JSONValue) -> Bool {
    guard case .object(let schema) = schema else { return schema == .bool(true) }
    if case .string(let pointer)? = schema["$ref"] {
      var target = root
      for key in pointer.dropFirst(2).split(separator: "/") {
        if case .object(let members) = target { target = members[String(key)] ?? .null }
      }
      return accepts(value, target)
    }
    if let constant = schema["const"], constant != value { return false }
    if case .array(let values)? = schema["enum"], !values.contains(value) { return false }
    if case .array(let cases)? = schema["anyOf"], !cases.contains(where: { accepts(value, $0) }) { return false }
    if case .array(let cases)? = schema["oneOf"], cases.count(where: { accepts(value, $0) }) != 1 { return false }
    if case .array(let cases)? = schema["allOf"], !cases.allSatisfy({ accepts(value, $0) }) { return false }
    switch schema["type"] {
    case .string(let type)?: guard SchemaNode.isValue(value, of: type) else { return false }
    case .array(let types)?:
      guard
        types.contains(where: { if case .string(let type) = $0 { SchemaNode.isValue(value, of: type) } else { false } })
      else { return false }
    default: break
    }
    switch value {
    case .integer(let integer): return isWithin(Double(integer), schema)
    case .number(let number): return isWithin(number, schema)
    case .string(let text): return isWithin(text.unicodeScalars.count, schema, "minLength", "maxLength")
    case .array(let items):
      guard isWithin(items.count, schema, "minItems", "maxItems") else { return false }
      var rest = items[...]
      if case .array(let prefix)? = schema["prefixItems"] {
        for (item, schema) in zip(items, prefix) where !accepts(item, schema) { return false }
        rest = rest.dropFirst(prefix.count)
      }
      return rest.allSatisfy { accepts($0, schema["items"] ?? .bool(true)) }
    case .object(let members):
      var properties: [String: JSONValue] = [:]
      if case .object(let given)? = schema["properties"] { properties = given }
      if case .array(let required)? = schema["required"] {
        for case .string(let key) in required where members[key] == nil { return false }
      }
      return members.allSatisfy {
        accepts($0.value, properties[$0.key] ?? schema["additionalProperties"] ?? .bool(true))
      }
    default: return true
    }
  }

  private func isWithin(_ number: Double, _ schema: [String: JSONValue]) -> Bool {
    func bound(_ key: String) -> Double? { if case .integer(let bound)? = schema[key] { Double(bound) } else { nil } }
    return number >= bound("minimum") ?? -.infinity && number <= bound("maximum") ?? .infinity
      && number > bound("exclusiveMinimum") ?? -.infinity && number < bound("exclusiveMaximum") ?? .infinity
  }

  private func isWithin(_ count: Int, _ schema: [String: JSONValue], _ least: String, _ most: String) -> Bool {
    if case .integer(let bound)? = schema[least], count < bound { return false }
    if case .integer(let bound)? = schema[most], count > bound { return false }
    return true
  }
}
