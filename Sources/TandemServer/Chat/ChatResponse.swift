import Tandem
import TandemInference

/// The answer to `POST /v1/chat/completions` as a whole.
struct ChatResponse: Encodable {
  let id: String
  let object = "chat.completion"
  let created: Int
  let model: String
  let choices: [Choice]
  let usage: ChatUsage
  let tandem: Extra

  /// What is Tandem's own about the whole.
  struct Extra: Encodable {
    let usage: ChatCosts
  }

  struct Choice: Encodable {
    let index: Int
    let message: Message
    let finishReason: String
    /// Absent unless asked for.
    let logprobs: ChatLogProbabilities?
    let tandem: ChatDetails

    enum CodingKeys: String, CodingKey {
      case index, message, logprobs, tandem
      case finishReason = "finish_reason"
    }
  }

  struct Message: Encodable {
    let role = "assistant"
    /// Null if there are calls and no text.
    let content: String?
    /// Absent if there was no thinking.
    let reasoningContent: String?
    /// Absent if there are none.
    let toolCalls: [ChatToolCall]?

    init(_ written: WrittenChoice) {
      content = written.answer.isEmpty && !written.calls.isEmpty ? nil : written.answer
      reasoningContent = written.thinking.isEmpty ? nil : written.thinking
      toolCalls = written.calls.isEmpty ? nil : written.calls.map { ChatToolCall($0) }
    }

    enum CodingKeys: String, CodingKey {
      case role, content
      case reasoningContent = "reasoning_content"
      case toolCalls = "tool_calls"
    }

    func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(role, forKey: .role)
      try values.encode(content, forKey: .content)
      try values.encodeIfPresent(reasoningContent, forKey: .reasoningContent)
      try values.encodeIfPresent(toolCalls, forKey: .toolCalls)
    }
  }

  /// The whole of what `run` has written.
  init(_ run: ServedRun, _ written: [WrittenChoice], created: Int) {
    id = run.id
    self.created = created
    model = run.plans[0].model.name
    choices = zip(run.plans, written).enumerated().map { index, choice in
      Choice(
        index: index,
        message: .init(choice.1), finishReason: choice.1.result.chatFinish,
        logprobs: choice.1.result.logProbabilities,
        tandem: ChatDetails(choice.0, choice.1.result))
    }
    usage = ChatUsage(written.map(\.result))
    tandem = Extra(usage: ChatCosts(written.map(\.result)))
  }
}

/// All that a run has written for one choice.
struct WrittenChoice: Sendable {
  var thinking = ""
  var answer = ""
  var calls: [ToolCall] = []
  var result: RunResult
}

extension ServedRun {
  /// Waits until all is written. Throws the error that the run failed with.
  func written() async throws -> [WrittenChoice] {
    var texts = plans.map { _ in (thinking: "", answer: "", calls: [ToolCall]()) }
    var results = [RunResult?](repeating: nil, count: plans.count)
    while let updates = try await next() {
      for update in updates {
        switch update.update {
        case .piece(let piece) where piece.segment == .thinking: texts[update.choice].thinking += piece.text
        case .piece(let piece): texts[update.choice].answer += piece.text
        case .call(let call, _): texts[update.choice].calls.append(call)
        case .ended(let result): results[update.choice] = result
        case .event: break
        }
      }
    }
    return zip(texts, results).compactMap { text, result in
      result.map { WrittenChoice(thinking: text.thinking, answer: text.answer, calls: text.calls, result: $0) }
    }
  }
}
