import Foundation
import MathEquivalence
import Testing

@Suite struct `The grade command` {
  /// A line of the golden file: a case with the verdict it must get, and why.
  private struct Golden: Decodable {
    let id: String
    let expected: Bool
    let answer: String?
    let reason: String
  }

  /// What the command prints of a case.
  private struct Line: Decodable, Equatable {
    var id: String?
    var correct: Bool
    var answer: String?
    var reason: String
    var expected: Bool?
  }

  /// 200 whole outputs: written for this test, with gold answers of MATH and GSM8K (MIT) among them.
  private static let golden = Bundle.module.url(forResource: "grades", withExtension: "jsonl", subdirectory: "Golden")

  @Test func `says of 200 outputs what the library says, and what is expected`() throws {
    let file = try #require(Self.golden)
    let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
    let tool = try Tool.run("grade", "--cases", file.path, "--format", "json")
    let printed = tool.output.split(separator: "\n").dropLast()
    try #require(lines.count == 200 && printed.count == 200)
    for (line, output) in zip(lines, printed) {
      let golden = try JSONDecoder().decode(Golden.self, from: line)
      let expected = Line(
        id: golden.id, correct: golden.expected, answer: golden.answer, reason: golden.reason,
        expected: golden.expected)
      let verdict = Grader().grade(try JSONDecoder().decode(GradingCase.self, from: line))
      let library = Line(
        id: golden.id, correct: verdict.isCorrect, answer: verdict.prediction, reason: verdict.description,
        expected: golden.expected)
      let command = try JSONDecoder().decode(Line.self, from: Data(output.utf8))
      #expect(library == expected)
      #expect(command == expected)
    }
    #expect(tool.status == 0)
  }

  @Test(arguments: [
    (["x = 1/2", "$0.5$"], Int32(0), "right  equal: exactly the same value"),
    (["3", "4"], 1, "wrong  different values"),
    (["--form", "text", #"So $\boxed{7}$."#, "7"], 0, "right  equal: the same text: 7"),
    (["--form", "text", "<think> 7", "7"], 1, "the thinking was cut off"),
    (["--truncated", "7", "7"], 1, "the thinking was cut off"),
    (["--format", "json", "2", "2"], 0, #"{"answer":"2","correct":true,"reason":"equal: the same text"}"#),
    (["--", "-5", "-5.0"], 0, "right"),
  ])
  func `grades one pair`(_ arguments: [String], _ status: Int32, _ words: String) throws {
    let tool = try Tool.run(list: ["grade"] + arguments)
    #expect(tool.status == status)
    #expect(tool.output.contains(words), "\(tool.output)")
    #expect(tool.errors.isEmpty)
  }

  @Test(arguments: [
    (["3"], Int32(64), "the gold answer"), (["-5", "5"], 64, "after --"),
    (["--form", "tex", "1", "2"], 64, "text, raw"),
    (["--cases", "missing.jsonl"], 66, "missing.jsonl"), (["--cases", "/"], 65, "/ can't be read"),
    (["--cases", "x.jsonl", "3"], 64, "leave '3' out"),
    (["--cases", "x.jsonl", "--form", "raw"], 64, "each case has its own"),
    (["--cases", "x.jsonl", "--truncated"], 64, "each case has its own"),
  ])
  func `says what is wrong and what would be right`(_ arguments: [String], _ status: Int32, _ words: String) throws {
    let tool = try Tool.run(list: ["grade"] + arguments)
    #expect(tool.status == status)
    #expect(tool.errors.contains(words), "\(tool.errors)")
    #expect(tool.output.isEmpty)
  }

  @Test func `names invalid lines, and grades the others`() throws {
    let tool = try Tool.run(
      "grade", "--cases", "-",
      input: """
        {"pred": "1", "gold": "1", "expected": true}
        {"pred": "2"}

        not JSON
        {"pred": "2", "answer": "2", "expected": false}
        {"pred": "3", "gold": "4", "form": "latex"}
        {"pred": "3", "gold": "4"}
        """)
    #expect(tool.status == 65)
    #expect(tool.errors.contains("Line 2: 'answer' is missing; a case has pred and gold (or answer)."))
    #expect(tool.errors.contains("Line 4: it is not JSON;"))
    #expect(tool.errors.contains("Line 6: 'form'"))
    #expect(tool.output.contains("3 cases, 2 right, 3 invalid lines"))
    #expect(tool.output.contains("agreement with 2 labels: 50.00 %, 1 false positives, 0 false negatives"))
  }
}
