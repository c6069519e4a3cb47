/// A key of a server, and how much its holder may ask for.
package struct APIKey: Sendable, Hashable, Decodable {
  /// What logs and metrics call its holder.
  package var name: String
  /// The secret.
  package var key: String
  /// The most runs at once; nil for any number.
  package var runs: Int?
  /// The most tokens a minute, prompts included, on average; nil for any number.
  package var tokensPerMinute: Int?

  /// The names of the fields in files.
  package enum CodingKeys: String, CodingKey, CaseIterable { case name, key, runs, tokensPerMinute }

  package init(name: String, key: String, runs: Int? = nil, tokensPerMinute: Int? = nil) {
    self.name = name
    self.key = key
    self.runs = runs
    self.tokensPerMinute = tokensPerMinute
  }
}

/// All keys of a server. Without any, everybody may ask.
package struct APIKeys: Sendable {
  /// The fewest characters of a key.
  package static let leastLength = 16

  private let keys: [(bytes: [UInt8], key: APIKey)]

  package var isEmpty: Bool { keys.isEmpty }

  /// No keys.
  package init() { keys = [] }

  /// Throws `invalidKey` for a key that can't be sent or guessed too easily, a limit that lets nothing through, and a
  /// name or key that is there twice. It repeats no key.
  package init(_ keys: [APIKey]) throws(ServerSetupError) {
    for (index, key) in keys.enumerated() {
      func fail(_ field: String, _ reason: String) -> ServerSetupError {
        .invalidKey(place: "keys.\(index + 1).\(field)", reason: reason)
      }
      guard !key.name.isEmpty, key.name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
        throw fail("name", "must be one word of ASCII")
      }
      guard key.key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
        throw fail("key", "must be one word of ASCII, because it is sent in a header")
      }
      guard key.key.utf8.count >= Self.leastLength else {
        throw fail("key", "must have at least \(Self.leastLength) characters, not \(key.key.utf8.count)")
      }
      if let runs = key.runs, runs < 1 { throw fail("runs", "must be at least 1, not \(runs)") }
      if let tokens = key.tokensPerMinute, tokens < 1 {
        throw fail("tokensPerMinute", "must be at least 1, not \(tokens)")
      }
      for other in keys[..<index] {
        if other.name == key.name { throw fail("name", "is that of an earlier key too: \(key.name)") }
        if other.key == key.key { throw fail("key", "is that of \(other.name) too") }
      }
    }
    self.keys = keys.map { (Array($0.key.utf8), $0) }
  }

  /// The key that `secret` is. How long this takes does not depend on how much of a key is right.
  func find(_ secret: some Collection<UInt8>) -> APIKey? {
    var found: APIKey?
    for (bytes, key) in keys where Self.areEqual(bytes, secret) { found = key }
    return found
  }

  /// Compares to the end, whatever is found before.
  private static func areEqual(_ a: [UInt8], _ b: some Collection<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
