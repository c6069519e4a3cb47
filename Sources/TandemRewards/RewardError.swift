/// Why a reward or an answer check can't be used.
package enum RewardError: Error, Sendable, Hashable {
  case unknownReward(name: String, known: [String])
  case unknownCoefficient(name: String, reward: String, known: [String])
  /// The rule needs a value that its context does not have.
  case missing(requirement: String, reward: String)
  /// A value of the context is out of its range.
  case invalidValue(name: String, reason: String)
  /// A coefficient makes a reward infinite or not a number; `coefficients` lists all of them with their values.
  case notFinite(reward: String, coefficients: String)
  /// The coefficients can't be read or written as JSON.
  case invalidCoefficients(reward: String, reason: String)
  /// The reference answer is not of the kind that the check compares with.
  case invalidAnswer(String, expected: String)
}

extension RewardError: CustomStringConvertible {
  package var description: String { reason + "." }

  /// The sentence without its full stop, to stand inside another one.
  package var reason: String {
    switch self {
    case .unknownReward(let name, let known):
      "reward can be \(known.joined(separator: ", ")), not \(name)"
    case .unknownCoefficient(let name, let reward, let known):
      "\(name) is not a coefficient of \(reward); it has \(known.joined(separator: ", "))"
    case .missing(let requirement, let reward):
      "reward \(reward) needs \(requirement)"
    case .invalidValue(let name, let reason):
      "\(name) \(reason)"
    case .notFinite(let reward, let coefficients):
      "reward \(reward) is not always a number with its coefficients \(coefficients)"
    case .invalidCoefficients(let reward, let reason):
      "\(reward) can't have these coefficients: \(reason)"
    case .invalidAnswer(let answer, let expected):
      "answer must be \(expected), not '\(answer)'"
    }
  }
}
