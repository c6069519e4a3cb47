import TandemInference

/// llama-server: `/completion`, the only one of its endpoints whose streams have token ids. Recorded on b11549.
struct LlamaServerDialect: Dialect {
  let name = "llama-server"
  let capabilities: EngineCapabilities = [.tokens, .fork, .bias, .alternatives, .score, .adapters]
  let stopsAtTokens = false
  /// The number of each adapter at the server, by its name.
  var adapters: [String: Int] = [:]

  private struct Body: Encodable {
    var prompt: [Token]
    var nPredict: Int
    var temperature: Float
    var topK: Int
    var topP: Float
    var minP: Float
    var repeatPenalty: Float
    var repeatLastN: Int
    /// Its own default applies the temperature last; Tandem and vLLM apply it before the filters.
    var samplers = ["penalties", "temperature", "top_k", "top_p", "min_p"]
    var seed: UInt32
    var stream: Bool
    var returnTokens = true
    var cachePrompt = true
    var stop: [String]?
    var nProbs: Int
    var logitBias: [[Bias]]?
    var lora: [LoRA]?
  }

  private struct LoRA: Encodable {
    var id: Int
    var scale: Float
  }

  /// A token or what is added to its logit; `false` forbids it.
  private enum Bias: Encodable {
    case token(Token)
    case value(Float)

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .token(let token): try container.encode(token)
      case .value(let value) where value == -.infinity: try container.encode(false)
      case .value(let value): try container.encode(value)
      }
    }
  }

  /// The call that streams a completion.
  func completion(_ call: CompletionCall) throws(EngineError) -> RemoteRequest {
    var body = body(call)
    body.stream = true
    body.stop = call.stopTexts.isEmpty ? nil : call.stopTexts
    var request = try RemoteRequest(path: "/completion", body: body)
    request.closesConnection = true
    return request
  }

  /// A short call: a whole answer that nobody waits for any more is written to its end.
  func wholeCompletion(_ call: CompletionCall) throws(EngineError) -> RemoteRequest? {
    call.isShort ? try repetition(call) : nil
  }

  /// The same call with its whole answer at once, which has the ids that streams lose.
  func repetition(_ call: CompletionCall) throws(EngineError) -> RemoteRequest {
    var body = body(call)
    body.stop = call.stopTexts.isEmpty ? nil : call.stopTexts
    return try RemoteRequest(path: "/completion", body: body)
  }

  /// The tokens of the answer to `repetition`.
  func tokens(of answer: RemoteResponse) throws(RemoteFault) -> [Token] { try answer.completion(Chunk.self).tokens }

  private func body(_ call: CompletionCall) -> Body {
    let sampling = call.sampling
    return Body(
      prompt: call.prompt, nPredict: call.limit, temperature: sampling.temperature, topK: sampling.topK,
      topP: sampling.topP, minP: sampling.minP, repeatPenalty: sampling.repetitionPenalty,
      repeatLastN: sampling.penaltyWindow, seed: Self.folded(call.seed), stream: false,
      nProbs: max(1, call.alternatives),
      logitBias: call.bias.isEmpty ? nil : call.bias.map { [.token($0), .value($1)] },
      lora: lora(call.model))
  }

  private func lora(_ model: String) -> [LoRA]? {
    adapters.isEmpty ? nil : adapters.map { LoRA(id: $1, scale: $0 == model ? 1 : 0) }
  }

  /// 32 bits of a seed, but not the number that means "at random".
  static func folded(_ seed: UInt64) -> UInt32 {
    let folded = UInt32(truncatingIfNeeded: seed ^ (seed >> 32))
    return folded == .max ? 0 : folded
  }

  private struct Chunk: Decodable {
    var content: String?
    var tokens: [Token]
    var stop: Bool?
    var stopType: String?
    var tokensPredicted: Int?
    var completionProbabilities: [Probability]?
    var timings: Timings?

    enum CodingKeys: String, CodingKey {
      case content, tokens, stop, timings
      case stopType = "stop_type"
      case tokensPredicted = "tokens_predicted"
      case completionProbabilities = "completion_probabilities"
    }
  }

  private struct Probability: Decodable {
    var id: Token
    var logprob: Float
    var topLogprobs: [Alternative]?

    enum CodingKeys: String, CodingKey {
      case id, logprob
      case topLogprobs = "top_logprobs"
    }
  }

  private struct Alternative: Decodable {
    var id: Token
    var logprob: Float
  }

  private struct Timings: Decodable {
    var cacheN: Int?
    var promptN: Int
    var predictedN: Int

    enum CodingKeys: String, CodingKey {
      case cacheN = "cache_n"
      case promptN = "prompt_n"
      case predictedN = "predicted_n"
    }
  }

  /// What an event says. `tokens_predicted` tells whether ids are missing before it.
  func event(_ data: [UInt8], received: Int) throws(RemoteFault) -> CompletionEvent? {
    if data == Array("[DONE]".utf8) { return nil }
    let chunk = try JSON.completion(Chunk.self, data)
    var event = CompletionEvent()
    // There is none for a token that ends inside a character.
    var reports = (chunk.completionProbabilities ?? [])[...]
    event.tokens = chunk.tokens.map { token in
      guard let report = reports.first, report.id == token else { return ReportedToken(token: token) }
      reports.removeFirst()
      return ReportedToken(
        token: token, logProbability: report.logprob,
        alternatives: (report.topLogprobs ?? []).map { .init(token: $0.id, logProbability: $0.logprob) })
    }
    let missing = (chunk.tokensPredicted ?? 0) - received - chunk.tokens.count
    if missing > 0 { event.missing = MissingTokens(count: missing, bytes: Array((chunk.content ?? "").utf8)) }
    guard chunk.stop == true else { return event }
    event.end = chunk.stopType == "eos" ? .endOfGeneration : chunk.stopType == "word" ? .stop : .limit
    event.usage = chunk.timings.map {
      CompletionUsage(prompt: $0.promptN + ($0.cacheN ?? 0), cached: $0.cacheN, sampled: $0.predictedN)
    }
    return event
  }

  /// One call for each token, which a bias makes the server draw: it reports the token's own log-probability, from
  /// before the bias, and evaluates nothing but the token.
  func scores(_ call: CompletionCall, _ prompts: [[Token]], _ targets: [[Token]]) throws(EngineError) -> [RemoteRequest]
  {
    var requests: [RemoteRequest] = []
    for (prompt, row) in zip(prompts, targets) {
      for target in row {
        var call = call
        (call.prompt, call.limit, call.sampling, call.bias) = (prompt, 1, .greedy, [target: 1000])
        requests.append(try RemoteRequest(path: "/completion", body: body(call)))
      }
    }
    return requests
  }

  /// The log-probabilities in the answers to `scores`.
  func scores(from answers: [RemoteResponse], _ targets: [[Token]]) throws(RemoteFault) -> [[Float]] {
    var rows: [[Float]] = []
    var left = answers[...]
    for row in targets {
      var values: [Float] = []
      for token in row {
        guard let report = try left.popFirst()?.completion(Chunk.self).completionProbabilities?.first,
          report.id == token
        else { throw RemoteFault("it did not draw token \(token), which a bias forces") }
        values.append(report.logprob)
      }
      rows.append(values)
    }
    return rows
  }
}
