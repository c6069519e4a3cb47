import Tandem

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
    let content: String
    /// Absent if there was no thinking.
    let reasoningContent: String?

    enum CodingKeys: String, CodingKey {
      case role, content
      case reasoningContent = "reasoning_content"
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
        message: .init(
          content: choice.1.answer, reasoningContent: choice.1.thinking.isEmpty ? nil : choice.1.thinking),
        finishReason: choice.1.result.chatFinish, logprobs: choice.1.result.logProbabilities,
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
  var result: RunResult
}

extension ServedRun {
  /// Waits until all is written. Throws the error that the run failed with.
  func written() async throws -> [WrittenChoice] {
    var texts = plans.map { _ in (thinking: "", answer: "") }
    var results = [RunResult?](repeating: nil, count: plans.count)
    while let updates = try await next() {
      for update in updates {
        switch update.update {
        case .piece(let piece) where piece.segment == .thinking: texts[update.choice].thinking += piece.text
        case .piece(let piece): texts[update.choice].answer += piece.text
        case .ended(let result): results[update.choice] = result
        case .event: break
        }
      }
    }
    return zip(texts, results).compactMap { text, result in
      result.map { WrittenChoice(thinking: text.thinking, answer: text.answer, result: $0) }
    }
  }
}
