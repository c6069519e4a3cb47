/// Two numbers and what is to be done with them: "10 * 2".
package struct CountdownTerm: Sendable, Hashable {
  package let left: Int
  package let operation: Operation
  package let right: Int

  package enum Operation: Character, Sendable, Hashable, CaseIterable {
    case times = "*"
    case plus = "+"
    case minus = "-"
    case dividedBy = "/"
  }

  package init(_ left: Int, _ operation: Operation, _ right: Int) {
    self.left = left
    self.operation = operation
    self.right = right
  }

  /// Reads "10 * 2"; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let words = text.split(separator: " ")
    guard words.count == 3, words[1].count == 1, let operation = words[1].first.flatMap(Operation.init),
      let left = Int(words[0]), let right = Int(words[2])
    else { return nil }
    self.init(left, operation, right)
  }

  /// The result; nil for a division with a remainder or by zero, and if it is too large for an `Int`.
  package var value: Int? {
    let (value, overflows) =
      switch operation {
      case .times: left.multipliedReportingOverflow(by: right)
      case .plus: left.addingReportingOverflow(right)
      case .minus: left.subtractingReportingOverflow(right)
      case .dividedBy: right != 0 && left.isMultiple(of: right) ? left.dividedReportingOverflow(by: right) : (0, true)
      }
    return overflows ? nil : value
  }
}

extension CountdownTerm: CustomStringConvertible {
  package var description: String { "\(left) \(operation.rawValue) \(right)" }
}
