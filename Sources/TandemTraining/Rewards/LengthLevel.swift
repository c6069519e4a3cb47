/// How long the thinking is wished to be. TLDR's three levels, put into the prompt in words.
package enum LengthLevel: String, Sendable, Hashable, Codable, CaseIterable, CodingKeyRepresentable {
  case short, medium, long
}
