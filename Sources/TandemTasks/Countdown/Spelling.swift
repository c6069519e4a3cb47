// How numbers and texts are taken apart and put together in questions, thoughts and answers.

extension StringProtocol {
  /// Without white space at either end.
  package var trimmed: Substring {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  /// What follows `prefix`; nil if this begins otherwise.
  func dropping(prefix: String) -> Substring? { hasPrefix(prefix) ? Substring(dropFirst(prefix.count)) : nil }
}

extension [Int] {
  /// "20, 7, 5"
  var spelled: String { map(String.init).joined(separator: ", ") }

  /// Reads "20, 7, 5"; nil for anything else.
  init?(spelled text: some StringProtocol) {
    self = []
    for part in text.split(separator: ", ", omittingEmptySubsequences: false) {
      guard let number = Int(part) else { return nil }
      append(number)
    }
  }
}
