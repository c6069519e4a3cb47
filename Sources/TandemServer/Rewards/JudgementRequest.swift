import Hummingbird
import TandemRewards

/// The body of `POST /v1/judgements`: what models wrote after their thinking, and the right answer.
///
///     {"check": "mathematics", "answer": "\\frac{1}{2}", "outputs": ["The answer is \\boxed{0.5}."]}
struct JudgementRequest: Decodable {
  var check: AnswerCheck
  var answer: String
  var outputs: [String]

  func response() async throws -> JudgementResponse {
    let areRight = try await Judge.shared.areRight(outputs, check, answer)
    return JudgementResponse(judgements: areRight.map { .init(isRight: $0) })
  }
}

struct JudgementResponse: ResponseEncodable {
  var judgements: [Judgement]

  struct Judgement: Encodable {
    var isRight: Bool
  }
}
