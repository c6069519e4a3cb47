/// One line of a file of cases: a prediction, the gold answer, and what a person says of them.
///
///     {"pred": "x = 1/2", "gold": "0.5", "expected": true}
public struct GradingCase: Sendable, Decodable {
  public let id: String?
  public let prediction: String
  public let gold: String
  public let form: AnswerForm
  /// Whether the thinking was cut off by a limit.
  public let isTruncated: Bool
  /// The label; nil where nobody has judged the pair.
  public let expected: Bool?

  private enum CodingKeys: String, CodingKey {
    case id, pred, gold, answer, form, truncated, expected
  }

  /// Reads `pred`, `gold` (or `answer`), and optionally `form`, `truncated`, `expected` and `id`.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    id = try fields.decodeIfPresent(String.self, forKey: .id)
    prediction = try fields.decode(String.self, forKey: .pred)
    gold = try fields.decodeIfPresent(String.self, forKey: .gold) ?? fields.decode(String.self, forKey: .answer)
    form = try fields.decodeIfPresent(AnswerForm.self, forKey: .form) ?? .answer
    isTruncated = try fields.decodeIfPresent(Bool.self, forKey: .truncated) ?? false
    expected = try fields.decodeIfPresent(Bool.self, forKey: .expected)
  }
}

extension Grader {
  /// Grades a case.
  public func grade(_ item: GradingCase) -> Verdict {
    grade(item.prediction, against: item.gold, form: item.form, isTruncated: item.isTruncated)
  }
}
