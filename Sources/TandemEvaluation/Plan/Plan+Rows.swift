package import Tandem
import TandemInference
package import TandemSetup
import TandemSupport

extension Plan {
  /// The number of jobs on these tasks.
  package func jobCount(_ tasks: [LoadedTask]) -> Int {
    tasks.reduce(0) { $0 + $1.exercises.count } * rows.count * seeds.count
  }

  /// The rows in the order in which they are run: one that matches another comes after all that do not.
  var orderedRows: [Row] { rows.filter { $0.matchShare == nil } + rows.filter { $0.matchShare != nil } }

  /// The strategy of a row.
  ///
  /// A row that matches another has that one's settings wherever it has a setting of the same name and none is given:
  /// a control has to take over for as many tokens as what it controls.
  package func strategy(of row: Row, probability: Double? = nil) throws -> any Strategy {
    var settings = row.settings
    if let target = rows.first(where: { $0.label == row.matchShare }) {
      let known = try Strategies.settings(of: Strategies.named(row.strategy).init())
      let targets = try Strategies.settings(of: Strategies.make(target.strategy, settings: target.settings))
      settings = targets.filter { known[$0.key] != nil && $0.key != Self.probability }.merging(settings) { $1 }
    }
    if let probability { settings[Self.probability] = .number(probability) }
    return try Strategies.make(row.strategy, settings: settings)
  }

  /// What the strategies need of the pair.
  package var needs: PairNeeds {
    get throws {
      var needs = PairNeeds(try rows.map { try strategy(of: $0) }, draftsSmall: rows.draftsSmall)
      needs.guides = .init(guiding: rows.map { ($0.small, $0.large) })
      return needs
    }
  }

  /// Throws `invalidPlan`, or what is wrong with a strategy, before anything is loaded or run.
  package func validate() throws {
    func check(_ holds: Bool, _ reason: @autoclosure () -> String) throws(EvaluationError) {
      guard holds else { throw .invalidPlan(reason: reason()) }
    }
    try check(!tasks.isEmpty, "it has no task")
    try check(!rows.isEmpty, "it has no strategy")
    try check(!seeds.isEmpty, "it has no seed")
    try check(Set(seeds).count == seeds.count, "it has a seed twice")
    // Of scalars, because one character may have any number of them.
    let labels = (tasks.map(\.title) + rows.map(\.label)).map(\.unicodeScalars)
    if let long = labels.first(where: { $0.count > 500 }) {
      let start = String(long.prefix(40))
      try check(false, "a label may have 500 characters, and '\(start)…' has \(long.count)")
    }
    try check(rows.count <= 1000, "it may have 1000 strategies, and has \(rows.count)")
    try RunOptions(conditions).validate()
    for settings in rows.flatMap({ [$0.small, $0.large] }) { try settings?.validate() }
    if let name = Self.repeated(tasks.map(\.title)) { try check(false, "it has the task \(name) twice") }
    if let label = Self.repeated(rows.map(\.label)) {
      try check(false, "it has two rows called \(label): give one of them another label")
    }
    for row in rows {
      let strategy = try strategy(of: row)
      guard let match = row.matchShare else { continue }
      let target = rows.first { $0.label == match }
      let known = rows.map(\.label).filter { $0 != row.label }
      let hint = known.nearest(to: match).map { ". Did you mean '\($0)'?" } ?? ""
      try check(
        target != nil && match != row.label, "\(row.label) is to match '\(match)', and no other row is called so\(hint)"
      )
      try check(target?.matchShare == nil, "\(row.label) is to match \(match), which has to match another one itself")
      let hasProbability = Strategies.settings(of: strategy)[Self.probability] != nil
      try check(hasProbability, "\(row.strategy) has no probability that could be set to match \(match)")
    }
  }

  private static let probability = "probability"

  private static func repeated(_ names: [String]) -> String? {
    var seen: Set<String> = []
    return names.first { !seen.insert($0).inserted }
  }
}

extension [Plan.Row] {
  /// Whether any of them has the small model guess the large one's tokens.
  var draftsSmall: Bool { contains { $0.large?.draft?.needsSmall == true } }
}
