import Foundation
import Tandem
import TandemInference

/// The body of `POST /v1/messages`, and of `POST /v1/messages/count_tokens`, which has some of its members.
struct MessagesRequest {
  var run: RunRequest
  var streams = false
  /// Whether the thinking is a part of the answer.
  private(set) var showsThinking = true
  private(set) var sendsEvents = false

  /// Reads a body. Throws a `ServerError` that names the first member that is wrong.
  ///
  /// - Parameter counts: Whether the prompt is only to be counted.
  init(_ data: Data, counts: Bool = false) throws(ServerError) {
    var body = try JSONMembers(body: data)
    guard let model = try body.text("model"), !model.isEmpty else { throw body.missing("model") }
    guard let messages = try body.objects("messages") else { throw body.missing("messages") }
    guard !messages.isEmpty else { throw .invalid("'messages' must have at least one message.", "messages") }
    run = RunRequest(model: model, messages: try Self.instructions(&body))
    run.places = run.messages.map { _ in "system" }
    for var message in messages {
      let blocks = try Message.blocks(of: &message)
      run.messages += blocks
      run.places += blocks.map { _ in message.path }
    }
    try readThinking(&body)
    run.tools = try .messages(&body)
    body.ignore("cache_control")
    if !counts { try readWriting(&body) }
    try body.finish()
  }

  /// The system message, which is a text or a list of text blocks.
  private static func instructions(_ body: inout JSONMembers) throws(ServerError) -> [Message] {
    guard let text = try body.textBlocks("system"), !text.isEmpty else { return [] }
    return [Message(.system, text)]
  }

  private enum Thinking: String, CaseIterable { case enabled, adaptive, disabled }

  private enum Display: String, CaseIterable { case summarized, omitted }

  /// Without `thinking` a model thinks as it does by itself.
  private mutating func readThinking(_ body: inout JSONMembers) throws(ServerError) {
    if var config = try body.object("output_config") {
      try run.limits.setEffort(config.choice("effort"), "output_config.effort")
      try config.finish()
    }
    guard var thinking = try body.object("thinking") else { return }
    guard let type: Thinking = try thinking.choice("type") else { throw thinking.missing("type") }
    switch type {
    case .enabled:
      guard let tokens = try thinking.integer("budget_tokens", in: 0...Budget.mostTokens) else {
        throw thinking.missing("budget_tokens")
      }
      try run.limits.setThinking(tokens, "thinking.budget_tokens")
    case .disabled: try run.limits.setThinking(0, "thinking")
    case .adaptive: break
    }
    showsThinking = try thinking.choice("display", of: Display.self) != .omitted
    try thinking.finish()
  }

  /// How it is written, and told.
  private mutating func readWriting(_ body: inout JSONMembers) throws(ServerError) {
    guard let tokens = try body.integer("max_tokens", in: 1...Budget.mostTokens) else {
      throw body.missing("max_tokens")
    }
    run.limits.tokens = tokens
    run.sampling.temperature = try body.number("temperature", "from 0 to 1") { (0...1).contains($0) }
    run.sampling.topP = try body.number("top_p", "above 0 and at most 1") { $0 > 0 && $0 <= 1 }
    run.sampling.topK = try body.integer("top_k", in: 0...10_000_000)
    run.stops = try body.stops("stop_sequences", atMost: 16)
    streams = try body.flag("stream") ?? false
    _ = try (body.object("metadata"), body.text("service_tier"))
    sendsEvents = try RunExtension(&body, into: &run).sendsEvents
  }
}
