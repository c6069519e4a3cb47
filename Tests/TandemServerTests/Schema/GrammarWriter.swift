import TandemInference

/// Writes a text at random that follows rules in GBNF, as an engine would have a model do.
struct GrammarWriter {
  private indirect enum Node {
    case text(String)
    case oneOf([Unicode.Scalar])
    case rule(String)
    case sequence([Node])
    case choice([Node])
    case repeated(Node, Int, Int?)
  }

  struct Fault: Error, CustomStringConvertible { let description: String }

  private var rules: [String: Node] = [:]
  private var generator: SplitMix64

  init(_ rules: String, seed: UInt64) throws {
    generator = SplitMix64(seed: seed)
    for line in rules.split(separator: "\n") where !line.allSatisfy(\.isWhitespace) {
      let parts = line.split(separator: "::=", maxSplits: 1)
      guard parts.count == 2 else { throw Fault(description: "no rule: \(line)") }
      var reader = Reader(Array(parts[1].unicodeScalars))
      self.rules[parts[0].filter { !$0.isWhitespace }] = try reader.choice()
      guard reader.isAtEnd else { throw Fault(description: "left over in \(line)") }
    }
  }

  mutating func write(_ rule: String = "root") throws -> String { try write(.rule(rule), depth: 0) }

  private mutating func draw(_ count: Int) -> Int { min(count - 1, Int(Double(generator.uniform()) * Double(count))) }

  private mutating func write(_ node: Node, depth: Int) throws -> String {
    switch node {
    case .text(let text): return text
    case .oneOf(let scalars): return String(Character(scalars[draw(scalars.count)]))
    case .rule(let name):
      guard let body = rules[name] else { throw Fault(description: "no rule '\(name)'") }
      guard depth < 200 else { throw Fault(description: "too deep") }
      return try write(body, depth: depth + 1)
    case .sequence(let nodes): return try nodes.reduce(into: "") { $0 += try write($1, depth: depth) }
    case .choice(let nodes):
      // Deep inside, what comes last is the shortest: texts end.
      return try write(nodes[depth > 24 ? nodes.count - 1 : draw(nodes.count)], depth: depth)
    case .repeated(let node, let least, let most):
      let more = depth > 12 ? 0 : min(most.map { $0 - least } ?? 3, 3)
      return try (0..<least + draw(more + 1)).reduce(into: "") { text, _ in text += try write(node, depth: depth) }
    }
  }

  private struct Reader {
    private var rest: ArraySlice<Unicode.Scalar>

    init(_ scalars: [Unicode.Scalar]) { rest = scalars[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func choice() throws -> Node {
      var cases = [try sequence()]
      while next == "|" {
        rest.removeFirst()
        cases.append(try sequence())
      }
      return cases.count == 1 ? cases[0] : .choice(cases)
    }

    private var next: Unicode.Scalar? {
      mutating get {
        rest = rest.drop { $0 == " " }
        return rest.first
      }
    }

    private mutating func sequence() throws -> Node {
      var nodes: [Node] = []
      while let scalar = next, scalar != "|", scalar != ")" {
        var node: Node
        switch scalar {
        case "\"":
          rest.removeFirst()
          var text = String.UnicodeScalarView()
          while let scalar = rest.first, scalar != "\"" { text.append(try character(scalar)) }
          rest.removeFirst()
          node = .text(String(text))
        case "[": node = .oneOf(try set())
        case "(":
          rest.removeFirst()
          node = try choice()
          guard next == ")" else { throw Fault(description: "no closing parenthesis") }
          rest.removeFirst()
        default:
          let name = rest.prefix { $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-" }
          guard !name.isEmpty else { throw Fault(description: "what is \(scalar)?") }
          rest.removeFirst(name.count)
          node = .rule(String(String.UnicodeScalarView(name)))
        }
        nodes.append(try counted(node))
      }
      return .sequence(nodes)
    }

    private mutating func counted(_ node: Node) throws -> Node {
      switch rest.first {
      case "*"?: rest.removeFirst(); return .repeated(node, 0, nil)
      case "+"?: rest.removeFirst(); return .repeated(node, 1, nil)
      case "?"?: rest.removeFirst(); return .repeated(node, 0, 1)
      case "{"?:
        let inner = rest.dropFirst().prefix { $0 != "}" }
        rest.removeFirst(inner.count + 2)
        let bounds = String(String.UnicodeScalarView(inner)).split(separator: ",", omittingEmptySubsequences: false)
        guard let least = Int(bounds[0]) else { throw Fault(description: "no count") }
        return .repeated(node, least, bounds.count == 1 ? least : Int(bounds[1]))
      default: return node
      }
    }

    private mutating func character(_ scalar: Unicode.Scalar) throws -> Unicode.Scalar {
      rest.removeFirst()
      guard scalar == "\\", let escaped = rest.popFirst() else { return scalar }
      switch escaped {
      case "n": return "\n"
      case "r": return "\r"
      case "t": return "\t"
      case "x":
        let digits = String(String.UnicodeScalarView(rest.prefix(2)))
        rest.removeFirst(2)
        return Unicode.Scalar(UInt8(digits, radix: 16) ?? 0)
      default: return escaped
      }
    }

    private mutating func set() throws -> [Unicode.Scalar] {
      rest.removeFirst()
      let isNegated = rest.first == "^"
      if isNegated { rest.removeFirst() }
      var scalars: [Unicode.Scalar] = []
      while let scalar = rest.first, scalar != "]" {
        let low = try character(scalar)
        guard rest.first == "-", rest.dropFirst().first != "]" else {
          scalars.append(low)
          continue
        }
        rest.removeFirst()
        let high = try character(rest.first ?? "]")
        scalars += (low.value...high.value).compactMap(Unicode.Scalar.init)
      }
      rest.removeFirst()
      let others = Array("abcé 0{}:,😀".unicodeScalars).filter { !scalars.contains($0) }
      return isNegated ? others : scalars
    }
  }
}
