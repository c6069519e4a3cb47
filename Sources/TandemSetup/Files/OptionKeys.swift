/// A type that a user writes in a file: its keys are known, so that a misspelt one is an error and not ignored.
package protocol OptionKeys: Decodable, Sendable {
  associatedtype CodingKeys: CodingKey & CaseIterable
  /// All keys; those of `CodingKeys` unless a type has more.
  static var keys: [String] { get }
  /// The types of the values that have keys of their own, by key; of the entries, if the value is a list.
  static var groups: [String: any OptionKeys.Type] { get }
  /// The words that a value can be, by key.
  static var words: [String: [String]] { get }
  /// The key that a text alone stands for, such as the name of a task; nil if there have to be keys.
  static var shorthand: String? { get }
}

extension OptionKeys {
  package static var keys: [String] { CodingKeys.allCases.map(\.stringValue) }
  package static var groups: [String: any OptionKeys.Type] { [:] }
  package static var words: [String: [String]] { [:] }
  package static var shorthand: String? { nil }
}
