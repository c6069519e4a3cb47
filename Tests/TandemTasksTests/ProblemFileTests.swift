import Foundation
import Tandem
import Testing

@testable import TandemTasks

/// Writes a file, and loads it as the task `name`.
private func load(_ text: String, as name: String = "mine", file: String = "problems.jsonl") throws -> Benchmark {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let url = folder.appending(path: file)
  try text.write(to: url, atomically: true, encoding: .utf8)
  return try Benchmark.load(name, file: url)
}

@Suite struct `A file of problems` {
  @Test func `is read with what its rows may have`() throws {
    let benchmark = try load(
      """
      {"id": "a", "problem": "P", "answer": "025", "subject": "Algebra", "level": 5, "other": [1]}
      {"id": 7, "question": "Q", "answer": 27.0}\r

      {"problem": "R", "answer": "80", "answers": ["80", "81"], "accept": "any", "unit": "m", "error": "1e-1"}
      """)
    #expect(benchmark.exercises.map(\.id) == ["a", "7", "mine/4"])
    #expect(benchmark.exercises.map(\.question) == ["P", "Q", "R"])
    #expect(benchmark.exercises[0].gold.judge(#"\boxed{25}"#, by: .standard).verdict == .correct)
    #expect(benchmark.exercises[0].level == "5")
    #expect(benchmark.exercises[1].gold.description == "27")
    #expect(benchmark.exercises[2].gold == .mathematics(.init(["80", "81"], unit: "m", tolerance: 0.1)))
  }

  @Test func `may have rows without an answer, which are counted and not asked`() throws {
    let benchmark = try load(#"{"problem": "P", "answer": " "}"# + "\n" + #"{"problem": "Q", "answer": "A"}"#)
    #expect(benchmark.exercises.map(\.question) == ["Q"])
    #expect(benchmark.skipped == 1)
  }

  @Test(arguments: [
    (#"{"problem": "P"}"#, "'answer' is missing"), (#"{"answer": "1"}"#, "'problem' is missing"),
    (#"{"problem": 3, "answer": "1"}"#, "'problem' has a value of the wrong kind"), ("{", "it is not JSON"),
    (#"{"problem": "P", "answer": ["1"]}"#, "'answer' has a value"), ("[1]", "it is not one JSON object"),
    (#"{"id": "first", "problem": "P", "answer": "1"}"#, "line 1 has the same id"),
    (#"{"problem": "P", "answer": "1", "error": "much"}"#, "'error'"),
  ])
  func `names the line that is no problem`(_ row: String, _ words: String) {
    let error = #expect(throws: TaskError.self) {
      try load(#"{"id": "first", "problem": "P", "answer": "1"}"# + "\n" + row)
    }
    #expect(error?.description.contains("Line 2 of") == true)
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }

  @Test func `has to be there, and to have a problem`() {
    #expect(throws: TaskError.fileNotFound(path: "/no/such.jsonl")) {
      try Benchmark.load("mine", file: URL(filePath: "/no/such.jsonl"))
    }
    #expect(throws: TaskError.self) { try load("\n\n") }
  }
}

@Suite struct `Multiple choice` {
  private static let header =
    "Record ID,Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3"
  private static let row = #"r,"What, ""exactly"", \#n is it?",right,wrong 1,"wrong, 2",wrong 3"#

  private func questions(_ count: Int) throws -> [Exercise] {
    let text = ([Self.header] + Array(repeating: Self.row, count: count)).joined(separator: "\r\n")
    return try load(text, as: "gpqa-diamond", file: "gpqa.csv").exercises
  }

  @Test func `lists four options, and knows the letter of the right one`() throws {
    for exercise in try questions(40) {
      guard case .letter(let letter) = exercise.gold else {
        Issue.record("\(exercise.gold)")
        continue
      }
      #expect(exercise.question.hasPrefix("What, \"exactly\", \n is it?\nA) "))
      #expect(exercise.question.contains("\(letter)) right"))
      #expect(exercise.question.contains("wrong, 2"))
    }
  }

  @Test func `does not always have the right one at the same place, and has it there again`() throws {
    let letters = try questions(198).map(\.gold.description)
    #expect(letters == (try questions(198)).map(\.gold.description))
    for letter in "ABCD" { #expect((30...70).contains(letters.count { $0 == String(letter) })) }
  }

  @Test func `is confidential`() throws {
    let text = Self.header + "\n" + Self.row
    let benchmark = try load(text, as: "gpqa-diamond", file: "gpqa.csv")
    #expect(benchmark.isConfidential)
    #expect(benchmark.exercises.map(\.id) == ["gpqa-diamond/1"])
  }

  @Test(arguments: [
    ("Question,Answer\nQ,A", "no column 'Correct Answer'"), (header + "\nr,Q,right", "Line 2"),
    (header + "\n" + row + "\n" + #"r,"Q,right"#, "never closed"), (header + "\nr,Q,right,,w,w", "is empty"),
    ("", "is empty"),
  ])
  func `names what is wrong with its table`(_ text: String, _ words: String) {
    let error = #expect(throws: TaskError.self) { try load(text, as: "gpqa-diamond", file: "gpqa.csv") }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }
}
