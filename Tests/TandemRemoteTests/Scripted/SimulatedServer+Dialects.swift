import Foundation
import TandemTesting

@testable import TandemInference
@testable import TandemRemote

extension SimulatedServer {
  // MARK: - vLLM and SGLang

  func openAICompletion(_ body: [String: Any]) async throws -> [ScriptedServer.Step] {
    guard body["model"] as? String == "served" || adapters.contains(body["model"] as? String ?? "") else {
      return .answer(["error": ["message": "The model does not exist. Valid aliases: served."]], status: 404)
    }
    let extra = body["vllm_xargs"] as? [String: Any]
    if hasPlugIn, let temperature = extra?["stop_temperature"] as? Double, temperature <= 0 {
      return .events([#"{"error":{"message":"stop_temperature must be a number above 0","code":400}}"#])
    }
    if let rows = body["prompt"] as? [[Int]] { return try await scores(body, rows) }
    let prompt = tokens(body["prompt"])
    guard prompt.count < model.contextSize else { return overflow(prompt.count) }
    let drawn = try await draw(body, prompt: prompt)
    var events = drawn.enumerated().map { place, token in
      var choice: [String: Any] = [
        "index": 0, "text": text([token.token]), "token_ids": [Int(token.token.rawValue)],
        "logprobs": report(token, body), "finish_reason": NSNull(), "stop_reason": NSNull(),
      ]
      if place == 0, kind == .vllm { choice["prompt_token_ids"] = prompt.map { Int($0.rawValue) } }
      if let stop = token.stop { (choice["finish_reason"], choice["stop_reason"]) = end(of: stop) }
      return [ScriptedServer.Step].text(of: ["choices": [choice]])
    }
    let usage: [String: Any] = [
      "prompt_tokens": prompt.count, "completion_tokens": drawn.count,
      "prompt_tokens_details": ["cached_tokens": prompt.count / 16 * 16],
    ]
    guard body["stream"] as? Bool == true else { return whole(drawn, prompt, usage, body) }
    events.append([ScriptedServer.Step].text(of: ["choices": [Any](), "usage": usage]))
    return .events(events + ["[DONE]"])
  }

  private func whole(
    _ drawn: [SampledToken], _ prompt: [Token], _ usage: [String: Any], _ body: [String: Any]
  ) -> [ScriptedServer.Step] {
    let (finish, stop) = end(of: drawn.last?.stop ?? .limit)
    let reports = drawn.map { report($0, body) }
    let logprobs = Dictionary(
      uniqueKeysWithValues: ["tokens", "token_logprobs", "top_logprobs"].map { key in
        (key, reports.flatMap { $0[key] as? [Any] ?? [] })
      })
    let choice: [String: Any] = [
      "index": 0, "text": text(drawn.map(\.token)), "token_ids": drawn.map { Int($0.token.rawValue) },
      "prompt_token_ids": prompt.map { Int($0.rawValue) }, "logprobs": logprobs, "finish_reason": finish,
      "stop_reason": stop,
    ]
    return .answer(["choices": [choice], "usage": usage])
  }

  private func end(of stop: StopReason) -> (Any, Any) {
    switch stop {
    case .limit, .entropy, .tokens: ("length", NSNull())
    case .endOfGeneration: ("stop", NSNull())
    case .token(let token): ("stop", Int(token.rawValue))
    case .text(let text): ("stop", text)
    }
  }

  private func report(_ token: SampledToken, _ body: [String: Any]) -> [String: Any] {
    func key(_ token: Token) -> String { kind == .vllm ? "token_id:\(token.rawValue)" : text([token]) }
    let wanted = (body["logprob_token_ids"] as? [Int]).map { Set($0 + [Int(token.token.rawValue)]) }
    let count = max(1, body["logprobs"] as? Int ?? 0)
    let top =
      wanted.map { wanted in token.alternatives.filter { wanted.contains(Int($0.token.rawValue)) } }
      ?? Array(token.alternatives.prefix(count))
    let own = Double(token.logProbability.exact ?? 0)
    return [
      "tokens": [key(token.token)], "token_logprobs": [own],
      "top_logprobs": [
        Dictionary(top.map { (key($0.token), Double($0.logProbability)) }) { first, _ in first }
      ],
    ]
  }

  private func scores(_ body: [String: Any], _ rows: [[Int]]) async throws -> [ScriptedServer.Step] {
    var choices: [[String: Any]] = []
    for (index, row) in rows.enumerated() {
      let drawn = try await draw(body, prompt: row.map { Token(rawValue: Int32($0)) })
      choices.append([
        "index": index, "token_ids": drawn.map { Int($0.token.rawValue) }, "logprobs": report(drawn[0], body),
        "finish_reason": "length",
      ])
    }
    return .answer(["choices": Array(choices.reversed())])  // in no particular order
  }

  // MARK: - llama-server

  func completion(_ body: [String: Any]) async throws -> [ScriptedServer.Step] {
    let prompt = tokens(body["prompt"])
    guard prompt.count < model.contextSize else { return overflow(prompt.count) }
    let drawn = try await draw(body, prompt: prompt)
    let count = body["n_probs"] as? Int ?? 0
    let last: [String: Any] = [
      "index": 0, "content": "", "tokens": [Int](), "stop": true, "tokens_predicted": drawn.count,
      "stop_type": stopType(drawn.last?.stop),
      "timings": ["cache_n": prompt.count - 1, "prompt_n": 1, "predicted_n": drawn.count],
    ]
    guard body["stream"] as? Bool == true else {
      var whole = last
      whole["tokens"] = drawn.map { Int($0.token.rawValue) }
      whole["content"] = text(drawn.map(\.token))
      whole["completion_probabilities"] = drawn.map { probability($0, count) }
      return .answer(whole)
    }
    // An event for each character that is complete, with the number of its last token only.
    var (events, held) = ([String](), [Token]())
    for (place, token) in drawn.enumerated() {
      held.append(token.token)
      let bytes = held.flatMap { tokenizer.bytes(of: $0) }
      guard Detokenizer.openBytes(at: bytes.suffix(3)) == 0 else { continue }
      let isCut = if case .text = token.stop { true } else { false }
      events.append(
        [ScriptedServer.Step].text(of: [
          "index": 0, "content": isCut ? "" : text(held), "tokens": [Int(token.token.rawValue)], "stop": false,
          "tokens_predicted": place + 1, "completion_probabilities": [probability(token, count)],
        ]))
      held = []
    }
    return .events(events + [[ScriptedServer.Step].text(of: last)])
  }

  private func stopType(_ stop: StopReason?) -> String {
    switch stop {
    case .endOfGeneration: "eos"
    case .text: "word"
    default: "limit"
    }
  }

  private func probability(_ token: SampledToken, _ count: Int) -> [String: Any] {
    let top = token.alternatives.prefix(count).map { alternative in
      ["id": Int(alternative.token.rawValue), "logprob": Double(alternative.logProbability)] as [String: Any]
    }
    return [
      "id": Int(token.token.rawValue), "logprob": Double(token.logProbability.exact ?? 0), "top_logprobs": top,
    ]
  }

  // MARK: - Both

  private func tokens(_ value: Any?) -> [Token] { (value as? [Int] ?? []).map { Token(rawValue: Int32($0)) } }

  private func text(_ tokens: [Token]) -> String {
    String(decoding: tokens.flatMap { tokenizer.bytes(of: $0) }, as: UTF8.self)
  }

  private func overflow(_ count: Int) -> [ScriptedServer.Step] {
    .answer(
      [
        "error": [
          "message": "request (\(count) tokens) exceeds the available context size (\(model.contextSize) tokens)",
          "type": "exceed_context_size_error", "n_prompt_tokens": count, "n_ctx": model.contextSize,
        ] as [String: Any]
      ], status: 400)
  }
}
