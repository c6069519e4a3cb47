import FoundationEssentials
import TandemInference
package import TandemRewards
import TandemSupport
import TandemTasks

extension ExportedPrompt {
  /// Reads a user's own problems, JSON Lines with one of these a line:
  ///
  ///     {"question": "What is 12 * 7?", "answer": "84"}
  ///     {"messages": [{"role": "user", "content": "What is 12 * 7?"}], "answer": 84, "level": "short"}
  ///
  /// `level`, `budget` (tokens) and `reference` (`{"meanLength": 812.5, "accuracy": 0.4}`, what the model that training
  /// begins with does) are for the rewards that need them. There are no other keys: a misspelt one would be lost.
  ///
  /// - Parameter check: What the answers must be for.
  ///
  /// Throws `fileUnreadable`, or `fileInvalid` with FILE:LINE and what is wrong there.
  package static func read(_ path: String, _ check: AnswerCheck) throws(TrainingError) -> [Self] {
    var prompts: [Self] = []
    for (number, line) in try TrainingFile.lines(of: path) {
      func fail(_ reason: String) -> TrainingError { .fileInvalid(path: "\(path):\(number)", reason: reason) }
      let (row, keys, answer): (Row, [String], String)
      do {
        keys = try JSONDecoder().decode([String: Anything].self, from: line).keys.sorted()
        row = try JSONDecoder().decode(Row.self, from: line)
        answer = try JSONDecoder().decode(Answered.self, from: WrittenNumbers.quoted(line)).answer.text
      } catch {
        throw fail(Self.describe(error))
      }
      if let unknown = keys.first(where: { Row.CodingKeys(rawValue: $0) == nil }) {
        let known = Row.CodingKeys.allCases.map(\.rawValue).joined(separator: ", ")
        throw fail("it can have \(known), not '\(unknown)'")
      }
      guard let messages = row.messages ?? row.question.map({ [Message(.user, $0)] }) else {
        throw fail("'question' or 'messages' is missing")
      }
      guard messages.allSatisfy({ $0.role != .tool && $0.toolCalls.isEmpty }) else {
        throw fail("a role can be system, user or assistant, and there are no calls of tools")
      }
      guard let last = messages.last, last.role == .user, last.content.contains(where: { !$0.isWhitespace }) else {
        throw fail("its last message is not a question of the user's")
      }
      do {
        try check.validate(answer)
        try RewardContext(limit: 1, budget: row.budget, reference: row.reference).validate()
      } catch {
        throw fail("its \(error.reason)")
      }
      prompts.append(
        Self(messages, answer: answer, level: row.level, budget: row.budget, reference: row.reference))
    }
    guard !prompts.isEmpty else { throw .fileInvalid(path: path, reason: "it has no problem") }
    return prompts
  }

  private struct Row: Decodable {
    var question: String?
    var messages: [Message]?
    var answer: Answer
    var level: LengthLevel?
    var budget: Int?
    var reference: RewardContext.Reference?

    enum CodingKeys: String, CodingKey, CaseIterable { case question, messages, answer, level, budget, reference }
  }

  private struct Anything: Decodable {
    init(from decoder: any Decoder) {}
  }

  /// A text, or a number that is read as one: 27.0 as "27". `WrittenNumbers` keeps the digits of a long one.
  private struct Answer: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      text = try (try? value.decode(Double.self)).map { String($0) } ?? value.decode(String.self)
    }
  }

  private struct Answered: Decodable {
    let answer: Answer
  }

  private static func describe(_ error: any Error) -> String {
    switch error {
    case DecodingError.dataCorrupted(let context) where context.codingPath.last?.stringValue == "level":
      return "'level' can be short, medium or long"
    case DecodingError.dataCorrupted(let context) where context.codingPath.last?.stringValue == "role":
      return "a role can be system, user or assistant"
    default: return (error as? DecodingError)?.fault ?? "\(error)"
    }
  }
}
