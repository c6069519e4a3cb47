extension String {
  /// The text with a sign in place of each character that could control a terminal (CWE-150) or turn the direction of
  /// text round. Newlines and tabs stay.
  package var withVisibleControls: String {
    guard unicodeScalars.contains(where: { $0.sign != nil }) else { return self }
    var shown = UnicodeScalarView()
    var rest = unicodeScalars[...]
    while let scalar = rest.popFirst() {
      // CR LF is one newline.
      let endsLine = scalar == "\r" && rest.first == "\n"
      if !endsLine, let sign = scalar.sign {
        shown.append(contentsOf: sign.unicodeScalars)
      } else {
        shown.append(scalar)
      }
    }
    return String(shown)
  }
}

extension Unicode.Scalar {
  /// The picture of a control character, or its number if there is none; nil for a character that controls nothing.
  fileprivate var sign: String? {
    switch value {
    case 0x09, 0x0A: nil
    case ..<0x20: Unicode.Scalar(0x2400 + value).map { String($0) }
    case 0x7F: "\u{2421}"
    case 0x80...0x9F, 0x202A...0x202E, 0x2066...0x2069:
      "⟨U+\(value < 0x1000 ? "00" : "")\(String(value, radix: 16, uppercase: true))⟩"
    default: nil
    }
  }
}
