package import Tandem
package import TandemSetup

/// What the author of a plan states of its models' servers, for an estimate of what it takes.
package struct EstimateDraft: Sendable, Hashable, Codable {
  /// Tokens that each server samples in a second, for as many runs at once as the plan has.
  package var rates: Pair
  /// What an hour of each server costs, in any currency.
  package var hourly: Pair?

  /// A number for each model; nil for one that is not used.
  package struct Pair: Sendable, Hashable, Codable {
    package var small: Double?
    package var large: Double?

    package init(small: Double? = nil, large: Double? = nil) { (self.small, self.large) = (small, large) }

    package enum CodingKeys: String, CodingKey, CaseIterable { case small, large }

    package subscript(role: Role) -> Double? { role == .small ? small : large }
  }

  package init(rates: Pair, hourly: Pair? = nil) { (self.rates, self.hourly) = (rates, hourly) }

  package enum CodingKeys: String, CodingKey, CaseIterable { case rates, hourly }

  /// Throws `SetupError.invalidOption` for a rate that is none.
  func validate() throws(SetupError) {
    for role in Role.allCases {
      if let rate = rates[role], !(1e-3...1e9).contains(rate) {
        throw .invalidOption(name: "estimate.rates.\(role.rawValue)", reason: "must be from 0.001 to 1e9, not \(rate)")
      }
      if let price = hourly?[role], !(0...1e9).contains(price) {
        throw .invalidOption(name: "estimate.hourly.\(role.rawValue)", reason: "must be from 0 to 1e9, not \(price)")
      }
    }
  }
}

extension EstimateDraft: OptionKeys {
  package static let groups: [String: any OptionKeys.Type] = [
    CodingKeys.rates.stringValue: Pair.self, CodingKeys.hourly.stringValue: Pair.self,
  ]
}

extension EstimateDraft.Pair: OptionKeys {}
