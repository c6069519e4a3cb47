import Foundation
import Tandem
import TandemInference

/// The body of `POST /v1/responses`.
struct ResponsesRequest {
  var run: RunRequest
  var streams = false
  private(set) var sendsEvents = false
  /// What the response repeats of the request.
  private(set) var echo: [String: JSONValue] = [:]

  /// Reads a body. Throws a `ServerError` that names the first member that is wrong.
  init(_ data: Data) throws(ServerError) {
    var body = try JSONMembers(body: data)
    guard let model = try body.text("model"), !model.isEmpty else { throw body.missing("model") }
    run = RunRequest(model: model, messages: [])
    try Self.refuseState(&body)
    try readInput(&body)
    try readFormat(&body)
    try readTools(&body)
    try run.readSampling(&body)
    run.limits.tokens = try body.integer("max_output_tokens", in: 1...Budget.mostTokens)
    echo["max_output_tokens"] = run.limits.tokens.map(JSONValue.integer) ?? .null
    try readReasoning(&body)
    try readStream(&body)
    try readHarmless(&body)
    sendsEvents = try RunExtension(&body, into: &run).sendsEvents
    try body.finish()
  }

  /// Nothing is stored, so whatever refers to something of before can't be served.
  private static func refuseState(_ body: inout JSONMembers) throws(ServerError) {
    for name in ["previous_response_id", "conversation", "prompt"] where body.value(name) != nil {
      throw .invalid(
        "'\(name)' is not supported: nothing is stored between requests. Send the conversation in 'input'.", name,
        code: "unsupported")
    }
    if try body.flag("background") == true {
      throw .invalid(
        "'background' is not supported: nothing is stored between requests.", "background", code: "unsupported")
    }
    if let truncation = try body.text("truncation"), truncation != "disabled" {
      throw .invalid("'truncation' can be disabled, not '\(truncation)'.", "truncation", code: "unsupported")
    }
  }

  private mutating func readInput(_ body: inout JSONMembers) throws(ServerError) {
    let instructions = try body.text("instructions")
    echo["instructions"] = JSONValue(instructions)
    if let instructions, !instructions.isEmpty { add([Message(.system, instructions)], at: ["instructions"]) }
    guard let input = body.value("input") else { throw body.missing("input") }
    if case .string(let text) = input { return add([Message(.user, text)], at: ["input"]) }
    var items = InputItems()
    for var item in try body.objects("input") ?? [] { try items.add(&item) }
    guard !items.messages.isEmpty else { throw .invalid("'input' must have at least one message.", "input") }
    add(items.messages, at: items.places)
  }

  private mutating func add(_ messages: [Message], at places: [String]) {
    run.messages += messages
    run.places += places
  }

  private mutating func readFormat(_ body: inout JSONMembers) throws(ServerError) {
    echo["text"] = ["format": ["type": "text"]]
    guard var text = try body.object("text") else { return }
    if var format = try text.object("format") {
      echo["text"] = ["format": text.value("format") ?? nil]
      run.grammar = try AnswerFormat.grammar(&format, isFlat: true)
    }
    text.ignore("verbosity")
    try text.finish()
  }

  private mutating func readTools(_ body: inout JSONMembers) throws(ServerError) {
    (echo["tools"], echo["tool_choice"]) = ([], "auto")
    run.tools = try .responses(&body)
    if let tools = body.value("tools") { echo["tools"] = tools }
    if let choice = body.value("tool_choice") { echo["tool_choice"] = choice }
    echo["parallel_tool_calls"] = .bool(run.tools.isParallel)
    body.ignore("max_tool_calls")
  }

  private mutating func readReasoning(_ body: inout JSONMembers) throws(ServerError) {
    guard var reasoning = try body.object("reasoning") else { return }
    let effort: RunEffort? = try reasoning.choice("effort")
    try run.limits.setEffort(effort, "reasoning.effort")
    // There is no summary: the thinking itself is in the response.
    for name in ["summary", "generate_summary"] { _ = try reasoning.text(name) }
    try reasoning.finish()
    echo["reasoning"] = ["effort": JSONValue(effort?.rawValue), "summary": nil]
  }

  private mutating func readStream(_ body: inout JSONMembers) throws(ServerError) {
    streams = try body.flag("stream") ?? false
    guard var options = try body.object("stream_options") else { return }
    options.ignore("include_obfuscation")
    try options.finish()
  }

  /// What clients send always, and nothing here depends on. docs/server.md lists it.
  private mutating func readHarmless(_ body: inout JSONMembers) throws(ServerError) {
    for name in ["user", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention"] {
      _ = try body.text(name)
    }
    _ = try body.flag("store")
    echo["metadata"] = .object([:])
    if let metadata = body.value("metadata") {
      _ = try JSONMembers(metadata, at: "metadata")
      echo["metadata"] = metadata
    }
    if try body.integer("top_logprobs", in: 0...20) ?? 0 > 0 {
      throw .invalid("'top_logprobs' is not supported here.", "top_logprobs", code: "unsupported")
    }
    for (index, wanted) in (try body.list("include") ?? []).enumerated() where wanted != "reasoning.encrypted_content" {
      throw .invalid(
        "'include[\(index)]' can be reasoning.encrypted_content, not \(wanted.setting).", "include[\(index)]",
        code: "unsupported")
    }
  }
}
