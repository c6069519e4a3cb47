import Crypto
import Foundation

/// The page with one trace in it, as one file that needs neither a server nor other files.
package struct StandalonePage {
  /// The HTML.
  package let html: String

  /// - Parameter trace: The trace as JSON Lines.
  package init(trace: String) {
    let style = PageFile.style.text
    let script = PageFile.viewer.map { Self.withoutModules($0.text) }.joined(separator: "\n")
    // A policy in the file itself: nothing runs but this script, whatever the trace has in it.
    let policy = """
      default-src 'none'; script-src '\(Self.hash(script))'; style-src '\(Self.hash(style))'; img-src data:; \
      base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'
      """
    let head = """
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <link rel="icon" href="data:,">
      <style>\(style)</style>
      """
    // In JSON, '<' is only found in strings. Escaped, it can't end the element, whatever follows it.
    let data = trace.replacing("<", with: "\\u003c")
    let foot = """
      <script id="trace" type="application/json">\(data)</script>
      <script type="module">\(script)</script>
      </body>
      """
    html = PageFile.index.text
      .split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("<link ") && !$0.hasPrefix("<script ") }
      .joined(separator: "\n")
      .replacing("</head>", with: head + "\n</head>")
      .replacing("</body>", with: foot)
  }

  /// A module's text as a part of a larger one.
  private static func withoutModules(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("import ") }
      .map { $0.hasPrefix("export ") ? $0.dropFirst("export ".count) : $0 }
      .joined(separator: "\n")
  }

  private static func hash(_ text: String) -> String {
    "sha256-" + Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
  }
}
