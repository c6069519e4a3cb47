import Hummingbird
package import Tandem
import TandemSupport

/// A name that a request may give as its model: a pair, one of its strategies, and what both are set to.
package struct ServedModel: Sendable {
  /// The name.
  package let name: String
  /// The pair.
  package let pair: ServedPair
  /// The strategy with its settings.
  package let strategy: any Strategy
  /// How much a run may write unless its request says otherwise.
  package let budget: Budget

  /// A name for `pair` as it is, unless a strategy or a budget of its own is given.
  package init(_ name: String, _ pair: ServedPair, strategy: (any Strategy)? = nil, budget: Budget? = nil) {
    self.name = name
    self.pair = pair
    self.strategy = strategy ?? pair.strategy
    self.budget = budget ?? pair.solver.budget
  }
}

/// All names that a request may give.
package struct ServedModels: Sendable {
  /// In the order in which they are listed: what was configured, then each pair and its strategies.
  package let all: [ServedModel]
  private let aliases: [String: String]
  private let byName: [String: ServedModel]
  private let solvers: [Solver]

  /// - Parameters:
  ///   - pairs: Each is served as `PAIR` and, for each of its strategies, `PAIR/STRATEGY`.
  ///   - named: Names of their own; the first of several models of one name counts.
  ///   - aliases: Other names for these. The alias "*" stands for each unknown name.
  package init(pairs: [ServedPair], named: [ServedModel] = [], aliases: [String: String] = [:]) {
    var all = named
    for pair in pairs {
      all.append(ServedModel(pair.name, pair))
      all += pair.strategies.map { ServedModel("\(pair.name)/\($0.strategyName)", pair, strategy: $0) }
    }
    byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
    var listed: Set<String> = []
    self.all = all.filter { listed.insert($0.name).inserted }
    self.aliases = aliases
    solvers = pairs.map(\.solver)
  }

  /// Throws if the server of a model does not answer; models in this process always do.
  func checkAvailability() async throws(ServerError) {
    for solver in solvers {
      do { try await solver.checkAvailability() } catch {
        // Anybody may ask, so where that server is stays a matter of the log.
        throw .unavailable("The server of a model does not answer.", code: "model_unavailable", retryAfter: 5)
      }
    }
  }

  /// The model called `name`. Throws `model_not_found` with the nearest name.
  package func model(named name: String) throws(ServerError) -> ServedModel {
    if let model = byName[name] ?? (aliases[name] ?? aliases["*"]).flatMap({ byName[$0] }) { return model }
    let nearest = (all.map(\.name) + aliases.keys.sorted()).nearest(to: name)
    throw ServerError(
      .notFound, .notFound,
      "There is no model '\(name)'." + (nearest.map { " Did you mean '\($0)'?" } ?? "")
        + " GET /v1/models lists those that there are.", param: "model", code: "model_not_found")
  }
}
