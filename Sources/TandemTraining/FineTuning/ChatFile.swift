import FoundationEssentials
import TandemInference

/// A user's own conversations as documents to learn from, one for each message of the assistant's.
package struct ChatFile: Sendable {
  package let documents: [TrainingDocument]

  /// Reads JSON Lines as `ChatLine` has them.
  ///
  /// Throws `fileUnreadable`, or `fileInvalid` with FILE:LINE and what is wrong there.
  package init(path: String, _ encoding: ChatEncoding) throws(TrainingError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .fileUnreadable(path: path, reason: "there is no such file")
    }
    var documents: [TrainingDocument] = []
    for (index, line) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
    where !line.allSatisfy({ $0 <= 32 }) {
      let messages = try ChatLine(Data(line), path: path, number: index + 1).messages
      func fail(_ reason: String) -> TrainingError { .fileInvalid(path: "\(path):\(index + 1)", reason: reason) }
      for turn in messages.indices where messages[turn].role == .assistant {
        do {
          documents.append(try encoding.document(messages, answering: turn))
        } catch let error as ChatEncoding.TooLong {
          throw fail("it has \(error.count) tokens, and the context \(encoding.contextSize)")
        } catch TrainingError.invalidOption(let name, let reason) {
          throw fail("the \(name) \(reason)")
        } catch {
          throw fail("\(error)")
        }
      }
    }
    guard !documents.isEmpty else { throw .fileInvalid(path: path, reason: "it has no conversation") }
    self.documents = documents
  }
}
