import Hummingbird
import TandemRewards

/// The body of `POST /v1/rewards`: completions of one or several prompts, to be rewarded by one rule.
///
///     {"reward": "tldr", "coefficients": {"short": 0.8}, "limit": 440, "groups": [
///       {"level": "short", "outcomes": [{"length": 100, "isCorrect": true}]},
///       {"level": "long", "check": "countdown", "answer": "8-5-2=24",
///        "completions": [{"output": "Answer: 5 - 2 = 3, 8 * 3 = 24.", "length": 120}]}]}
struct RewardRequest: Decodable {
  var reward: String
  /// LASER-D's targets are these, or else the defaults: they do not adapt between requests.
  var coefficients: [String: Double]?
  /// Whether the length term applies to correct answers only.
  var correctOnly: Bool?
  /// The most tokens of a completion.
  var limit: Int
  /// The share of right answers on problems that are not trained on, for AALC.
  var validationAccuracy: Double?
  var groups: [Group]

  /// The completions of one prompt: their outcomes, or what they say, to be judged here.
  struct Group: Decodable {
    var level: LengthLevel?
    var budget: Int?
    var reference: RewardContext.Reference?
    var outcomes: [Completion]?
    var check: AnswerCheck?
    var answer: String?
    var completions: [Completion]?
  }

  struct Completion: Decodable {
    /// Tokens of the thinking.
    var length: Int
    /// Of an outcome.
    var isCorrect: Bool?
    /// Of a completion: what it says after its thinking.
    var output: String?
    var isCut: Bool?
    var isRepetitive: Bool?
  }

  /// Throws `RewardError` or `ServerError`, saying which group is wrong and why.
  func response() async throws -> RewardResponse {
    let rule = try RewardRule(named: reward, setting: coefficients ?? [:], isCorrectOnly: correctOnly ?? false)
    guard limit > 0 else { throw Self.invalid("'limit' must be at least one token.") }
    guard !groups.isEmpty else { throw Self.invalid("'groups' is empty.") }
    var response = RewardResponse(rewards: [], isCorrect: [])
    for (index, group) in groups.enumerated() {
      let outcomes = try await group.judged("groups[\(index)]")
      let context = RewardContext(
        limit: limit, level: group.level, budget: group.budget, reference: group.reference,
        validationAccuracy: validationAccuracy)
      do throws(RewardError) {
        response.rewards.append(try rule.rewards(of: outcomes, context))
      } catch {
        throw Self.invalid("groups[\(index)]: \(error.description)")
      }
      response.isCorrect.append(outcomes.map(\.isCorrect))
    }
    return response
  }

  static func invalid(_ message: String) -> ServerError { .invalid(message) }
}

extension RewardRequest.Group {
  /// Its outcomes, in the order of the completions.
  fileprivate func judged(_ place: String) async throws -> [RewardOutcome] {
    switch (outcomes, completions) {
    case (let outcomes?, nil):
      return try outcomes.enumerated().map { index, outcome in
        guard let isCorrect = outcome.isCorrect else {
          throw RewardRequest.invalid("\(place).outcomes[\(index)] does not say whether it isCorrect.")
        }
        return try outcome.outcome("\(place).outcomes[\(index)]", isCorrect)
      }
    case (nil, let completions?):
      guard let check, let answer else {
        throw RewardRequest.invalid("\(place) has completions, and needs 'check' and 'answer' to judge them.")
      }
      let outputs = try completions.enumerated().map { index, completion in
        guard let output = completion.output else {
          throw RewardRequest.invalid("\(place).completions[\(index)] has no output.")
        }
        return output
      }
      let areRight = try await Judge.shared.areRight(outputs, check, answer)
      return try zip(completions, areRight).enumerated().map { index, judged in
        let (completion, isRight) = judged
        return try completion.outcome("\(place).completions[\(index)]", completion.isCut != true && isRight)
      }
    default: throw RewardRequest.invalid("\(place) must have either outcomes or completions.")
    }
  }
}

extension RewardRequest.Completion {
  fileprivate func outcome(_ place: String, _ isCorrect: Bool) throws -> RewardOutcome {
    guard length >= 0 else { throw RewardRequest.invalid("\(place): a length can't be below 0.") }
    return RewardOutcome(
      length: length, isCorrect: isCorrect, isCut: isCut ?? false, isRepetitive: isRepetitive ?? false)
  }
}

/// What each completion of each group earns, and whether it is right.
struct RewardResponse: ResponseEncodable {
  var rewards: [[Double]]
  var isCorrect: [[Bool]]
}
