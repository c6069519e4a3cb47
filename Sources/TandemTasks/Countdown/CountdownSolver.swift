/// What can be made from which numbers. Remembers every state it has seen: one solver serves many problems.
package struct CountdownSolver: Sendable {
  /// The values that occur: a tiny model can learn the arithmetic of these by heart (up to 99 it could not).
  package static let values = 1...50

  /// A right step, and the state that it leads to.
  package struct Move: Sendable, Hashable {
    package let step: CountdownStep
    package let state: CountdownState
    /// Bit n is set if all numbers of `state` together can make n.
    fileprivate let reach: UInt64

    package func canReach(_ target: Int) -> Bool { reach.contains(target) }
  }

  private var known: [CountdownState: [Move]] = [:]

  package init() {}

  /// Every step that is possible in `state`: values within `values`, the larger number first, no division by one
  /// (multiplying by one gives the same, and is how a one is used up).
  package mutating func moves(from state: CountdownState) -> [Move] {
    if let moves = known[state] { return moves }
    let moves = Self.steps(from: state).compactMap { step in
      state.applying(step).map { Move(step: step, state: $0, reach: reach(of: $0)) }
    }
    known[state] = moves
    return moves
  }

  /// Whether all numbers of `state` together can make `target`.
  package mutating func canReach(_ target: Int, from state: CountdownState) -> Bool {
    reach(of: state).contains(target)
  }

  /// The chance that blind play succeeds: a move at random until two numbers are left, then a look at all their
  /// results. A measure of how easy a problem is.
  package mutating func blindSuccess(_ target: Int, from state: CountdownState) -> Double {
    let moves = moves(from: state)
    if moves.isEmpty { return 0 }
    if state.numbers.count == 2 { return moves.contains { $0.step.result == target } ? 1 : 0 }
    return moves.reduce(0) { $0 + blindSuccess(target, from: $1.state) } / Double(moves.count)
  }

  private mutating func reach(of state: CountdownState) -> UInt64 {
    if state.numbers.count == 1 { return .bit(state.numbers[0]) }
    return moves(from: state).reduce(0) { $0 | $1.reach }
  }

  private static func steps(from state: CountdownState) -> [CountdownStep] {
    var steps: [CountdownStep] = []
    var seen: Set<[Int]> = []  // equal numbers give equal steps
    for (place, left) in state.numbers.enumerated() {
      for right in state.numbers[(place + 1)...] where seen.insert([left, right]).inserted {
        for operation in CountdownTerm.Operation.allCases where operation != .dividedBy || right != 1 {
          let term = CountdownTerm(left, operation, right)
          guard let value = term.value, values.contains(value) else { continue }
          steps.append(CountdownStep(term, result: value))
        }
      }
    }
    return steps
  }
}

extension UInt64 {
  fileprivate static func bit(_ value: Int) -> Self { (0..<64).contains(value) ? 1 << Self(value) : 0 }

  fileprivate func contains(_ value: Int) -> Bool { self & .bit(value) != 0 }
}
