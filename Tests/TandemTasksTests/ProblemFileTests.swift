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

@Suite struct `Files from elsewhere` {
  private let row = #"{"problem": "P", "answer": "7"}"#

  @Test(arguments: ["\u{FEFF}", ""], ["\n", "\r\n", "\r"])
  func `may begin with a byte order mark, and end their lines otherwise`(mark: String, end: String) throws {
    let text = mark + [row, row, row].joined(separator: end) + end
    #expect(try load(text).exercises.map(\.id) == ["mine/1", "mine/2", "mine/3"])
  }

  @Test func `may begin with a byte order mark as tables, too, and have any character in their cells`() throws {
    let header = "\u{FEFF}Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3"
    for end in ["\n", "\r\n", "\r"] {
      let text = [header, "one\u{2028}two\u{85}three,r,a,b,c", "Q,r,a,b,c"].joined(separator: end)
      let exercises = try load(text, as: "gpqa-diamond", file: "gpqa.csv").exercises
      #expect(exercises.count == 2)
      #expect(exercises[0].question.hasPrefix("one\u{2028}two\u{85}three\nA) "))
    }
  }

  @Test func `are refused in another encoding, by its name`() {
    let error = #expect(throws: TaskError.self) {
      let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let url = folder.appending(path: "problems.jsonl")
      try Data([0xFF, 0xFE] + row.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }).write(to: url)
      _ = try Benchmark.load("mine", file: url)
    }
    #expect(error?.description.contains("UTF-16") == true)
  }
}

@Suite struct `Answers in a file of problems` {
  @Test(arguments: [
    ("12345678901234567890123", "12345678901234567890123"), ("-98765432109876543210", "-98765432109876543210"),
    ("0.12345678901234567890123", "0.12345678901234567890123"), ("27.0", "27"), ("1.50", "1.50"),
    ("6.02e23", "6.02e23"), ("5", "5"),
  ])
  func `that are numbers keep all their digits`(number: String, answer: String) throws {
    #expect(try load(#"{"problem": "P", "answer": \#(number)}"#).exercises[0].gold.description == answer)
    let list = try load(#"{"problem": "a \"1\" 2", "answers": [\#(number), "1"]}"#).exercises[0]
    #expect(list.gold.description == "\(answer) or 1")
    #expect(list.question == #"a "1" 2"#)
  }

  @Test(arguments: [
    (#"16 - 7 = <<16-7=9>>9 eggs.\n9 * 2 = $<<9*2=18>>18.\n#### 18"#, "18"), (#"So $x = \\boxed{3}$."#, "3"),
    (#"12 apples"#, "12 apples"),
  ])
  func `that are whole solutions are the answers these come to`(answer: String, gold: String) throws {
    let exercise = try load(#"{"problem": "P", "answer": "\#(answer)"}"#).exercises[0]
    #expect(exercise.gold.description == gold)
    #expect(exercise.gold.judge("The answer is \(gold).", by: .standard).verdict == .correct)
  }

  @Test(arguments: [#"x^2 = = ^ ("#, #"The sum is\n####"#, #"\\frac{"#])
  func `that cannot be read are errors of the file`(answer: String) {
    let error = #expect(throws: TaskError.self) {
      try load(#"{"problem": "P", "answer": "1"}"# + "\n" + #"{"problem": "P", "answer": "\#(answer)"}"#)
    }
    #expect(error?.description.contains("Line 2 of") == true)
    #expect(error?.description.contains("neither as mathematics nor as words") == true)
  }
}

@Suite struct `A list of Countdown problems` {
  @Test func `needs numbers and a target, and no more`() throws {
    let text = #"{"numbers": [4, 2, 5, 9], "target": 36}"#
    let exercises = try load(text, as: "countdown").exercises
    #expect(exercises.map(\.id) == ["4-2-5-9=36"])
    #expect(exercises[0].question == "Use 4, 2, 5, 9 to make 36.")
  }

  @Test(arguments: [
    (#"{"numbers": [4, 2]}"#, "'target' is missing"), (#"{"target": 3}"#, "'numbers' is missing"),
    (#"{"numbers": [4, "2"], "target": 3}"#, "'numbers[1]' has a value of the wrong kind"),
    (#"{"id": "mine", "numbers": [4, 2], "target": 6}"#, "'4-2=6'"),
    (#"{"problem": "Make 6.", "numbers": [4, 2], "target": 6}"#, "'Use 4, 2 to make 6.'"),
    (#"{"numbers": [], "target": 6}"#, "at least one number"),
  ])
  func `names what is wrong with a line, and what would be right`(row: String, words: String) {
    let error = #expect(throws: TaskError.self) {
      try load(#"{"numbers": [4, 2], "target": 6}"# + "\n" + row, as: "countdown")
    }
    #expect(error?.description.contains("Line 2 of") == true)
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }
}
