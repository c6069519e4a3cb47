import TandemSupport

extension Decoder {
  /// The values of an object whose keys are all known: one that is misspelt would be a value left out.
  ///
  /// Throws `ServerError` for the first other key.
  func known<Key: CodingKey & CaseIterable>(_ type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    let known = Key.allCases.map(\.stringValue)
    let given = try container(keyedBy: AnyKey.self).allKeys
    guard let other = given.filter({ !known.contains($0.stringValue) }).min(by: { $0.stringValue < $1.stringValue })
    else { return try container(keyedBy: type) }
    func place(_ key: String) -> String { DecodingError.place(codingPath + [AnyKey(stringValue: key)]) }
    let nearest = known.nearest(to: other.stringValue)
    // As `JSONMembers` says it.
    throw ServerError.invalid(
      "There is no parameter '\(place(other.stringValue))'."
        + (nearest.map { " Did you mean '\(place($0))'?" } ?? " Known: \(known.joined(separator: ", "))."),
      place(other.stringValue), code: "unknown_parameter")
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
  init(intValue: Int) { (stringValue, self.intValue) = ("\(intValue)", intValue) }
}
