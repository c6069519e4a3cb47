/// A piece of HTML or SVG. Text and attributes are always escaped, so that nothing in data can become markup.
package indirect enum Markup: Sendable, Hashable {
  case text(String)
  case element(String, [Attribute], [Markup])
  /// A style sheet. Only text of the program's own can be one: nothing in it is escaped.
  case style(Style)

  package struct Attribute: Sendable, Hashable {
    let name: String
    let value: String
  }

  package struct Style: Sendable, Hashable {
    let css: String

    package init(_ css: StaticString) { self.css = css.description }
  }

  package static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup] = []
  ) -> Markup {
    .element(name, attributes.map { Attribute(name: $0.key, value: $0.value) }, children)
  }

  package static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String>, _ text: String
  ) -> Markup {
    .element(name, attributes, [.text(text)])
  }

  /// The text of it.
  package var rendered: String {
    var output = ""
    write(to: &output)
    return output
  }

  /// HTML elements that have no end tag.
  private static let empty: Set<String> = ["meta", "br"]

  private func write(to output: inout String) {
    switch self {
    case .text(let text): output += Self.escaped(text)
    case .style(let style): output += "<style>\n\(style.css)\n</style>\n"
    case .element(let name, let attributes, let children):
      output += "<\(name)"
      for attribute in attributes { output += " \(attribute.name)=\"\(Self.escaped(attribute.value))\"" }
      output += ">"
      if Self.empty.contains(name) { return }
      for child in children { child.write(to: &output) }
      output += "</\(name)>"
      if Self.blocks.contains(name) { output += "\n" }
    }
  }

  /// A line break after these keeps the file readable and changes nothing that is seen.
  private static let blocks: Set = ["p", "tr", "table", "section", "figure", "svg", "g", "h1", "h2", "h3", "li"]

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      // HTML allows no other control characters.
      case _ where scalar.value < 32 && !"\t\n\r".unicodeScalars.contains(scalar): escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }
}
