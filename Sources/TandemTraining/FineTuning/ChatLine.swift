import FoundationEssentials
import TandemInference
import TandemSupport

/// A conversation of a file of chats, JSON Lines with one of these a line:
///
///     {"messages": [{"role": "user", "content": "2 + 2?"}, {"role": "assistant", "content": "4"}]}
///
/// A message of the assistant's may have its thinking beside its content, as `reasoning_content`, `reasoning` or
/// `thinking`: it is learnt as the model writes it, before the content. Other fields are ignored.
struct ChatLine {
  let messages: [Message]

  /// Throws `fileInvalid`, naming the file as FILE:LINE.
  init(_ line: Data, path: String, number: Int) throws(TrainingError) {
    func fail(_ reason: String) -> TrainingError { .fileInvalid(path: "\(path):\(number)", reason: reason) }
    messages = try Self.read(Line.self, line, path: path, number: number).messages.map { turn throws(TrainingError) in
      do throws(Turn.Fault) { return try turn.message() } catch { throw fail(error.reason) }
    }
    guard let first = messages.firstIndex(where: { $0.role == .assistant }) else {
      throw fail("no message is the assistant's, and nothing else is learnt")
    }
    guard first > 0 else { throw fail("the assistant's message has none before it") }
  }

  /// A line's JSON. Throws `fileInvalid`, naming the file as FILE:LINE.
  static func read<Value: Decodable>(
    _: Value.Type, _ line: Data, path: String, number: Int
  ) throws(TrainingError) -> Value {
    func fail(_ reason: String) -> TrainingError { .fileInvalid(path: "\(path):\(number)", reason: reason) }
    do {
      return try JSONDecoder().decode(Value.self, from: line)
    } catch DecodingError.dataCorrupted(let context) where context.codingPath.last?.stringValue == "role" {
      throw fail("a role can be system, user or assistant")
    } catch {
      throw fail((error as? DecodingError)?.fault ?? "\(error)")
    }
  }

  private struct Line: Decodable {
    let messages: [Turn]
  }

  /// A message of a line.
  struct Turn: Decodable {
    let role: Message.Role
    let content: String
    let reasoningContent: String?
    let reasoning: String?
    let thinking: String?

    private enum CodingKeys: String, CodingKey {
      case role, content, reasoning, thinking
      case reasoningContent = "reasoning_content"
    }

    struct Fault: Error {
      let reason: String
    }

    func message() throws(Fault) -> Message {
      // Its line's calls would not be learnt.
      guard role != .tool else { throw Fault(reason: "a role can be system, user or assistant") }
      let thoughts = [reasoningContent, reasoning, thinking].compactMap(\.self).filter { !$0.isEmpty }
      guard let thought = thoughts.first else { return Message(role, content) }
      guard role == .assistant else { throw Fault(reason: "only a message of the assistant's can have a thinking") }
      guard thoughts.count == 1, !content.contains(ReasoningMarkers.think.closing) else {
        throw Fault(reason: "a message of the assistant's has its thinking twice")
      }
      let markers = ReasoningMarkers.think
      return Message(role, "\(markers.opening)\n\(thought)\n\(markers.closing)\n\n\(content)")
    }
  }
}
