import Foundation
import MathEquivalence
import TandemSupport

/// Problems as JSON Lines, one object a line:
///
///     {"id": "aime/2022-II-08", "problem": "Find …", "answer": "80", "answers": ["80", "81"]}
///
/// `problem` (or `question`) and `answer` are needed. `id` defaults to the line's number, `answers` lists all
/// that are right if more than one is, `unit` is what a bare number is counted in, `error` is how far a number may be
/// off; `subject` and `level` are kept. An `answer` may be a number, of which every digit counts, or a whole solution that
/// ends with `#### 80` or has its answer in a box. Other fields are ignored.
struct ProblemFile {
  var exercises: [Exercise] = []
  /// Rows without an answer: nothing could be compared with them.
  var skipped = 0

  /// - Parameter task: Begins the ids of rows that have none.
  init(_ url: URL, task: String) throws(TaskError) {
    let data = try TaskFile.contents(of: url)
    var lines: [String: Int] = [:]
    let decoder = JSONDecoder()
    for (number, row) in data.numberedLines {
      let exercise: Exercise?
      do {
        _ = try decoder.decode(Row.self, from: row)
        // Now that its fields are known to be what they should, its numbers are read digit by digit.
        exercise = try decoder.decode(Row.self, from: WrittenNumbers.quoted(row))
          .exercise(fallback: "\(task)/\(number)")
      } catch {
        throw .invalidLine(path: url.path, line: number, reason: Self.describe(error))
      }
      guard let exercise else {
        skipped += 1
        continue
      }
      if let earlier = lines.updateValue(number, forKey: exercise.id) {
        throw .invalidLine(path: url.path, line: number, reason: "line \(earlier) has the same id, \(exercise.id)")
      }
      exercises.append(exercise)
    }
  }

  private struct Row: Decodable {
    var id: Scalar?
    var problem: String?
    var question: String?
    var answer: Scalar?
    var answers: [Scalar]?
    var unit: String?
    var error: Scalar?
    var subject: String?
    var level: Scalar?

    /// nil if there is no answer to compare with.
    func exercise(fallback id: String) throws(Complaint) -> Exercise? {
      guard let question = problem ?? question, question.contains(where: { !$0.isWhitespace }) else {
        throw Complaint("'problem' is missing or empty")
      }
      guard answer != nil || answers != nil else { throw Complaint("'answer' is missing") }
      let all = (answers ?? answer.map { [$0] } ?? []).map(\.text).filter { $0.contains { !$0.isWhitespace } }
      guard !all.isEmpty else { return nil }
      let grader = Grader()
      if let unreadable = all.first(where: { !grader.canRead($0) }) {
        throw Complaint("its answer '\(unreadable.prefix(80))' can be read neither as mathematics nor as words")
      }
      let tolerance = try error.map { error throws(Complaint) in
        guard let value = Double(error.text), value >= 0 else { throw Complaint("'error' is not a number from 0 up") }
        return value
      }
      return Exercise(
        id: self.id?.text ?? id, question: question,
        gold: .mathematics(Gold.Mathematics(all.map(grader.statedAnswer), unit: unit, tolerance: tolerance)),
        subject: subject, level: level?.text)
    }
  }

  private struct Complaint: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  private static func describe(_ error: any Error) -> String {
    switch error {
    case let complaint as Complaint: complaint.reason
    case let error as DecodingError: error.fault
    default: "\(error)"
    }
  }
}

/// A text, or a number that is read as one: 27.0 as "27". A long number keeps its digits by `WrittenNumbers`.
private struct Scalar: Decodable {
  let text: String

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let integer = try? value.decode(Int.self) {
      text = String(integer)
    } else if let number = try? value.decode(Double.self) {
      text = String(number)
    } else {
      text = try value.decode(String.self)
    }
  }
}
