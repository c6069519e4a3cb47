extension Strategies {
  /// The JSON Schema (draft 2020-12) of a strategy's settings, as a JSON tree.
  public static func schema(of type: any Strategy.Type) -> Setting {
    let properties = type.settingDescriptions.map { ($0.name, $0.schema) }
    return [
      "$schema": "https://json-schema.org/draft/2020-12/schema", "title": .text(type.name),
      "description": .text(type.about.summary), "type": "object", "additionalProperties": .flag(false),
      "properties": .dictionary(Dictionary(uniqueKeysWithValues: properties)),
    ]
  }
}

extension SettingDescription {
  /// The meaning, with the paper's name for it.
  public var fullHelp: String { help + (paper.map { " (\($0))" } ?? "") }

  fileprivate var schema: Setting {
    .dictionary(kind.schema.merging(["description": .text(fullHelp), "default": initial]) { $1 })
  }
}

extension SettingKind {
  fileprivate var schema: [String: Setting] {
    switch self {
    case .flag: ["type": "boolean"]
    case .integer(let range): range.schema("integer")
    case .number(let range): range.schema("number")
    case .choice(let words): ["type": "string", "enum": .list(words.map(Setting.text))]
    case .text(let placeholders): ["type": "string"].merging(Self.pattern(placeholders)) { $1 }
    case .texts(let least):
      ["type": "array", "items": ["type": "string", "minLength": .integer(1)], "minItems": .integer(least)]
    }
  }

  /// Text that contains all of `placeholders`, in any order.
  private static func pattern(_ placeholders: [String]) -> [String: Setting] {
    if placeholders.isEmpty { return [:] }
    let patterns = placeholders.map { text in
      text.replacing("{", with: "\\{").replacing("}", with: "\\}")
    }
    return ["allOf": .list(patterns.map { ["pattern": .text($0)] })]
  }
}

extension SettingRange {
  fileprivate func schema(_ type: String) -> [String: Setting] {
    var bounds: [String: Setting] = ["type": .text(type)]
    if let minimum { bounds[isMinimumExcluded ? "exclusiveMinimum" : "minimum"] = minimum.setting }
    if let maximum { bounds["maximum"] = maximum.setting }
    var others: [Setting] = []
    if let exception { others.append(["const": exception.setting]) }
    if allowsInfinity { others.append(["const": "inf"]) }
    return others.isEmpty ? bounds : ["anyOf": .list([.dictionary(bounds)] + others)]
  }
}
