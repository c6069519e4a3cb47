import Foundation
import Tandem
import TandemInference

/// The body of `POST /v1/chat/completions`.
struct ChatRequest {
  var run: RunRequest
  var streams = false
  /// Whether a stream ends with the usage.
  var includesUsage = false
  var sendsEvents = false

  /// Reads a body. Throws a `ServerError` that names the first member that is wrong.
  init(_ body: Data) throws(ServerError) {
    var body = try JSONMembers(body: body)
    guard let model = try body.text("model"), !model.isEmpty else { throw body.missing("model") }
    guard let messages = try body.objects("messages") else { throw body.missing("messages") }
    guard !messages.isEmpty else { throw .invalid("'messages' must have at least one message.", "messages") }
    run = RunRequest(model: model, messages: [])
    for var message in messages { run.messages.append(try Message(&message)) }
    try run.readSampling(&body)
    try run.readLimits(&body)
    try readAnswer(&body)
    try readStream(&body)
    sendsEvents = try RunExtension(&body, into: &run).sendsEvents
    try Self.readHarmless(&body)
    try body.finish()
  }

  private mutating func readAnswer(_ body: inout JSONMembers) throws(ServerError) {
    run.choices = try body.integer("n", in: 1...16) ?? 1
    run.stops = try body.stops("stop", atMost: 16)
    if var format = try body.object("response_format") {
      guard let type = try format.text("type") else { throw format.missing("type") }
      guard type == "text" else {
        throw .invalid("'response_format.type' can be text, not '\(type)'.", "response_format.type")
      }
      try format.finish()
    }
    for name in ["tools", "functions"] {
      if let tools = try body.list(name), !tools.isEmpty {
        throw .invalid("This model's template has no tools.", name, code: "unsupported")
      }
    }
    if try body.flag("logprobs") == true {
      throw .invalid("'logprobs' is not supported here.", "logprobs", code: "unsupported")
    }
    if try body.integer("top_logprobs", in: 0...20) != nil {
      throw .invalid("'top_logprobs' needs 'logprobs'.", "top_logprobs")
    }
    body.ignore("tool_choice")
  }

  private mutating func readStream(_ body: inout JSONMembers) throws(ServerError) {
    streams = try body.flag("stream") ?? false
    guard var options = try body.object("stream_options") else { return }
    guard streams else { throw .invalid("'stream_options' needs 'stream'.", "stream_options") }
    includesUsage = try options.flag("include_usage") ?? false
    if try options.flag("continuous_usage_stats") == true {
      throw .invalid(
        "'stream_options.continuous_usage_stats' is not supported.", "stream_options.continuous_usage_stats",
        code: "unsupported")
    }
    options.ignore("include_obfuscation")
    try options.finish()
  }

  /// What clients send always, and nothing here depends on. docs/server.md lists it.
  private static func readHarmless(_ body: inout JSONMembers) throws(ServerError) {
    for name in ["user", "service_tier", "safety_identifier", "prompt_cache_key"] { _ = try body.text(name) }
    for name in ["store", "parallel_tool_calls", "reasoning_control"] { _ = try body.flag(name) }
    _ = try body.object("metadata")
    for name in ["frequency_penalty", "presence_penalty"] {
      _ = try body.number(name, "0: penalties are not supported") { $0 == 0 }
    }
    if case .object(let bias)? = body.value("logit_bias"), bias.isEmpty {
    } else if body.value("logit_bias") != nil {
      throw .invalid("'logit_bias' is not supported; it can only be {}.", "logit_bias", code: "unsupported")
    }
    if let format = try body.text("reasoning_format"), !["auto", "deepseek"].contains(format) {
      throw .invalid("'reasoning_format' can be auto or deepseek, not '\(format)'.", "reasoning_format")
    }
  }
}

extension RunRequest {
  /// How tokens are drawn.
  mutating func readSampling(_ body: inout JSONMembers) throws(ServerError) {
    sampling.temperature = try body.number("temperature", "from 0 to 2") { (0...2).contains($0) }
    sampling.topP = try body.number("top_p", "above 0 and at most 1") { $0 > 0 && $0 <= 1 }
    sampling.topK = try body.integer("top_k", in: 0...10_000_000)
    sampling.minP = try body.number("min_p", "from 0 to below 1") { $0 >= 0 && $0 < 1 }
    seed = try body.integer("seed", in: .min ... .max).map { UInt64(bitPattern: Int64($0)) }
  }

  /// How much is written, by all names that clients have for it.
  mutating func readLimits(_ body: inout JSONMembers) throws(ServerError) {
    for name in ["max_tokens", "max_completion_tokens"] {
      guard let tokens = try body.integer(name, in: 1...Budget.mostTokens) else { continue }
      if let other = limits.tokens, other != tokens {
        throw .invalid("'max_tokens' and '\(name)' say different things. Give one of them.", name)
      }
      limits.tokens = tokens
    }
    for name in ["thinking_budget_tokens", "thinking_token_budget"] {
      try limits.setThinking(body.integer(name, in: 0...Budget.mostTokens), name)
    }
    try limits.setEffort(body.choice("reasoning_effort"), "reasoning_effort")
    guard var reasoning = try body.object("reasoning") else { return }
    try limits.setThinking(reasoning.integer("max_tokens", in: 0...Budget.mostTokens), "reasoning.max_tokens")
    try limits.setEffort(reasoning.choice("effort"), "reasoning.effort")
    try reasoning.finish()
  }
}

extension JSONMembers {
  /// One text, or several, none of them empty.
  mutating func stops(_ name: String, atMost count: Int) throws(ServerError) -> [String] {
    guard let value = value(name) else { return [] }
    let texts: [JSONValue] = if case .array(let list) = value { list } else { [value] }
    guard texts.count <= count else { throw .invalid("'\(place(name))' can have at most \(count) texts.", place(name)) }
    var stops: [String] = []
    for text in texts {
      guard case .string(let text) = text, !text.isEmpty else {
        throw .invalid("'\(place(name))' must be a text, or a list of texts that are not empty.", place(name))
      }
      stops.append(text)
    }
    return stops
  }
}
