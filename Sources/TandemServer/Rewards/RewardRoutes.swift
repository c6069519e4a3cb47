import Hummingbird
import TandemRewards

extension Router<ServerContext> {
  /// Length rewards, for trainers that are not this one. Nothing is kept between requests.
  ///
  /// | | |
  /// | --- | --- |
  /// | `GET /v1/rewards` | the rules that there are, with their coefficients |
  /// | `POST /v1/rewards` | `RewardRequest` → `RewardResponse` |
  /// | `POST /v1/judgements` | `JudgementRequest` → `JudgementResponse` |
  func addRewards() {
    get("v1/rewards") { _, _ in try RewardList() }
    // By the decoder itself: `Request.decode` would say in words of its own what is wrong.
    post("v1/rewards") { request, context in
      try await context.requestDecoder.decode(RewardRequest.self, from: request, context: context).response()
    }
    post("v1/judgements") { request, context in
      try await context.requestDecoder.decode(JudgementRequest.self, from: request, context: context).response()
    }
  }
}

extension RewardList: ResponseEncodable {}
