/// An error whose description is a sentence for people, with what the command line adds to it.
///
/// Each program lets the errors of the targets that it uses conform to it.
package protocol ReportableError: Error, CustomStringConvertible {
  /// For scripts.
  var exitStatus: ExitStatus { get }
  /// The property of the API that the description begins with, if there is one.
  var property: String? { get }
  /// What to do about it, in flags.
  var hint: String? { get }
  /// The description in the words of the command line, and the hint.
  var message: String { get }
}

extension ReportableError {
  package var property: String? { nil }
  package var hint: String? { nil }

  package var message: String {
    let sentence = property.map { Flags.spelling(description, about: $0) } ?? description
    return hint.map { "\(sentence) \($0)" } ?? sentence
  }
}
