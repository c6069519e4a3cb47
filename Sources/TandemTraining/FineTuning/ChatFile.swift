import TandemInference

/// A user's own conversations as documents to learn from, one for each message of the assistant's.
package struct ChatFile: Sendable {
  package let documents: [TrainingDocument]

  /// Reads JSON Lines as `ChatLine` has them.
  ///
  /// Throws `fileUnreadable`, or `fileInvalid` with FILE:LINE and what is wrong there.
  package init(path: String, _ encoding: ChatEncoding) throws(TrainingError) {
    var documents: [TrainingDocument] = []
    for (number, line) in try TrainingFile.lines(of: path) {
      let messages = try ChatLine(line, path: path, number: number).messages
      func fail(_ reason: String) -> TrainingError { .fileInvalid(path: "\(path):\(number)", reason: reason) }
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
