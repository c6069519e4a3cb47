/// What a text must look like, as a grammar in GBNF, llama.cpp's notation. Its first rule is `root`.
///
/// While a model writes under a grammar, only tokens are drawn with which the text can still become one of the grammar's,
/// and its turn can end only if the text is complete.
public struct Grammar: Sendable, Hashable, Codable {
  /// The rules.
  public var rules: String
  /// Texts that begin what the grammar describes, such as "<tool_call>": until one of them is written, the text is free.
  /// The rules begin with it. None: all of the text is as the rules say.
  public var triggers: [String]

  /// A grammar by its rules.
  public init(rules: String, triggers: [String] = []) {
    self.rules = rules
    self.triggers = triggers
  }

  /// The most bytes of the rules.
  public static let mostBytes = 1 << 20
  /// The most rules.
  public static let mostRules = 4096
  /// How deep parentheses may be nested.
  public static let mostDepth = 64

  /// Throws `invalidParameter` for rules that are empty, or larger or deeper than an engine can be given safely.
  public func validate() throws(EngineError) {
    func fail(_ reason: String) -> EngineError { .invalidParameter(name: "grammar", reason: reason) }
    let bytes = rules.utf8
    guard !rules.allSatisfy(\.isWhitespace) else { throw fail("must have rules") }
    guard !triggers.contains("") else { throw fail("must not have an empty trigger") }
    guard bytes.count <= Self.mostBytes else {
      throw fail("must have at most \(Self.mostBytes) bytes, not \(bytes.count)")
    }
    guard !bytes.contains(0) else { throw fail("must not contain a zero byte") }
    var (count, depth, deepest, quote, isEscaped) = (0, 0, 0, UInt8(0), false)
    for byte in bytes {
      if isEscaped {
        isEscaped = false
      } else if quote != 0 {
        isEscaped = byte == UInt8(ascii: "\\")
        if byte == quote || byte == UInt8(ascii: "\n") { quote = 0 }
      } else {
        switch byte {
        case UInt8(ascii: "\""): quote = byte
        case UInt8(ascii: "["): quote = UInt8(ascii: "]")
        case UInt8(ascii: "#"): quote = UInt8(ascii: "\n")
        case UInt8(ascii: "("): depth += 1
        case UInt8(ascii: ")"): depth -= 1
        case UInt8(ascii: "="): count += 1
        default: break
        }
        deepest = max(deepest, depth)
      }
    }
    guard count <= Self.mostRules else { throw fail("must have at most \(Self.mostRules) rules, not \(count)") }
    guard deepest <= Self.mostDepth else {
      throw fail("must not nest parentheses more than \(Self.mostDepth) deep, not \(deepest)")
    }
  }
}

/// The state of a grammar in an engine that implements it: which tokens may be drawn next. Used on one thread.
package protocol TokenConstraint: AnyObject {
  /// Whether `token` may be drawn.
  func allows(_ token: Token) -> Bool
  /// Sets the logits of tokens that may not be drawn to −∞: that of `rejected`, and of as many others as it knows.
  func mask(_ row: inout [Float], rejected: Token)
  /// Takes note of a token that was drawn, and is allowed.
  func accept(_ token: Token)
}
