import Foundation
import TandemInference
import TandemTesting

@testable import TandemRemote

/// A model in memory behind the words of one kind of server, as they were recorded.
struct SimulatedServer: Sendable {
  enum Kind: CaseIterable, Sendable { case vllm, llamaServer, sglang }

  let kind: Kind
  let model: FunctionModel
  var adapters: [String] = []
  /// Whether packaging/vllm/stop_temperature.py is loaded.
  var hasPlugIn = false

  /// One whose logits depend on every token before.
  static func hashed(_ kind: Kind, window: Int = 300, adapters: [String] = []) -> Self {
    let size = ByteTokenizer().vocabulary.size
    let model = FunctionModel(options: .init(contextSize: window, places: 64)) { tokens in
      var generator = SplitMix64(seed: tokens.reduce(1) { ($0 &* 31) &+ UInt64(UInt32(bitPattern: $1.rawValue)) })
      return (0..<size).map { _ in generator.uniform() * 4 }
    }
    return Self(kind: kind, model: model, adapters: adapters)
  }

  /// One that continues any text by the rest of `text`, which the prompt is the beginning of.
  static func reciting(_ text: String, _ kind: Kind, window: Int = 300) -> Self {
    let tokenizer = ByteTokenizer()
    let all = (try? tokenizer.encode(text, control: .recognised)) ?? []
    let model = FunctionModel(options: .init(contextSize: window, places: 64)) { tokens in
      var row = [Float](repeating: -10, count: tokenizer.vocabulary.size)
      let end = try tokenizer.encode("<|im_end|>", control: .recognised)[0]
      row[Int((all.dropFirst(tokens.count).first ?? end).rawValue)] = 0
      return row
    }
    return Self(kind: kind, model: model)
  }

  var tokenizer: any Tokenizer { model.tokenizer }

  /// Connects to a server that answers as this model, unless `script` answers.
  func connect(
    _ options: RemoteOptions = RemoteOptions(), parallel: Int = 8,
    _ script: @escaping @Sendable (ScriptedRequest) async throws -> [ScriptedServer.Step]? = { _ in nil }
  ) async throws -> (server: ScriptedServer, model: RemoteModel) {
    let server = try await ScriptedServer { request in
      if let steps = try await script(request) { return steps }
      return try await answer(request)
    }
    let address = try RemoteAddress(parsing: server.url + "#served")
    let vocabulary = RemoteVocabulary(tokenizer: tokenizer, template: model.template)
    let remote = try await RemoteModel.connect(
      to: address, options: options.toOwnServer, parallel: parallel, vocabulary: vocabulary)
    return (server, remote)
  }

  /// The answer to `request`.
  func answer(_ request: ScriptedRequest) async throws -> [ScriptedServer.Step] {
    switch (request.path, kind) {
    case ("/v1/models", _): models
    case ("/version", .vllm): .answer(["version": "0.32.0"])
    case ("/props", .llamaServer): .answer(["default_generation_settings": ["n_ctx": model.contextSize]])
    case ("/lora-adapters", .llamaServer):
      .answer(
        "[" + adapters.enumerated().map { #"{"id":\#($0),"path":"/x/\#($1).gguf"}"# }.joined(separator: ",") + "]")
    case ("/tokenize", .vllm): .answer(["tokens": try numbers(of: request.json["prompt"])])
    case ("/tokenize", .llamaServer): .answer(["tokens": try numbers(of: request.json["content"])])
    case ("/completion", .llamaServer): try await completion(request.json)
    case ("/v1/completions", .vllm), ("/v1/completions", .sglang): try await openAICompletion(request.json)
    default: .answer(["error": ["message": "Not Found"]], status: 404)
    }
  }

  private var models: [ScriptedServer.Step] {
    let owner = ["vllm", "llamacpp", "sglang"][Kind.allCases.firstIndex(of: kind) ?? 0]
    var list: [[String: Any]] = [["id": "served", "owned_by": owner, "max_model_len": model.contextSize]]
    if kind != .llamaServer { list += adapters.map { ["id": $0, "owned_by": owner, "parent": "served"] } }
    return .answer(["data": list])
  }

  private func numbers(of text: Any?) throws -> [Int] {
    try tokenizer.encode(text as? String ?? "", control: .recognised).map { Int($0.rawValue) }
  }

  // MARK: - Drawing

  private struct Bias: LogitProcessor {
    let bias: [Token: Float]?
    let scaling: LogitScaling?

    func process(_ logits: inout MutableSpan<Float>, after _: [Token]) {
      for (token, value) in bias ?? [:] { logits[Int(token.rawValue)] += value }
      guard let scaling else { return }
      for token in scaling.tokens {
        let z = logits[Int(token.rawValue)]
        logits[Int(token.rawValue)] = z > 0 ? z / scaling.temperature : z * scaling.temperature
      }
    }
  }

  /// What the server draws.
  func draw(_ body: [String: Any], prompt: [Token]) async throws -> [SampledToken] {
    func number(_ key: String, _ other: Double) -> Double { (body[key] as? NSNumber)?.doubleValue ?? other }
    let sampling = SamplingParameters(
      temperature: Float(number("temperature", 1)), topK: max(0, Int(number("top_k", 0))),
      topP: Float(number("top_p", 1)), minP: Float(number("min_p", 0)))
    let stops = (body["stop"] as? [String] ?? []).map { StopCondition.text($0) }
    let tokens = (body["stop_token_ids"] as? [Int] ?? []).map { StopCondition.token(Token(rawValue: Int32($0))) }
    let session = try await model.makeSession()
    let limit = min(
      Int(number(kind == .llamaServer ? "n_predict" : "max_tokens", 16)), model.contextSize - prompt.count)
    let named = body["logprob_token_ids"] == nil ? 1 : tokenizer.vocabulary.size
    let reported = max(named, Int(number("n_probs", 0)), Int(number("logprobs", 0)))
    let request = GenerationRequest(
      after: prompt, sampling: sampling, seed: (body["seed"] as? NSNumber)?.uint64Value ?? 0,
      processors: [Bias(bias: bias(body), scaling: scaling(body))],
      stops: stops + tokens, limit: limit, ignoresEndOfGeneration: body["ignore_eos"] as? Bool ?? false,
      alternatives: reported)
    var drawn: [SampledToken] = []
    for try await token in session.generate(request) { drawn.append(token) }
    await session.close()
    return drawn
  }

  private func scaling(_ body: [String: Any]) -> LogitScaling? {
    guard hasPlugIn, let extra = body["vllm_xargs"] as? [String: Any] else { return nil }
    let tokens = (extra["stop_tokens"] as? [Int] ?? []).map { Token(rawValue: Int32($0)) }
    return LogitScaling(of: tokens, temperature: (extra["stop_temperature"] as? NSNumber)?.floatValue ?? 1)
  }

  private func bias(_ body: [String: Any]) -> [Token: Float] {
    var bias: [Token: Float] = [:]
    for (key, value) in body["logit_bias"] as? [String: NSNumber] ?? [:] {
      bias[Token(rawValue: Int32(key) ?? 0)] = value.floatValue
    }
    for pair in body["logit_bias"] as? [[Any]] ?? [] {
      guard let token = pair.first as? Int else { continue }
      let value = (pair.last as? NSNumber)?.floatValue ?? 0
      bias[Token(rawValue: Int32(token))] = value == 0 ? -.infinity : value  // `false` forbids
    }
    return bias
  }
}

extension FunctionModel {
  /// Its tokenizer, which spells control tokens too.
  var engineTokenizer: ByteTokenizer { ByteTokenizer() }
}

extension RemoteOptions {
  /// The same for a server of this process: see `opensAhead`.
  var toOwnServer: Self {
    var options = self
    options.opensAhead = false
    return options
  }
}
