import Tandem
import TandemInference

/// Thinking and its answer as a line of a file of chats, as `tandem train sft` reads them.
struct ThinkingChat: Codable {
  let messages: [[String: String]]

  init(_ asked: [Message], thinking: String, answer: String, format: ReasoningFormat) {
    let message = Message(.assistant, (format.opening ?? "") + thinking + (format.closing ?? "") + answer)
    messages = (asked + [message]).map { ["role": $0.role.rawValue, "content": $0.content] }
  }
}
