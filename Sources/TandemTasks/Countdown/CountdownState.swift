/// The numbers that are left, the largest first: where a search stands.
package struct CountdownState: Sendable, Hashable {
  package let numbers: [Int]

  package init(_ numbers: some Sequence<Int>) { self.numbers = numbers.sorted(by: >) }

  /// The state after `step`, with the result that it claims; nil if it takes a number that isn't there.
  package func applying(_ step: CountdownStep) -> Self? {
    removing([step.term.left, step.term.right]).map { Self($0.numbers + [step.result]) }
  }

  /// What is left without `numbers`; nil if one of them isn't there.
  func removing(_ numbers: [Int]) -> Self? {
    var left = self.numbers
    for number in numbers {
      guard let index = left.firstIndex(of: number) else { return nil }
      left.remove(at: index)
    }
    return Self(left)
  }
}
