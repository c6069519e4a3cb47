import Tandem

/// What a response cost, in OpenAI's words.
struct ChatUsage: Encodable {
  let promptTokens: Int
  /// Tokens that are part of the thinking and the answers of all choices.
  let completionTokens: Int
  let totalTokens: Int
  let completionTokensDetails: CompletionDetails
  let promptTokensDetails: PromptDetails

  struct CompletionDetails: Encodable {
    let reasoningTokens: Int
    enum CodingKeys: String, CodingKey { case reasoningTokens = "reasoning_tokens" }
  }

  struct PromptDetails: Encodable {
    let cachedTokens: Int
    enum CodingKeys: String, CodingKey { case cachedTokens = "cached_tokens" }
  }

  /// The costs of all choices together. Their prompt is the same, and counted once.
  init(_ results: [RunResult]) {
    promptTokens = results.map(\.promptTokens).max() ?? 0
    completionTokens = results.reduce(0) { $0 + $1.completionTokens }
    totalTokens = promptTokens + completionTokens
    completionTokensDetails = .init(reasoningTokens: results.reduce(0) { $0 + $1.reasoningTokens })
    promptTokensDetails = .init(cachedTokens: results.map(\.cachedTokens).max() ?? 0)
  }

  enum CodingKeys: String, CodingKey {
    case promptTokens = "prompt_tokens"
    case completionTokens = "completion_tokens"
    case totalTokens = "total_tokens"
    case completionTokensDetails = "completion_tokens_details"
    case promptTokensDetails = "prompt_tokens_details"
  }
}

/// What a response cost each model, in the words of traces: prompts, hand-overs, discarded text and all.
struct ChatCosts: Encodable {
  let byModel: Usage

  init(_ results: [RunResult]) { byModel = results.reduce(Usage()) { $0 + $1.outcome.usage } }

  enum CodingKeys: String, CodingKey { case byModel = "by_model" }
}

/// What is Tandem's own about a choice.
struct ChatDetails: Encodable {
  let strategy: String
  let seed: UInt64
  /// Why the run ended, in the words of traces.
  let finish: FinishReason
  let seconds: Double
  /// The id of the stored trace.
  let trace: String?
  /// Why the trace could not be stored.
  let traceError: String?
  /// Why texts that are marked as calls of tools are none.
  let toolFaults: [String]?

  enum CodingKeys: String, CodingKey {
    case strategy, seed, finish, seconds, trace
    case traceError = "trace_error"
    case toolFaults = "tool_faults"
  }

  init(_ plan: RunPlan, _ result: RunResult) {
    (trace, traceError) =
      switch result.trace {
      case .stored(let id)?: (id, nil)
      case .lost(let reason)?: (nil, reason)
      case nil: (nil, nil)
      }
    strategy = plan.strategy.strategyName
    seed = plan.seed
    finish = result.finish
    seconds = result.outcome.seconds
    toolFaults = result.toolFaults.isEmpty ? nil : result.toolFaults
  }
}

extension RunResult {
  /// `finish_reason`: "stop" if the answer was ended by its model, "tool_calls" if it calls any, "length" if anything cut
  /// it.
  var chatFinish: String { isComplete ? calls > 0 ? "tool_calls" : "stop" : "length" }
}
