/// One line of arithmetic, as it was claimed: "10 * 2 = 20". It may be wrong.
package struct CountdownStep: Sendable, Hashable {
  package let term: CountdownTerm
  package let result: Int

  package init(_ term: CountdownTerm, result: Int) {
    self.term = term
    self.result = result
  }

  /// Reads "10 * 2 = 20"; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let sides = text.split(separator: "=", omittingEmptySubsequences: false)
    guard sides.count == 2, let term = CountdownTerm(sides[0]), let result = Int(sides[1].trimmed) else { return nil }
    self.init(term, result: result)
  }

  package var isRight: Bool { term.value == result }

  /// The same with another result.
  package func claiming(_ result: Int) -> Self { Self(term, result: result) }

  /// The same with the right result, if it has one.
  package var corrected: Self { claiming(term.value ?? result) }
}

extension CountdownStep: CustomStringConvertible {
  package var description: String { "\(term) = \(result)" }
}
