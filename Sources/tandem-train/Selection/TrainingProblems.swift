import ArgumentParser
import TandemInference
import TandemTasks

extension Countdown {
  /// Distinct problems of the training side that blind play solves at least so often.
  static func training(_ count: Int, seed: UInt64, minimumBlindSuccess: Double) throws -> [Countdown] {
    var generator = CountdownGenerator(
      seed: SplitMix64.derive(seed, 0), split: .training, minimumBlindSuccess: minimumBlindSuccess)
    let found = generator.distinct(count)
    guard found.count == count else {
      throw ValidationError(
        "--problems can be at most about \(found.count), not \(count): no more problems are this difficult.")
    }
    return found
  }
}

extension Array where Element: Sendable {
  /// The results of `body` in the order of the elements, `count` at once. The first error cancels the others.
  func mapInParallel<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Element) async throws -> Result
  ) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      var results = [Result?](repeating: nil, count: self.count)
      for index in indices {
        if index >= count, let (done, result) = try await group.next() { results[done] = result }
        group.addTask { (index, try await body(self[index])) }
      }
      for try await (done, result) in group { results[done] = result }
      return results.compactMap(\.self)
    }
  }
}
