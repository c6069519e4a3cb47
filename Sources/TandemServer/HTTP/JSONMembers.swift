import Foundation
import TandemSupport

/// The members of a JSON object in a request, read one by one.
///
/// Strict: `null` is the same as absent, a value of the wrong kind is an error that names its place, and at the end
/// `finish` refuses each member that nobody has read, with the nearest one that somebody has.
struct JSONMembers {
  /// Where the object is, such as "messages[0]"; empty for the body itself.
  let path: String
  private let values: [String: JSONValue]
  /// The body as it is written; nil for an object within it.
  private var written: JSONText?
  private var known: Set<String> = []

  /// The members of `value`. Throws if it is no object.
  init(_ value: JSONValue, at path: String = "") throws(ServerError) {
    guard case .object(let values) = value else {
      throw path.isEmpty
        ? .invalid("The body must be a JSON object, not \(value.kind).", code: "malformed")
        : .invalid("'\(path)' must be an object, not \(value.kind).", path, code: "invalid_type")
    }
    self.path = path
    self.values = values
  }

  /// The members of a request's body. Throws if it is no JSON object.
  init(body: Data) throws(ServerError) {
    let value: JSONValue
    do { value = try JSONValue(parsing: body) } catch { throw ServerError(error) }
    try self.init(value)
    written = JSONText(String(decoding: body, as: UTF8.self))
  }

  /// The value of a member of the body as it is written, with the order of all members in it.
  func source(_ name: String) -> String? { written?[name] }

  /// The place of a member, for errors.
  func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  // MARK: - Reading

  /// The value of a member; nil if it is absent or null.
  mutating func value(_ name: String) -> JSONValue? {
    known.insert(name)
    let value = values[name]
    return value == .null ? nil : value
  }

  /// A text.
  mutating func text(_ name: String) throws(ServerError) -> String? {
    guard let value = value(name) else { return nil }
    guard case .string(let text) = value else { throw wrong(name, "text", value) }
    return text
  }

  /// True or false.
  mutating func flag(_ name: String) throws(ServerError) -> Bool? {
    guard let value = value(name) else { return nil }
    guard case .bool(let flag) = value else { throw wrong(name, "true or false", value) }
    return flag
  }

  /// A whole number within `range`.
  mutating func integer(_ name: String, in range: ClosedRange<Int>) throws(ServerError) -> Int? {
    guard let value = value(name) else { return nil }
    if case .unsigned = value { throw outside(name, Self.rule(range), value) }
    guard case .integer(let integer) = value else { throw wrong(name, "a whole number", value) }
    guard range.contains(integer) else {
      throw outside(name, Self.rule(range), value)
    }
    return integer
  }

  /// A seed: any whole number that 64 bits hold, with or without a sign.
  mutating func seed(_ name: String) throws(ServerError) -> UInt64? {
    switch value(name) {
    case nil: return nil
    case .integer(let integer): return UInt64(bitPattern: Int64(integer))
    case .unsigned(let unsigned): return unsigned
    case .some(let value): throw wrong(name, "a whole number of at most 64 bits", value)
    }
  }

  /// A number for which `holds` is true; `rule` says in words when that is.
  mutating func number(
    _ name: String, _ rule: String, where holds: (Double) -> Bool
  ) throws(ServerError) -> Double? {
    guard let value = value(name) else { return nil }
    let number: Double
    switch value {
    case .integer(let integer): number = Double(integer)
    case .unsigned(let unsigned): number = Double(unsigned)
    case .number(let given): number = given
    default: throw wrong(name, "a number", value)
    }
    guard holds(number) else { throw outside(name, rule, value) }
    return number
  }

  /// One of a few words.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, of type: Choice.Type = Choice.self
  ) throws(ServerError) -> Choice? {
    guard let text = try text(name) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw .invalid("'\(place(name))' can be \(words), not '\(text)'.", place(name))
    }
    return choice
  }

  /// A list of values.
  mutating func list(_ name: String) throws(ServerError) -> [JSONValue]? {
    guard let value = value(name) else { return nil }
    guard case .array(let list) = value else { throw wrong(name, "a list", value) }
    return list
  }

  /// A list of objects.
  mutating func objects(_ name: String) throws(ServerError) -> [JSONMembers]? {
    guard let list = try list(name) else { return nil }
    var objects: [JSONMembers] = []
    for (index, value) in list.enumerated() { objects.append(try JSONMembers(value, at: "\(place(name))[\(index)]")) }
    return objects
  }

  /// An object within the object.
  mutating func object(_ name: String) throws(ServerError) -> JSONMembers? {
    guard let value = value(name) else { return nil }
    return try JSONMembers(value, at: place(name))
  }

  // MARK: - What is not read

  /// Accepts members that change nothing here, whatever their values are.
  mutating func ignore(_ names: String...) { known.formUnion(names) }

  /// Throws for the first member that nobody has read. Called last.
  func finish() throws(ServerError) {
    guard let unknown = values.keys.filter({ !known.contains($0) }).min() else { return }
    let nearest = known.sorted().nearest(to: unknown)
    throw .invalid(
      "There is no parameter '\(place(unknown))'." + (nearest.map { " Did you mean '\(place($0))'?" } ?? ""),
      place(unknown), code: "unknown_parameter")
  }

  // MARK: - Errors

  /// `value`, or the error that the member `name` is missing.
  func required<Value>(_ value: Value?, _ name: String) throws(ServerError) -> Value {
    guard let value else { throw missing(name) }
    return value
  }

  /// A member that is needed and absent.
  func missing(_ name: String) -> ServerError {
    .invalid("'\(place(name))' is missing.", place(name), code: "missing_parameter")
  }

  private func wrong(_ name: String, _ kind: String, _ value: JSONValue) -> ServerError {
    .invalid("'\(place(name))' must be \(kind), not \(value.kind).", place(name), code: "invalid_type")
  }

  private static func rule(_ range: ClosedRange<Int>) -> String {
    range.upperBound == .max ? "\(range.lowerBound) or more" : "from \(range.lowerBound) to \(range.upperBound)"
  }

  private func outside(_ name: String, _ rule: String, _ value: JSONValue) -> ServerError {
    .invalid("'\(place(name))' must be \(rule), not \(value.setting).", place(name))
  }
}
