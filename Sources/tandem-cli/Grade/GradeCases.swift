import ArgumentParser
import Foundation
import MathEquivalence
import TandemCommandLine
import TandemSetup
import TandemSupport
import TandemTasks

extension GradeCommand {
  /// What is said at the end of a file.
  struct Summary: Encodable {
    var agreement = GradingSummary()
    var accuracy: Double?
    var unreadable = 0
    /// Processor seconds spent on verdicts, without reading the file.
    var seconds = 0.0
    var casesPerSecond = 0.0
    var slowestMilliseconds = 0.0
  }

  private struct BadLine: Encodable {
    let line: Int
    let error: String
  }

  func gradeFile(_ path: String) throws {
    let (grader, decoder) = (Grader(), JSONDecoder())
    var summary = Summary()
    for (number, bytes) in try Self.lines(path) {
      do {
        let item = try decoder.decode(GradingCase.self, from: WrittenNumbers.quoted(bytes))
        let start = processorSeconds()
        let verdict = grader.grade(item)
        let seconds = processorSeconds() - start
        summary.seconds += seconds
        summary.slowestMilliseconds = max(summary.slowestMilliseconds, seconds * 1000)
        summary.agreement.add(verdict, expected: item.expected)
        try show(verdict, of: item, line: number)
      } catch let error as DecodingError {
        summary.unreadable += 1
        try show(BadLine(line: number, error: "\(error.fault); a case has pred and gold (or answer)."))
      }
    }
    summary.accuracy = summary.agreement.accuracy
    summary.casesPerSecond = summary.seconds > 0 ? Double(summary.agreement.cases) / summary.seconds : 0
    format == .json ? try Self.printLine(["summary": summary]) : Console.write(summary.text)
    if summary.unreadable > 0 { throw ExitCode(.badInput) }
  }

  private static func lines(_ path: String) throws -> [(number: Int, line: Data)] {
    try (path == "-" ? FileHandle.standardInput.readDataToEndOfFile() : UserFile.contents(of: path)).numberedLines
  }

  private func show(_ verdict: Verdict, of item: GradingCase, line: Int) throws {
    guard format == .json else {
      let disagrees = item.expected.map { $0 != verdict.isCorrect } ?? false
      let name = item.id.map { " \($0)" } ?? ""
      return Console.write(
        "\(line)\(name)  \(Self.text(verdict, item.form))\(disagrees ? "  (the label disagrees)" : "")\n")
    }
    var record = VerdictLine(verdict)
    (record.line, record.id, record.expected) = (line, item.id, item.expected)
    try Self.printLine(record)
  }

  private func show(_ bad: BadLine) throws {
    if format == .json { try Self.printLine(bad) }
    Console.write("Error: Line \(bad.line): \(bad.error)\n", to: .standardError)
  }

  /// Of this process; what else the machine does is not counted.
  private func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

extension GradeCommand.Summary {
  fileprivate var text: String {
    let counts = agreement
    var text = "\n\(counts.cases) cases, \(counts.correct) right"
    if unreadable > 0 { text += ", \(unreadable) invalid lines" }
    text += ", \(casesPerSecond.digits(0)) per second, the slowest \(slowestMilliseconds.digits(1)) ms\n"
    guard let accuracy else { return text }
    return text + "agreement with \(counts.labelled) labels: \(accuracy.percent(2)), "
      + "\(counts.falsePositives) false positives, \(counts.falseNegatives) false negatives\n"
  }
}
