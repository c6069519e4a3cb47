import Hummingbird
import TandemRewards

/// The body of `POST /v1/judgements`: what models wrote after their thinking, and the right answer.
///
///     {"check": "mathematics", "answer": "\\frac{1}{2}", "outputs": ["The answer is \\boxed{0.5}."]}
struct JudgementRequest: Decodable {
  var check: AnswerCheck
  var answer: String
  var outputs: [String]

  func response() throws -> JudgementResponse {
    JudgementResponse(judgements: try outputs.map { .init(isRight: try check.isRight($0, answer)) })
  }
}

struct JudgementResponse: ResponseEncodable {
  var judgements: [Judgement]

  struct Judgement: Encodable {
    var isRight: Bool
  }
}
