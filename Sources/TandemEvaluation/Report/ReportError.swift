import Tandem
import TandemSupport

/// Why there is no report.
package enum ReportError: Error, Sendable, Hashable {
  /// A run of which nothing is done yet.
  case emptyRun(path: String)
  /// A record that does not belong to its run's plan.
  case strayRecord(path: String, record: String)
  /// Runs that were not made under equal conditions.
  case notComparable(differences: [String])
  /// Two runs have a record of one and the same job.
  case repeatedJob(String, first: String, second: String)
  case unknownBaseline(label: String, known: [String])
  case unknownPaper(name: String, known: [String])
  /// A price that can't be read.
  case invalidPrice(text: String, reason: String)
}

extension ReportError: CustomStringConvertible {
  /// A bounded word for logs and metrics.
  package var code: String {
    switch self {
    case .emptyRun: "empty-run"
    case .strayRecord: "stray-record"
    case .notComparable: "not-comparable"
    case .repeatedJob: "repeated-job"
    case .unknownBaseline: "unknown-baseline"
    case .unknownPaper: "unknown-paper"
    case .invalidPrice: "invalid-price"
    }
  }

  package var description: String {
    switch self {
    case .emptyRun(let path):
      "The run in \(path) has no results yet."
    case .strayRecord(let path, let record):
      "The run in \(path) has a record that its plan does not have: \(record)."
    case .notComparable(let differences):
      "The runs can't be compared, because they were made under different conditions:\n"
        + differences.map { "  \($0)\n" }.joined()
        + "Report on each alone, or allow differences, which the report then lists."
    case .repeatedJob(let job, let first, let second):
      "\(first) and \(second) both have \(job). Leave out one of the runs,"
        + " or allow differences, which shows their rows apart."
    case .unknownBaseline(let label, let known):
      "No row is called '\(label)'.\(known.nearest(to: label).map { " Did you mean '\($0)'?" } ?? "")"
        + " Known: \(known.joined(separator: ", "))."
    case .unknownPaper(let name, let known):
      "There are no figures of a paper '\(name)'.\(known.nearest(to: name).map { " Did you mean '\($0)'?" } ?? "")"
        + " Known: \(known.joined(separator: ", "))."
    case .invalidPrice(let text, let reason):
      "The price '\(text)' can't be read: \(reason)."
    }
  }
}
