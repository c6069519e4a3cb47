import Hummingbird
import TandemRewards

/// The body of `POST /v1/judgements`: what models wrote after their thinking, and the right answer.
///
///     {"check": "mathematics", "answer": "\\frac{1}{2}", "outputs": ["The answer is \\boxed{0.5}."]}
struct JudgementRequest: Decodable {
  var check: AnswerCheck
  var answer: String
  var outputs: [String]

  private enum CodingKeys: CodingKey, CaseIterable { case check, answer, outputs }

  init(from decoder: any Decoder) throws {
    let values = try decoder.known(CodingKeys.self)
    check = try values.decode(AnswerCheck.self, forKey: .check)
    answer = try values.decode(String.self, forKey: .answer)
    outputs = try values.decode([String].self, forKey: .outputs)
  }

  func response() async throws -> JudgementResponse {
    let areRight = try await Judge.areRight(outputs, check, answer)
    return JudgementResponse(judgements: areRight.map { .init(isRight: $0) })
  }
}

struct JudgementResponse: ResponseEncodable {
  var judgements: [Judgement]

  struct Judgement: Encodable {
    var isRight: Bool
  }
}
