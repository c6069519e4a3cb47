/// One line of a file of cases: a prediction, the gold answer, and what a person says of them.
///
///     {"pred": "x = 1/2", "gold": "0.5", "expected": true}
package struct GradingCase: Sendable, Decodable {
  package let id: String?
  package let prediction: String
  package let gold: String
  package let form: AnswerForm
  /// Whether the thinking was cut off by a limit.
  package let isTruncated: Bool
  /// The label; nil if the pair is unlabelled.
  package let expected: Bool?

  private enum CodingKeys: String, CodingKey {
    case id, pred, gold, answer, form, truncated, expected
  }

  /// Reads `pred`, `gold` (or `answer`), and optionally `form`, `truncated`, `expected` and `id`.
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    id = try fields.contains(.id) ? Self.text(fields, .id) : nil
    prediction = try Self.text(fields, .pred)
    gold = try Self.text(fields, fields.contains(.gold) ? .gold : .answer)
    form = try fields.decodeIfPresent(AnswerForm.self, forKey: .form) ?? .answer
    isTruncated = try fields.decodeIfPresent(Bool.self, forKey: .truncated) ?? false
    expected = try fields.decodeIfPresent(Bool.self, forKey: .expected)
  }

  /// A text, or a number as it is usually printed.
  private static func text(
    _ fields: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys
  ) throws -> String {
    if let integer = try? fields.decode(Int.self, forKey: key) { return String(integer) }
    if let number = try? fields.decode(Double.self, forKey: key) { return String(number) }
    return try fields.decode(String.self, forKey: key)
  }
}

extension Grader {
  /// Grades a case.
  package func grade(_ item: GradingCase) -> Verdict {
    grade(item.prediction, against: item.gold, form: item.form, isTruncated: item.isTruncated)
  }
}
