/// The answer to `POST /v1/completions`, whole or as a part of a stream.
struct CompletionResponse: Encodable {
  let id: String
  let object = "text_completion"
  let created: Int
  let model: String
  var choices: [Choice]
  var usage: Usage?

  struct Choice: Encodable {
    var index: Int
    var text: String
    /// Null in a stream, except in the last part of a choice.
    var finishReason: String?
    var logprobs: LogProbabilities?
    /// Only if asked for.
    var tokenIDs: [Int32]?
    var promptTokenIDs: [Int32]?

    enum CodingKeys: String, CodingKey {
      case index, text, logprobs
      case finishReason = "finish_reason"
      case tokenIDs = "token_ids"
      case promptTokenIDs = "prompt_token_ids"
    }

    func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(index, forKey: .index)
      try values.encode(text, forKey: .text)
      try values.encode(finishReason, forKey: .finishReason)  // null if there is none: clients expect the members
      try values.encode(logprobs, forKey: .logprobs)
      try values.encodeIfPresent(tokenIDs, forKey: .tokenIDs)
      try values.encodeIfPresent(promptTokenIDs, forKey: .promptTokenIDs)
    }
  }

  struct Usage: Encodable {
    var promptTokens = 0
    var completionTokens = 0
    /// How many of the prompts are counted.
    var promptsRead = 0

    enum CodingKeys: String, CodingKey {
      case promptTokens = "prompt_tokens"
      case completionTokens = "completion_tokens"
      case totalTokens = "total_tokens"
    }

    func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(promptTokens, forKey: .promptTokens)
      try values.encode(completionTokens, forKey: .completionTokens)
      try values.encode(promptTokens + completionTokens, forKey: .totalTokens)
    }
  }
}

/// The log-probabilities of a text's tokens, in lists of one length. The first token of a prompt has none.
struct LogProbabilities: Encodable {
  var tokens: [String] = []
  var tokenLogprobs: [Float?] = []
  var topLogprobs: [[String: Float]?] = []
  /// Where each token begins, in characters as Python counts them.
  var textOffset: [Int] = []

  enum CodingKeys: String, CodingKey {
    case tokens
    case tokenLogprobs = "token_logprobs"
    case topLogprobs = "top_logprobs"
    case textOffset = "text_offset"
  }
}
