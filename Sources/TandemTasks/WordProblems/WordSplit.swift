import Crypto

/// Which problems are for training and which are held out, told by the problem alone.
///
/// One in ten structures is held out whatever its numbers, and of the others one in ten choices of numbers. A structure
/// is what is calculated from what, without the words: problems with other names, other things, another order of sentences
/// or more that is not needed are on the same side.
package enum WordSplit: String, Sendable, Hashable, Codable, CaseIterable {
  case training
  case heldOutNumbers = "held-out-numbers"
  case heldOutStructure = "held-out-structure"

  /// nil if the answer does not follow from the story.
  package init?(_ problem: WordProblem) {
    guard WordSolver(problem).answer != nil else { return nil }
    let (relations, goal) = (problem.relations, problem.goal)
    if Self.isHeldOut(Self.key(of: goal, relations, withNumbers: false)) {
      self = .heldOutStructure
    } else {
      self = Self.isHeldOut(Self.key(of: goal, relations, withNumbers: true)) ? .heldOutNumbers : .training
    }
  }

  /// The calculation as a text: "sum(more(5,3),5)" with its numbers, "sum(more(_),_)" without.
  package static func key(of problem: WordProblem, withNumbers: Bool) -> String {
    key(of: problem.goal, problem.relations, withNumbers: withNumbers)
  }

  private static func key(
    of quantity: WordQuantity, _ relations: [WordQuantity: WordRelation], withNumbers: Bool
  ) -> String {
    guard let relation = relations[quantity] else { return "?" }
    let number = withNumbers ? relation.number.map(String.init) : nil
    if relation.kind == .given { return number ?? "_" }
    var sources = relation.sources.map { key(of: $0, relations, withNumbers: withNumbers) }
    if relation.kind == .sum { sources.sort() }
    return "\(relation.kind.rawValue)(" + (sources + [number].compactMap(\.self)).joined(separator: ",") + ")"
  }

  private static func isHeldOut(_ key: String) -> Bool {
    SHA256.hash(data: Array(key.utf8)).reduce(0) { ($0 * 256 + Int($1)) % 10 } == 0
  }
}
