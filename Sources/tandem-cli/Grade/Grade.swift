import ArgumentParser
import MathEquivalence
import TandemCommandLine
import TandemSupport

struct GradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Judge whether an answer is right, and say why.",
    discussion: """
      The form says what the prediction is: answer (a bare answer), text (a whole output) or raw (either, for prediction \
      and gold).

      A file of cases has one JSON object per line: pred, gold (or answer), and optionally form, truncated, expected and \
      id.

      EXAMPLES
        tandem grade 'x = 1/2' '$0.5$'
        tandem grade --form text 'So it is $\\boxed{7}$.' 7
        tandem grade -- -5 5          after --, a minus sign starts no option
        tandem grade --cases cases.jsonl --format json

      EXIT STATUS
        0    right, or a file was graded
        1    wrong
        65   a line of the file is not a case, or the file is unreadable
        66   no such file
      """)

  @Argument(help: "The answer to judge.") var prediction: String?
  @Argument(help: "The right answer.") var gold: String?
  @Option(help: "answer, text or raw.", transform: Self.form) var form = AnswerForm.answer
  @Flag(help: "The thinking was cut off, so that nothing in it is an answer.") var truncated = false
  @Option(help: "Grade the cases in this JSON Lines file; - is standard input.") var cases: String?
  @Option(help: "text or json.") var format = OutputFormat.text

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
        "Give a prediction and the gold answer, or a file with --cases. An answer that begins with a minus sign goes "
          + "after --.")
    }
    if cases != nil, prediction != nil {
      throw ValidationError("With --cases, the predictions come from the file: leave '\(prediction ?? "")' out.")
    }
    if cases != nil, form != .answer || truncated {
      throw ValidationError("--form and --truncated have no effect with --cases: each case has its own.")
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
    if !verdict.isCorrect { throw ExitCode(.failed) }
  }

  /// The verdict, its reason, and the answer where it had to be found.
  static func text(_ verdict: Verdict, _ form: AnswerForm) -> String {
    let answer = form == .answer ? nil : verdict.prediction.map { ": \($0.prefix(200))" }
    return "\(verdict.isCorrect ? "right" : "wrong")  \(verdict)\(answer ?? "")"
  }

  static func printLine(_ value: some Encodable) throws {
    Console.write(try value.json() + "\n")
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
