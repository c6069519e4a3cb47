import TandemTasks
import Testing

@Suite struct `The Countdown solver` {
  private var solver = CountdownSolver()

  @Test(arguments: [
    ([6, 6], ["6 * 6 = 36", "6 + 6 = 12", "6 / 6 = 1"]),
    ([8, 3], ["8 * 3 = 24", "8 + 3 = 11", "8 - 3 = 5"]),
    ([8, 1], ["8 * 1 = 8", "8 + 1 = 9", "8 - 1 = 7"]),
    ([12, 6], ["12 + 6 = 18", "12 - 6 = 6", "12 / 6 = 2"]),
    ([5, 5, 5], ["5 * 5 = 25", "5 + 5 = 10", "5 / 5 = 1"]),
    ([7], []),
  ])
  func `knows every step whose value is from 1 to 50`(numbers: [Int], steps: [String]) {
    var solver = solver
    let found = solver.moves(from: CountdownState(numbers))
    #expect(found.map(\.step.description) == steps)
  }

  @Test func `leads to what is left, with the numbers in order`() {
    var solver = solver
    for move in solver.moves(from: CountdownState([2, 12, 5])) {
      #expect(CountdownState([12, 5, 2]).applying(move.step) == move.state)
      #expect(move.state.numbers == move.state.numbers.sorted(by: >))
    }
  }

  @Test(arguments: [
    ([10, 7, 5, 2], 24, true), ([1, 10, 10, 8], 20, true), ([3, 7, 5], 22, true), ([11, 11, 11, 11], 12, false),
    ([1, 1, 1, 1], 10, false), ([1, 1, 2], 30, false), ([12, 12, 12], 50, false),
  ])
  func `knows what can be made`(numbers: [Int], target: Int, canReach: Bool) {
    var solver = solver
    let found = solver.canReach(target, from: CountdownState(numbers))
    #expect(found == canReach)
  }

  @Test func `agrees with a search without memory`() {
    var solver = solver
    for numbers in [[2, 3, 7], [1, 6, 11], [4, 4, 9, 12]] {
      var reached: Set<Int> = []
      search(numbers) { reached.insert($0) }
      for target in 0...60 {
        let found = solver.canReach(target, from: CountdownState(numbers))
        #expect(found == reached.contains(target))
      }
    }
  }

  private func search(_ numbers: [Int], _ found: (Int) -> Void) {
    if numbers.count == 1 { return found(numbers[0]) }
    for i in numbers.indices {
      for j in numbers.indices where i != j && numbers[i] >= numbers[j] {
        let rest = numbers.indices.filter { $0 != i && $0 != j }.map { numbers[$0] }
        let (a, b) = (numbers[i], numbers[j])
        for value in [a + b, a - b, a * b] + (a % b == 0 ? [a / b] : []) where 1...50 ~= value {
          search(rest + [value], found)
        }
      }
    }
  }

  /// The values are from the first experiment's program, in another language.
  @Test(arguments: [
    ([10, 7, 5, 2], 24, 0.14388053467000836), ([1, 10, 10, 8], 20, 0.08), ([12, 2, 5, 5], 15, 0.08134920634920634),
    ([11, 1, 3, 11], 26, 0.13484848484848486), ([6, 6], 36, 1), ([6, 6], 35, 0),
  ])
  func `knows how often blind play succeeds`(numbers: [Int], target: Int, chance: Double) {
    var solver = solver
    let found = solver.blindSuccess(target, from: CountdownState(numbers))
    #expect(abs(found - chance) < 1e-12)
  }
}
