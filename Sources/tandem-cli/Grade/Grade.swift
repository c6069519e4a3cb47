import ArgumentParser
import Foundation
import MathEquivalence
import TandemCommandLine

struct GradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Say whether an answer is right, and how that was found out.",
    discussion: """
      The form says what the prediction is: a bare answer, the text of a whole output, or raw: either, on both sides.
      A file of cases has one JSON object a line: pred, gold (or answer), and optionally form, truncated, expected, id.

      EXIT STATUS
        0 right, or a file graded   1 wrong   65 a line of the file is no case   66 no such file

      EXAMPLES
        tandem grade 'x = 1/2' '$0.5$'
        tandem grade --form text 'So it is $\\boxed{7}$.' 7
        tandem grade -- -5 5                 a minus sign after -- is no option
        tandem grade --cases cases.jsonl --format json
      """)

  @Argument(help: "The answer to judge.") var prediction: String?
  @Argument(help: "The right answer.") var gold: String?
  @Option(help: "answer, text or raw.", transform: Self.form) var form = AnswerForm.answer
  @Flag(help: "The thinking was cut off: nothing in it is an answer.") var truncated = false
  @Option(help: "Grade the cases of this JSONL file, - for standard input.") var cases: String?
  @Option(help: "text or json.") var format = Format.text

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  private static func form(_ name: String) throws -> AnswerForm {
    let known = AnswerForm.allCases.map(\.rawValue)
    guard let form = AnswerForm(rawValue: name) else {
      throw ValidationError("There is no form '\(name)'. Known: \(known.joined(separator: ", ")).")
    }
    return form
  }

  func validate() throws {
    if cases == nil, prediction == nil || gold == nil {
      throw ValidationError(
        "Give a prediction and the gold answer, or --cases with a file. What begins with a minus sign goes after --.")
    }
    if cases != nil, prediction != nil {
      throw ValidationError("With --cases the predictions come from the file: leave '\(prediction ?? "")' out.")
    }
  }

  func run() throws {
    if let cases { return try gradeFile(cases) }
    let verdict = Grader().grade(prediction ?? "", against: gold ?? "", form: form, isTruncated: truncated)
    if format == .json {
      try Self.printLine(VerdictLine(verdict))
    } else {
      Console.write(Self.text(verdict, form) + "\n")
    }
    if !verdict.isCorrect { throw ExitCode(1) }
  }

  /// The verdict, its reason, and the answer where it had to be found.
  static func text(_ verdict: Verdict, _ form: AnswerForm) -> String {
    let answer = form == .answer ? nil : verdict.prediction.map { ": \($0.prefix(200))" }
    return "\(verdict.isCorrect ? "right" : "wrong")  \(verdict)\(answer ?? "")"
  }

  static func printLine(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    Console.write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
  }

  /// A verdict as JSON; in a file of cases with its line.
  struct VerdictLine: Encodable {
    var line: Int?
    var id: String?
    let correct: Bool
    let reason: String
    let answer: String?
    var expected: Bool?

    init(_ verdict: Verdict) {
      correct = verdict.isCorrect
      reason = verdict.description
      answer = verdict.prediction
    }
  }
}
