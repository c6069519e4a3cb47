import Foundation
import MathEquivalence
import Tandem
import TandemCommandLine
import TandemInference
import TandemSetup
import TandemSupport
import TandemTasks

/// Thinking to search in, with what tells a right answer.
struct SearchInput: Sendable {
  /// The trace's path, or FILE:LINE of a chat.
  let name: String
  let thinking: RecordedThinking
  let gold: Gold
  let policy: AnswerPolicy

  func isRight(_ answer: String) -> Bool { gold.judge(answer, by: policy).verdict == .correct }

  /// That of a trace; nil if it has no thinking or did not come to an answer. Throws `SearchFault` if the answer is not known.
  init?(trace: Trace, from path: String, _ task: Benchmark?) throws {
    guard let problem = trace.header?.problem, let thinking = try RecordedThinking(trace) else { return nil }
    if let exercise = task?.exercises.first(where: { $0.id == problem.id }), let task {
      self.init(name: path, thinking: thinking, gold: exercise.gold, policy: task.policy)
    } else if let countdown = Countdown(question: problem.question) {
      self.init(name: path, thinking: thinking, gold: .derivation(countdown), policy: .whole)
    } else {
      let place = task.map { ", and \($0.name) has no problem '\(problem.id)'" } ?? ""
      throw SearchFault(place: path, reason: "the right answer to its problem is not known\(place)")
    }
  }

  private init(name: String, thinking: RecordedThinking, gold: Gold, policy: AnswerPolicy) {
    (self.name, self.thinking, self.gold, self.policy) = (name, thinking, gold, policy)
  }

  /// Conversations with an answer beside them, one a line:
  ///
  ///     {"messages": [{"role": "user", "content": "2 + 2?"}, {"role": "assistant", "content": "<think>…</think>4"}],
  ///      "answer": "4"}
  ///
  /// Throws `SearchFault` with FILE:LINE.
  static func chats(_ path: String) throws -> [Self] {
    try UserFile.contents(of: path).numberedLines.map { number, line in
      func fault(_ reason: String) -> SearchFault { SearchFault(place: "\(path):\(number)", reason: reason) }
      let chat: AnsweredChat
      do { chat = try JSONDecoder().decode(AnsweredChat.self, from: WrittenNumbers.quoted(line)) } catch {
        throw fault((error as? DecodingError)?.fault ?? "\(error)")
      }
      guard let last = chat.messages.last, last.role == .assistant, chat.messages.count > 1 else {
        throw fault("the last of its messages must be the assistant's, with one before it")
      }
      let messages = chat.messages.dropLast().map { Message($0.role, $0.content) }
      guard let (thought, answer) = last.parts,
        let thinking = RecordedThinking(messages: messages, thinking: thought, answer: answer)
      else {
        throw fault("its last message must have thinking, as <think>…</think> or beside the content, and an answer")
      }
      let question = messages.last { $0.role == .user }?.content ?? ""
      if let countdown = Countdown(question: question) {
        return Self(name: "\(path):\(number)", thinking: thinking, gold: .derivation(countdown), policy: .whole)
      }
      let grader = Grader()
      guard let answer = chat.answer, grader.canRead(answer) else {
        throw fault("'answer' must be the right answer, as mathematics or words")
      }
      let gold = Gold.mathematics(Gold.Mathematics([grader.statedAnswer(answer)]))
      return Self(name: "\(path):\(number)", thinking: thinking, gold: gold, policy: .standard)
    }
  }
}

/// A file that a search can't use.
struct SearchFault: ReportableError {
  let place: String
  let reason: String

  var exitStatus: ExitStatus { .badInput }
  var description: String { "\(place) can't be used: \(reason)." }
}

private struct AnsweredChat: Decodable {
  let messages: [Turn]
  let answer: String?

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

    /// Thinking and answer; nil if it has no thinking.
    var parts: (thinking: String, answer: String)? {
      if let thought = [reasoningContent, reasoning, thinking].compactMap(\.self).first(where: { !$0.isEmpty }) {
        return (thought, content)
      }
      for markers in ReasoningMarkers.known {
        guard let end = content.range(of: markers.closing) else { continue }
        let thought = content[..<end.lowerBound].drop(while: \.isWhitespace)
        let opened = thought.hasPrefix(markers.opening) ? thought.dropFirst(markers.opening.count) : thought
        return (String(opened.drop(while: \.isNewline)), String(content[end.upperBound...]))
      }
      return nil
    }
  }
}
