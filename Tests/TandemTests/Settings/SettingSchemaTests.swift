import Foundation
import Tandem
import Testing

@Suite struct `The JSON Schema of a strategy` {
  private func json(_ type: any Strategy.Type) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(Strategies.schema(of: type)), as: UTF8.self)
      .replacing(" : ", with: ": ")
  }

  @Test func `describes numbers and words`() throws {
    #expect(
      try json(RandomTakeover.self) == """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "additionalProperties": false,
          "description": "The large model writes some thoughts, chosen at random: a control.",
          "properties": {
            "answeredBy": {
              "default": "small",
              "description": "who writes the answer",
              "enum": [
                "small",
                "large"
              ],
              "type": "string"
            },
            "probability": {
              "default": 0.2,
              "description": "chance that the large model writes the next thought",
              "maximum": 1,
              "minimum": 0,
              "type": "number"
            },
            "takeoverTokens": {
              "default": 20,
              "description": "most tokens of one thought by the large model",
              "maximum": 10000000,
              "minimum": 1,
              "type": "integer"
            }
          },
          "title": "random-takeover",
          "type": "object"
        }
        """)
  }

  @Test func `describes placeholders`() throws {
    let schema = try json(CoThink.self)
    #expect(
      schema.contains(
        #"""
              "allOf": [
                {
                  "pattern": "\\{outline\\}"
                },
                {
                  "pattern": "\\{question\\}"
                }
              ],
        """#))
  }

  @Test func `describes lists, and numbers with an exception`() throws {
    #expect(
      try json(EarlyExit.self).contains(
        """
            "words": {
              "default": [
                "Wait"
              ],
              "description": "words before which an answer is tried (paper: Wait, or Alternatively)",
              "items": {
                "minLength": 1,
                "type": "string"
              },
              "minItems": 1,
              "type": "array"
            }
        """))
    #expect(
      try json(SpeculativeThinking.self).contains(
        """
            "timeOut": {
              "anyOf": [
                {
                  "exclusiveMinimum": 0,
                  "type": "number"
                },
                {
                  "const": -1
                },
                {
                  "const": "inf"
                }
              ],
              "default": -1,
              "description": "seconds after which the run is concluded; -1 is never"
            }
        """))
  }

  @Test func `says that there are no settings`() throws {
    #expect(try json(SmallOnly.self).contains("\"properties\": {\n\n  }"))
  }
}

extension Setting {
  /// Whether this schema accepts a value. Knows the keywords that a strategy's schema has, and fails on any other.
  func accepts(_ value: Setting) -> Bool {
    guard case .dictionary(let schema) = self else { return false }
    return schema.allSatisfy { keyword, rule in
      switch (keyword, rule) {
      case ("$schema", _), ("title", _), ("description", _), ("default", _): true
      case ("type", .text(let name)): value.isOf(type: name)
      case ("enum", .list(let values)): values.contains(value)
      case ("const", _): rule == value
      case ("anyOf", .list(let schemas)): schemas.contains { $0.accepts(value) }
      case ("allOf", .list(let schemas)): schemas.allSatisfy { $0.accepts(value) }
      case ("minimum", _): Double(value).map { $0 >= Double(rule) ?? .nan } ?? true
      case ("exclusiveMinimum", _): Double(value).map { $0 > Double(rule) ?? .nan } ?? true
      case ("maximum", _): Double(value).map { $0 <= Double(rule) ?? .nan } ?? true
      case ("minLength", .integer(let least)): String(value).map { $0.count >= least } ?? true
      case ("minItems", .integer(let least)): value.entries.map { $0.count >= least } ?? true
      case ("items", _): value.entries?.allSatisfy(rule.accepts) ?? true
      case ("pattern", .text(let pattern)):
        String(value).map { $0.range(of: pattern, options: .regularExpression) != nil } ?? true
      case ("properties", .dictionary(let properties)):
        value.members?.allSatisfy { properties[$0.key]?.accepts($0.value) ?? true } ?? true
      case ("additionalProperties", .flag(false)):
        value.members?.keys.allSatisfy { schema["properties"]?.members?[$0] != nil } ?? true
      default: false
      }
    }
  }

  private func isOf(type name: String) -> Bool {
    switch (name, self) {
    case ("boolean", .flag), ("integer", .integer), ("number", .integer), ("number", .number), ("string", .text),
      ("array", .list), ("object", .dictionary):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }

  private var entries: [Setting]? { if case .list(let entries) = self { entries } else { nil } }
  private var members: [String: Setting]? { if case .dictionary(let members) = self { members } else { nil } }
}
