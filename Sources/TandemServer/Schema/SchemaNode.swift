/// The keywords of one schema that have not been read yet.
struct SchemaNode {
  let path: String
  private var members: [String: JSONValue]

  init(_ members: [String: JSONValue], _ path: String) { (self.members, self.path) = (members, path) }

  /// The keywords that are left.
  var rest: [String] { members.keys.sorted() }

  /// The value of a keyword, which is read then.
  mutating func take(_ keyword: String) -> JSONValue? { members.removeValue(forKey: keyword) }

  mutating func text(_ keyword: String) throws(SchemaError) -> String? {
    guard let value = take(keyword) else { return nil }
    guard case .string(let text) = value else { throw fault(keyword, "text", value) }
    return text
  }

  mutating func list(_ keyword: String) throws(SchemaError) -> [JSONValue]? {
    guard let value = take(keyword) else { return nil }
    guard case .array(let list) = value else { throw fault(keyword, "a list", value) }
    return list
  }

  mutating func texts(_ keyword: String) throws(SchemaError) -> [String]? {
    var texts: [String] = []
    guard let list = try list(keyword) else { return nil }
    for value in list {
      guard case .string(let text) = value else { throw fault(keyword, "a list of texts", value) }
      if !texts.contains(text) { texts.append(text) }
    }
    return texts
  }

  mutating func members(_ keyword: String) throws(SchemaError) -> [String: JSONValue]? {
    guard let value = take(keyword) else { return nil }
    guard case .object(let members) = value else { throw fault(keyword, "an object", value) }
    return members
  }

  mutating func count(_ keyword: String) throws(SchemaError) -> Int? {
    guard let value = take(keyword) else { return nil }
    guard let count = value.whole, count >= 0 else { throw fault(keyword, "a whole number from 0 on", value) }
    return count
  }

  /// The types, without repetitions; nil if none is said.
  mutating func types() throws(SchemaError) -> [String]? {
    if case .string(let type)? = members["type"] {
      members["type"] = nil
      return [type]
    }
    guard let types = try texts("type") else { return nil }
    if types.isEmpty { throw SchemaError(path, "has no type") }
    // A whole number is a number.
    return types.contains("number") ? types.filter { $0 != "integer" } : types
  }

  /// The whole bounds of a number, both included, and those between which its integer part may have a fraction.
  mutating func bounds() throws(SchemaError) -> NumberBounds {
    var bounds = NumberBounds()
    for (keyword, step) in [("minimum", 0), ("exclusiveMinimum", 1)] {
      guard let bound = try bound(keyword) else { continue }
      bounds.least = max(bounds.least ?? .min, bound + step)
      bounds.floor = max(bounds.floor ?? .min, bound)
    }
    for (keyword, step) in [("maximum", 0), ("exclusiveMaximum", 1)] {
      guard let bound = try bound(keyword) else { continue }
      bounds.most = min(bounds.most ?? .max, bound - step)
      bounds.ceiling = min(bounds.ceiling ?? .max, bound)
    }
    if let floor = bounds.floor, let ceiling = bounds.ceiling, floor > ceiling {
      throw SchemaError(path, "has a minimum above its maximum")
    }
    return bounds
  }

  private mutating func bound(_ keyword: String) throws(SchemaError) -> Int? {
    guard let value = take(keyword) else { return nil }
    guard let bound = value.whole, abs(bound) <= 1_000_000_000_000_000 else {
      throw fault(keyword, "a whole number of at most 15 digits", value)
    }
    return bound
  }

  /// Throws for the first keyword that nothing has read.
  func finish() throws(SchemaError) {
    guard let keyword = rest.first else { return }
    throw SchemaError(path, "has '\(keyword)', which is not supported here")
  }

  private func fault(_ keyword: String, _ wanted: String, _ value: JSONValue) -> SchemaError {
    SchemaError("\(path)/\(keyword)", "must be \(wanted), not \(value.kind)")
  }

  // MARK: - What values are

  static func isValue(_ value: JSONValue, of type: String) -> Bool {
    switch (value, type) {
    case (.null, "null"), (.bool, "boolean"), (.string, "string"), (.array, "array"), (.object, "object"): true
    case (.integer, "integer"), (.integer, "number"), (.number, "number"): true
    default: false
    }
  }

  /// Whether no value can be of two of `cases`, as far as types and constants tell.
  static func exclude(_ cases: [JSONValue]) -> Bool {
    for (index, first) in cases.enumerated() {
      for second in cases[(index + 1)...] where !areApart(first, second) { return false }
    }
    return true
  }

  private static func areApart(_ first: JSONValue, _ second: JSONValue) -> Bool {
    guard case .object(let a) = first, case .object(let b) = second else { return false }
    if let some = values(a), let others = values(b) { return Set(some).isDisjoint(with: others) }
    if let some = kinds(a), let others = kinds(b), some.isDisjoint(with: others) { return true }
    guard case .object(let own)? = a["properties"], case .object(let other)? = b["properties"],
      case .array(let needed)? = a["required"], case .array(let wanted)? = b["required"]
    else { return false }
    return own.keys.contains { key in
      guard needed.contains(.string(key)), wanted.contains(.string(key)), case .object(let x)? = own[key],
        case .object(let y)? = other[key], let some = values(x), let others = values(y)
      else { return false }
      return Set(some).isDisjoint(with: others)
    }
  }

  private static func values(_ schema: [String: JSONValue]) -> [JSONValue]? {
    if let constant = schema["const"] { return [constant] }
    if case .array(let values)? = schema["enum"] { return values }
    return nil
  }

  private static func kinds(_ schema: [String: JSONValue]) -> Set<String>? {
    let types: [JSONValue]
    switch schema["type"] {
    case .array(let list)?: types = list
    case .string(let type)?: types = [.string(type)]
    default: return nil
    }
    return Set(types.compactMap { if case .string(let type) = $0 { type == "integer" ? "number" : type } else { nil } })
  }
}

/// Between which whole numbers a number is.
struct NumberBounds: Hashable {
  /// The least and the greatest whole number.
  var (least, most) = (Int?.none, Int?.none)
  /// The whole numbers between which a fraction may be.
  var (floor, ceiling) = (Int?.none, Int?.none)

  /// Whether there is a whole number between the bounds.
  var hasInteger: Bool { (least ?? .min) <= (most ?? .max) }
  /// Whether there is another number between them.
  var hasFraction: Bool { (floor ?? .min) < (ceiling ?? .max) }
}

extension JSONValue {
  /// The value as a whole number; nil if it is none.
  fileprivate var whole: Int? {
    switch self {
    case .integer(let integer): integer
    case .number(let number): Int(exactly: number)
    default: nil
    }
  }
}
