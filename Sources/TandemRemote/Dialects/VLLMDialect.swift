import TandemInference

/// vLLM from 0.32: `/v1/completions` with token ids in and out. Recorded in research on 0.32.0.
///
/// What makes it exact: `return_token_ids` (the ids come at once, whatever the text does), `logprob_token_ids` (the
/// log-probability of given tokens), and log-probabilities that are the model's own, before bias and temperature.
struct VLLMDialect: Dialect {
  let name = "vLLM"
  let capabilities: EngineCapabilities = [.tokens, .fork, .bias, .alternatives, .score, .adapters, .scaling]

  private struct Body: Encodable {
    var model: String
    var prompt: Prompt
    var maxTokens: Int
    var temperature: Float
    var topK: Int
    var topP: Float
    var minP: Float
    var repetitionPenalty: Float
    var seed: Int64
    var stream: Bool
    var streamOptions: [String: Bool]?
    var stop: [String]?
    var includeStopStrInOutput = true
    var stopTokenIds: [Token]?
    var ignoreEos: Bool?
    var logprobs: Int
    var logprobTokenIds: [Token]?
    var logitBias: [String: Float]?
    var vllmXargs: Arguments?
    var returnTokenIds = true
    var returnTokensAsTokenIds = true
    var addSpecialTokens = false
  }

  /// Arguments of packaging/vllm/stop_temperature.py.
  private struct Arguments: Encodable {
    var stopTokens: [Token]
    var stopTemperature: Float
  }

  private enum Prompt: Encodable {
    case one([Token])
    case many([[Token]])

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .one(let tokens): try container.encode(tokens)
      case .many(let rows): try container.encode(rows)
      }
    }
  }

  /// The call that streams a completion.
  func completion(_ call: CompletionCall) throws(EngineError) -> RemoteRequest {
    try request(for: call, streams: true)
  }

  /// A short call. vLLM ends it too if the connection is closed.
  func wholeCompletion(_ call: CompletionCall) throws(EngineError) -> RemoteRequest? {
    call.isShort ? try request(for: call, streams: false) : nil
  }

  private func request(for call: CompletionCall, streams: Bool) throws(EngineError) -> RemoteRequest {
    guard call.sampling.repetitionPenalty == 1 else {
      // vLLM's looks at the whole sequence, ours at a window of it.
      throw .unsupported(capability: "a repetition penalty", engine: name)
    }
    var body = body(call, prompt: .one(call.prompt), limit: call.limit)
    body.stream = streams
    body.streamOptions = streams ? ["include_usage": true] : nil
    body.stop = call.stopTexts.isEmpty ? nil : call.stopTexts
    body.stopTokenIds = call.stopTokens.isEmpty ? nil : call.stopTokens
    body.ignoreEos = call.ignoresEnd ? true : nil
    body.logprobs = call.alternatives
    body.logprobTokenIds = call.watched.map { [$0] }
    // With 'logprob_token_ids' the number of other tokens must not be zero.
    if call.watched != nil { body.logprobs = max(1, body.logprobs) }
    // −100 is all that OpenAI allows; a logit is at most some 50.
    body.logitBias =
      call.bias.isEmpty
      ? nil
      : Dictionary(uniqueKeysWithValues: call.bias.map { ("\($0.rawValue)", max($1, -100)) })
    body.vllmXargs = call.scaling.map { Arguments(stopTokens: $0.tokens, stopTemperature: $0.temperature) }
    return try RemoteRequest(path: "/v1/completions", body: body)
  }

  private func body(_ call: CompletionCall, prompt: Prompt, limit: Int) -> Body {
    let sampling = call.sampling
    return Body(
      model: call.model, prompt: prompt, maxTokens: limit, temperature: sampling.temperature,
      topK: sampling.topK == 0 ? -1 : sampling.topK, topP: sampling.topP, minP: sampling.minP,
      repetitionPenalty: 1, seed: Int64(bitPattern: call.seed & 0x7fff_ffff_ffff_ffff), stream: false, logprobs: 0)
  }

  /// What an event says.
  func event(_ data: [UInt8], received: Int) throws(RemoteFault) -> CompletionEvent? {
    try OpenAIChunk.event(data)
  }

  /// One call with a prompt for each row: exact to the last digit, and it uses the prefix cache, which `prompt_logprobs`
  /// turns off.
  func scores(_ call: CompletionCall, _ prompts: [[Token]], _ targets: [[Token]]) throws(EngineError) -> [RemoteRequest]
  {
    var body = body(call, prompt: .many(prompts), limit: 1)
    body.logprobs = 1
    body.logprobTokenIds = Array(Set(targets.joined())).sorted { $0.rawValue < $1.rawValue }
    return [try RemoteRequest(path: "/v1/completions", body: body)]
  }

  /// The log-probabilities in the answer to `scores`.
  func scores(from answers: [RemoteResponse], _ targets: [[Token]]) throws(RemoteFault) -> [[Float]] {
    guard let answer = try answers.first?.completion(OpenAIChunk.self) else { throw RemoteFault("it has no answer") }
    let choices = answer.choices.sorted { ($0.index ?? 0) < ($1.index ?? 0) }
    guard choices.count == targets.count else {
      throw RemoteFault("it scored \(choices.count) prompts, and \(targets.count) were asked for")
    }
    var rows: [[Float]] = []
    for (choice, row) in zip(choices, targets) {
      let known = choice.logprobs?.alternatives(at: 0) ?? []
      var values: [Float] = []
      for token in row {
        guard let found = known.first(where: { $0.token == token }) else {
          throw RemoteFault("it reports no log-probability of token \(token), which was asked for")
        }
        values.append(found.logProbability)
      }
      rows.append(values)
    }
    return rows
  }
}
