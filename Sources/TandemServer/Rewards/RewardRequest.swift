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

    private enum CodingKeys: CodingKey, CaseIterable {
      case level, budget, reference, outcomes, check, answer, completions
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.known(CodingKeys.self)
      level = try values.decodeIfPresent(LengthLevel.self, forKey: .level)
      budget = try values.decodeIfPresent(Int.self, forKey: .budget)
      reference = try values.decodeIfPresent(Reference.self, forKey: .reference)?.value
      outcomes = try values.decodeIfPresent([Completion].self, forKey: .outcomes)
      check = try values.decodeIfPresent(AnswerCheck.self, forKey: .check)
      answer = try values.decodeIfPresent(String.self, forKey: .answer)
      completions = try values.decodeIfPresent([Completion].self, forKey: .completions)
    }
  }

  private struct Reference: Decodable {
    let value: RewardContext.Reference

    private enum CodingKeys: CodingKey, CaseIterable { case meanLength, accuracy }

    init(from decoder: any Decoder) throws {
      let values = try decoder.known(CodingKeys.self)
      value = RewardContext.Reference(
        meanLength: try values.decode(Double.self, forKey: .meanLength),
        accuracy: try values.decode(Double.self, forKey: .accuracy))
    }
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

    private enum CodingKeys: CodingKey, CaseIterable { case length, isCorrect, output, isCut, isRepetitive }

    init(from decoder: any Decoder) throws {
      let values = try decoder.known(CodingKeys.self)
      length = try values.decode(Int.self, forKey: .length)
      isCorrect = try values.decodeIfPresent(Bool.self, forKey: .isCorrect)
      output = try values.decodeIfPresent(String.self, forKey: .output)
      isCut = try values.decodeIfPresent(Bool.self, forKey: .isCut)
      isRepetitive = try values.decodeIfPresent(Bool.self, forKey: .isRepetitive)
    }
  }

  private enum CodingKeys: CodingKey, CaseIterable {
    case reward, coefficients, correctOnly, limit, validationAccuracy, groups
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.known(CodingKeys.self)
    reward = try values.decode(String.self, forKey: .reward)
    coefficients = try values.decodeIfPresent([String: Double].self, forKey: .coefficients)
    correctOnly = try values.decodeIfPresent(Bool.self, forKey: .correctOnly)
    limit = try values.decode(Int.self, forKey: .limit)
    validationAccuracy = try values.decodeIfPresent(Double.self, forKey: .validationAccuracy)
    groups = try values.decode([Group].self, forKey: .groups)
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

/// What each completion of each group earns, and whether it is right.
struct RewardResponse: ResponseEncodable {
  var rewards: [[Double]]
  var isCorrect: [[Bool]]
}
