/// The length rewards that there are.
package struct RewardList: Encodable, Sendable {
  package let rewards: [Rule]

  package struct Rule: Encodable, Sendable {
    package let name: String
    package let formula: String
    /// Whether the reward of a completion depends on the others of its prompt.
    package let comparesGroup: Bool
    package let coefficients: [String: Coefficient]
  }

  package init() throws(RewardError) {
    rewards = try RewardRule.known.map { type throws(RewardError) in
      Rule(
        name: type.name, formula: type.formula, comparesGroup: type.comparesGroup,
        coefficients: try type.init().coefficients())
    }
  }
}
