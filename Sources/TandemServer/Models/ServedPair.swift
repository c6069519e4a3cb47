package import Tandem
import TandemSupport

/// A pair of models that is served: its solver, the places that its engines have, and the strategies that it offers.
package struct ServedPair: Sendable {
  /// The pair's name, which is also that of a model: the pair with its own strategy.
  package let name: String
  /// The models with their sampling, and the budget of a run that asks for none of its own.
  package let solver: Solver
  /// Admits runs while both engines have places for them.
  package let gate: RunGate
  /// The strategy of a request that names none.
  package let strategy: any Strategy
  /// All strategies that a request may name, with the settings that they have here; `strategy` is one of them.
  package let strategies: [any Strategy]

  /// - Parameter strategies: Offered besides `strategy`; of two of one name the first counts.
  package init(
    name: String, solver: Solver, gate: RunGate, strategy: any Strategy, strategies: [any Strategy] = []
  ) {
    self.name = name
    self.solver = solver
    self.gate = gate
    self.strategy = strategy
    var offered: [any Strategy] = [strategy]
    for other in strategies where !offered.contains(where: { $0.strategyName == other.strategyName }) {
      offered.append(other)
    }
    self.strategies = offered
  }

  /// The strategy called `name` as it is offered here. Throws with the nearest name.
  func strategy(named name: String) throws(ServerError) -> any Strategy {
    if let strategy = strategies.first(where: { $0.strategyName == name }) { return strategy }
    let names = strategies.map(\.strategyName)
    throw .invalid(
      "\(self.name) has no strategy '\(name)'." + (names.nearest(to: name).map { " Did you mean '\($0)'?" } ?? "")
        + " It has \(names.joined(separator: ", ")).", "tandem.strategy", code: "unknown_strategy")
  }
}

extension Strategy {
  /// The name of its type, for values whose type is not known.
  package var strategyName: String { Self.name }
}
