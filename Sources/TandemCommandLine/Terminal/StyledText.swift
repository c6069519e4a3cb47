/// Text with the styles in which a terminal shows it. Its parts have no escape sequences of their own; those are made
/// when it is written.
package struct StyledText: Sendable, Hashable {
  package struct Part: Sendable, Hashable {
    package let text: String
    package let style: Style
  }

  package enum Style: String, Sendable {
    case plain = ""
    case bold = "1"
    case dim = "2"
    case small = "36"
    case dimSmall = "2;36"
    case large = "33"
    case dimLarge = "2;33"
    case inserted = "2;35"
    case error = "31"
  }

  package private(set) var parts: [Part] = []

  package init(_ text: String = "", _ style: Style = .plain) { parts = [Part(text: text, style: style)] }

  /// The text alone.
  package var plain: String { parts.map(\.text).joined() }

  package static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum += right
    return sum
  }

  package static func + (left: Self, right: String) -> Self { left + Self(right) }
  package static func + (left: String, right: Self) -> Self { Self(left) + right }
  package static func += (left: inout Self, right: Self) { left.parts += right.parts }
  package static func += (left: inout Self, right: String) { left += Self(right) }
}
