/// Why a JSON Schema can't rule what a model writes.
struct SchemaError: Error, Hashable, CustomStringConvertible {
  /// The place in the schema, as a JSON pointer: "#/properties/age".
  let path: String
  /// What is wrong there; follows the path in a sentence.
  let reason: String

  init(_ path: String, _ reason: String) { (self.path, self.reason) = (path, reason) }

  var description: String { "The schema at \(path) \(reason)." }
}
