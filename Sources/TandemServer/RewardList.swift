import Hummingbird
package import TandemTraining

/// The length rewards that there are.
package struct RewardList: ResponseEncodable {
  package let rewards: [Rule]

  package struct Rule: Encodable, Sendable {
    package let name: String
    package let formula: String
    /// Whether the reward of a completion depends on the others of its prompt.
    package let comparesGroup: Bool
    package let coefficients: [String: Coefficient]
  }

  package init() throws(TrainingError) {
    var rules: [Rule] = []
    for type in RewardRule.known {
      let reward = try RewardRule(type.init()).pythonReward()
      let found = Swift.type(of: reward)
      rules.append(
        Rule(
          name: found.name, formula: found.formula, comparesGroup: found.comparesGroup,
          coefficients: try reward.coefficients()))
    }
    rewards = rules
  }
}
