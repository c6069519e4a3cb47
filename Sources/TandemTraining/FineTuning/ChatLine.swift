import FoundationEssentials
import TandemInference
import TandemSupport

/// A conversation of a file of chats, JSON Lines with one of these a line:
///
///     {"messages": [{"role": "user", "content": "2 + 2?"}, {"role": "assistant", "content": "4"}]}
///
/// Other fields are of no concern here.
struct ChatLine: Decodable {
  let messages: [Message]

  /// Throws `fileInvalid`, naming the file as FILE:LINE.
  init(_ line: Data, path: String, number: Int) throws(TrainingError) {
    func fail(_ reason: String) -> TrainingError { .fileInvalid(path: "\(path):\(number)", reason: reason) }
    do {
      self = try JSONDecoder().decode(Self.self, from: line)
    } catch DecodingError.dataCorrupted(let context) where context.codingPath.last?.stringValue == "role" {
      throw fail("a role can be system, user or assistant")
    } catch {
      throw fail((error as? DecodingError)?.fault ?? "\(error)")
    }
    guard let first = messages.firstIndex(where: { $0.role == .assistant }) else {
      throw fail("no message is the assistant's, and nothing else is learnt")
    }
    guard first > 0 else { throw fail("the assistant's message has none before it") }
  }
}
