import TandemInference

/// SGLang: `/v1/completions` with token ids. Read in the source of 0.5.23, never run: the probe decides whether it works.
struct SGLangDialect: Dialect {
  let name = "SGLang"
  let capabilities: EngineCapabilities = [.tokens, .fork, .bias, .alternatives, .adapters]

  private struct Body: Encodable {
    var model: String
    var prompt: [Token]
    var maxTokens: Int
    var temperature: Float
    var topK: Int
    var topP: Float
    var minP: Float
    var seed: Int64
    var stream = true
    var streamOptions = ["include_usage": true]
    var stop: [String]?
    var noStopTrim = true
    var stopTokenIds: [Token]?
    var ignoreEos: Bool?
    var logprobs: Int
    var logitBias: [String: Float]?
    var returnTokenIds = true
  }

  /// The call that streams a completion.
  func completion(_ call: CompletionCall) throws(EngineError) -> RemoteRequest {
    let sampling = call.sampling
    guard sampling.repetitionPenalty == 1 else {
      throw .unsupported(capability: "a repetition penalty", engine: name)
    }
    return try RemoteRequest(
      path: "/v1/completions",
      body: Body(
        model: call.model, prompt: call.prompt, maxTokens: call.limit, temperature: sampling.temperature,
        topK: sampling.topK == 0 ? -1 : sampling.topK, topP: sampling.topP, minP: sampling.minP,
        seed: Int64(bitPattern: call.seed & 0x7fff_ffff_ffff_ffff), stop: call.stopTexts.isEmpty ? nil : call.stopTexts,
        stopTokenIds: call.stopTokens.isEmpty ? nil : call.stopTokens, ignoreEos: call.ignoresEnd ? true : nil,
        logprobs: call.alternatives,
        logitBias: call.bias.isEmpty
          ? nil : Dictionary(uniqueKeysWithValues: call.bias.map { ("\($0.rawValue)", max($1, -100)) })))
  }

  /// What an event says.
  func event(_ data: [UInt8], received: Int) throws(RemoteFault) -> CompletionEvent? { try OpenAIChunk.event(data) }

  /// Not supported: which of its fields keep the cache is known from reading only.
  func scores(_ call: CompletionCall, _ prompts: [[Token]], _ targets: [[Token]]) throws(EngineError) -> [RemoteRequest]
  {
    throw .unsupported(capability: "score", engine: name)
  }

  /// Not supported.
  func scores(from answers: [RemoteResponse], _ targets: [[Token]]) throws(RemoteFault) -> [[Float]] { [] }
}
