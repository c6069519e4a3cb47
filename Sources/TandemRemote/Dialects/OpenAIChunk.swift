import TandemInference

/// A completion, or a part of one, in OpenAI's form with the token ids that vLLM and SGLang add.
struct OpenAIChunk: Decodable {
  var choices: [Choice]
  var usage: Usage?

  struct Choice: Decodable {
    var index: Int?
    var tokenIds: [Token]?
    var promptTokenIds: [Token]?
    var logprobs: LogProbabilities?
    var finishReason: String?
    var stopReason: StopReason?

    enum CodingKeys: String, CodingKey {
      case index, logprobs
      case tokenIds = "token_ids"
      case promptTokenIds = "prompt_token_ids"
      case finishReason = "finish_reason"
      case stopReason = "stop_reason"
    }
  }

  /// Which stop it was: a number is a token, and nothing with "stop" is the end of the turn.
  enum StopReason: Decodable {
    case token(Token)
    case text(String)

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let token = try? value.decode(Token.self) {
        self = .token(token)
      } else {
        self = .text(try value.decode(String.self))
      }
    }
  }

  struct LogProbabilities: Decodable {
    var tokens: [String]?
    var tokenLogprobs: [Float?]?
    var topLogprobs: [[String: Float]?]?

    enum CodingKeys: String, CodingKey {
      case tokens
      case tokenLogprobs = "token_logprobs"
      case topLogprobs = "top_logprobs"
    }

    /// The likeliest tokens at a place, likeliest first.
    func alternatives(at place: Int) -> [SampledToken.Alternative] {
      guard let row = topLogprobs, place < row.count, let found = row[place] else { return [] }
      return found.compactMap { key, value in
        Self.token(key).map { .init(token: $0, logProbability: value) }
      }.sorted { $0.logProbability > $1.logProbability }
    }

    func logProbability(at place: Int) -> Float? {
      guard let row = tokenLogprobs, place < row.count else { return nil }
      return row[place]
    }

    /// The token of "token_id:371".
    private static func token(_ key: String) -> Token? {
      key.hasPrefix("token_id:") ? Int32(key.dropFirst(9)).map(Token.init(rawValue:)) : nil
    }
  }

  struct Usage: Decodable {
    var promptTokens: Int
    var completionTokens: Int?
    var promptTokensDetails: Details?

    struct Details: Decodable {
      var cachedTokens: Int?

      enum CodingKeys: String, CodingKey { case cachedTokens = "cached_tokens" }
    }

    enum CodingKeys: String, CodingKey {
      case promptTokens = "prompt_tokens"
      case completionTokens = "completion_tokens"
      case promptTokensDetails = "prompt_tokens_details"
    }
  }

  /// What the data of an event says; nil for `[DONE]`.
  ///
  /// Throws `RemoteFault` for an error in the midst of a stream, and for an answer without token ids.
  static func event(_ data: [UInt8]) throws(RemoteFault) -> CompletionEvent? {
    if data == Array("[DONE]".utf8) { return nil }
    let chunk = try JSON.completion(Self.self, data)
    var event = CompletionEvent()
    if let usage = chunk.usage {
      event.usage = CompletionUsage(
        prompt: usage.promptTokens, cached: usage.promptTokensDetails?.cachedTokens,
        sampled: usage.completionTokens ?? 0)
    }
    guard let choice = chunk.choices.first else { return event }
    event.prompt = choice.promptTokenIds
    guard let ids = choice.tokenIds else {
      if choice.finishReason != nil {
        event.end = end(of: choice)
        return event
      }
      throw RemoteFault("it sends no token ids ('return_token_ids' has no effect)")
    }
    event.tokens = ids.enumerated().map { place, token in
      ReportedToken(
        token: token, logProbability: choice.logprobs?.logProbability(at: place),
        alternatives: choice.logprobs?.alternatives(at: place) ?? [])
    }
    if choice.finishReason != nil { event.end = end(of: choice) }
    return event
  }

  private static func end(of choice: Choice) -> CompletionEnd {
    switch (choice.finishReason, choice.stopReason) {
    case ("stop", nil): .endOfGeneration
    case ("stop", _): .stop
    default: .limit
    }
  }
}
