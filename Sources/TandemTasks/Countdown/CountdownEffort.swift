/// How much thinking a question asks for, in a sentence after it.
package enum CountdownEffort: String, Sendable, Hashable, Codable, CaseIterable {
  case low, medium, high

  package var sentence: String { "Effort: \(rawValue)." }
}
