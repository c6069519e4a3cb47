import FoundationEssentials
package import TandemInference
import TandemSupport

/// Two answers to one prompt, of which the first is preferred: a line of a file of pairs, JSON Lines.
///
///     {"prompt": "2 + 2?", "chosen": "4", "rejected": "Let me see …"}
///
/// `messages`, a conversation up to the answer, may replace `prompt`. Other fields are ignored.
package struct AnswerPair: Sendable, Hashable {
  package let messages: [Message]
  package let chosen: String
  package let rejected: String

  package init(_ messages: [Message], chosen: String, rejected: String) {
    (self.messages, self.chosen, self.rejected) = (messages, chosen, rejected)
  }

  /// Reads a file. Throws `fileUnreadable`, or `fileInvalid` with FILE:LINE.
  package static func read(_ path: String) throws(TrainingError) -> [(number: Int, pair: AnswerPair)] {
    var pairs: [(number: Int, pair: AnswerPair)] = []
    for (number, line) in try TrainingFile.lines(of: path) {
      pairs.append((number, try AnswerPair(line, path: path, number: number)))
    }
    guard !pairs.isEmpty else { throw .fileInvalid(path: path, reason: "it has no pair") }
    return pairs
  }

  private init(_ line: Data, path: String, number: Int) throws(TrainingError) {
    func fail(_ reason: String) -> TrainingError { .fileInvalid(path: "\(path):\(number)", reason: reason) }
    let fields = try ChatLine.read(Fields.self, line, path: path, number: number)
    switch (fields.prompt, fields.messages) {
    case (let prompt?, nil): messages = [Message(.user, prompt)]
    case (nil, let turns?):
      messages = try turns.map { turn throws(TrainingError) in
        do throws(ChatLine.Turn.Fault) { return try turn.message() } catch { throw fail(error.reason) }
      }
      guard messages.last?.role == .user else { throw fail("the last of its messages must be the user's") }
    default: throw fail("it must have either a prompt or messages")
    }
    (chosen, rejected) = (fields.chosen, fields.rejected)
    guard chosen != rejected else { throw fail("chosen and rejected are equal, so nothing is preferred") }
    guard !chosen.isEmpty, !rejected.isEmpty else { throw fail("an answer is empty") }
  }

  private struct Fields: Decodable {
    let prompt: String?
    let messages: [ChatLine.Turn]?
    let chosen: String
    let rejected: String
  }

  /// Writes a file of pairs whose prompts are one message each, whole or not at all. Throws `fileUnwritable`.
  package static func write(_ pairs: [AnswerPair], to path: String) throws(TrainingError) {
    var text = ""
    for pair in pairs {
      let row = Row(
        messages: pair.messages.map { ["role": $0.role.rawValue, "content": $0.content] }, chosen: pair.chosen,
        rejected: pair.rejected)
      text += try row.jsonLine() + "\n"
    }
    try TrainingFile.write(Data(text.utf8), to: path)
  }

  private struct Row: Encodable {
    let messages: [[String: String]]
    let chosen: String
    let rejected: String
  }
}

/// Pairs as documents to learn from, the chosen answer and the rejected one in turn.
package struct PairFile: Sendable {
  package let documents: [TrainingDocument]

  /// Throws `fileUnreadable`, or `fileInvalid` with FILE:LINE and what is wrong there.
  package init(path: String, _ encoding: ChatEncoding) throws(TrainingError) {
    var documents: [TrainingDocument] = []
    for (number, pair) in try AnswerPair.read(path) {
      for (name, answer) in [("chosen", pair.chosen), ("rejected", pair.rejected)] {
        func fail(_ reason: String) -> TrainingError { .fileInvalid(path: "\(path):\(number)", reason: reason) }
        do {
          documents.append(
            try encoding.document(pair.messages + [Message(.assistant, answer)], answering: pair.messages.count))
        } catch let error as ChatEncoding.TooLong {
          throw fail("with \(name) it has \(error.count) tokens, and the context \(encoding.contextSize)")
        } catch TrainingError.invalidOption(let subject, let reason) {
          throw fail("\(name): the \(subject) \(reason)")
        } catch {
          throw fail("\(error)")
        }
      }
    }
    self.documents = documents
  }
}

extension Llama {
  /// The documents with ln p of each learnt token by this model, as DPO's reference.
  package func referencing(_ documents: [TrainingDocument]) throws(TrainingError) -> [TrainingDocument] {
    let rowLength = max(documents.map(\.length).max() ?? 0, 2048)
    let found = try logProbabilities(of: documents, rowLength: rowLength)
    return zip(documents, found).map { document, reference in
      var document = document
      document.references = reference
      return document
    }
  }
}
