import Tandem
import TandemInference

extension RunRequest {
  /// What a chat asks of a model, apart from how it is told: the body of `POST /v1/runs`, and most of that of
  /// `POST /v1/chat/completions`.
  init(_ body: inout JSONMembers) throws(ServerError) {
    guard let model = try body.text("model"), !model.isEmpty else { throw body.missing("model") }
    guard let messages = try body.objects("messages") else { throw body.missing("messages") }
    guard !messages.isEmpty else { throw .invalid("'messages' must have at least one message.", "messages") }
    self.init(model: model, messages: [])
    for var message in messages { self.messages.append(try Message(&message)) }
    try readSampling(&body)
    try readLimits(&body)
    stops = try body.stops("stop", atMost: 16)
    try readVariables(&body)
    try readFormat(&body)
    tools = try ToolRequest(&body)
    try Self.readHarmless(&body)
  }

  private mutating func readVariables(_ body: inout JSONMembers) throws(ServerError) {
    guard let value = body.value("chat_template_kwargs") else { return }
    guard case .object(let variables) = value else {
      throw .invalid("'chat_template_kwargs' must be an object, not \(value.kind).", "chat_template_kwargs")
    }
    for (name, value) in variables {
      switch value {
      case .bool(let flag): templateVariables[name] = .flag(flag)
      case .string(let text): templateVariables[name] = .text(text)
      default:
        let place = "chat_template_kwargs.\(name)"
        throw .invalid("'\(place)' must be true, false or text, not \(value.kind).", place, code: "invalid_type")
      }
    }
  }

  private mutating func readFormat(_ body: inout JSONMembers) throws(ServerError) {
    if var format = try body.object("response_format") {
      grammar = try AnswerFormat.grammar(&format)
    }
  }

  /// What clients send always, and nothing here depends on. docs/server.md lists it.
  private static func readHarmless(_ body: inout JSONMembers) throws(ServerError) {
    for name in ["user", "service_tier", "safety_identifier", "prompt_cache_key"] { _ = try body.text(name) }
    for name in ["store", "reasoning_control"] { _ = try body.flag(name) }
    _ = try body.object("metadata")
    for name in ["frequency_penalty", "presence_penalty"] {
      _ = try body.number(name, "0: penalties are not supported") { $0 == 0 }
    }
    if let bias = body.value("logit_bias"), bias != .object([:]) {
      throw .invalid("'logit_bias' is not supported; it can only be {}.", "logit_bias", code: "unsupported")
    }
    if let format = try body.text("reasoning_format"), !["auto", "deepseek"].contains(format) {
      throw .invalid("'reasoning_format' can be auto or deepseek, not '\(format)'.", "reasoning_format")
    }
  }

  /// How tokens are drawn.
  mutating func readSampling(_ body: inout JSONMembers) throws(ServerError) {
    sampling.temperature = try body.number("temperature", "from 0 to 2") { (0...2).contains($0) }
    sampling.topP = try body.number("top_p", "above 0 and at most 1") { $0 > 0 && $0 <= 1 }
    sampling.topK = try body.integer("top_k", in: 0...10_000_000)
    sampling.minP = try body.number("min_p", "from 0 to below 1") { $0 >= 0 && $0 < 1 }
    seed = try body.seed("seed")
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
