public import Tandem

/// How a user says that models mark their thinking: by the name of a format, or "auto" to find it from the model.
public enum ThinkingFormat: Sendable, Hashable {
  /// Found from the model's template and vocabulary.
  case automatic
  /// The same for both models, whatever their templates have.
  case fixed(ReasoningFormat)

  /// "auto", or the name of a known format. Throws `SetupError.invalidOption` with the names that there are.
  public init(named name: String) throws(SetupError) {
    if name == Self.automatic.name {
      self = .automatic
    } else if let format = ReasoningFormat.known.first(where: { $0.name == name }) {
      self = .fixed(format)
    } else {
      let names = Self.names.joined(separator: ", ")
      throw .invalidOption(name: "thinkingFormat", reason: "can be \(names), not \(name)")
    }
  }

  /// As files and flags have it.
  public var name: String {
    switch self {
    case .automatic: "auto"
    case .fixed(let format): format.name
    }
  }

  /// The format that is not looked for; nil for `automatic`.
  public var format: ReasoningFormat? {
    if case .fixed(let format) = self { format } else { nil }
  }

  /// All names.
  public static var names: [String] { [Self.automatic.name] + ReasoningFormat.known.map(\.name) }
}

extension ThinkingFormat: Codable {
  /// Reads a name.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    self =
      try value.decode(String.self) == Self.automatic.name ? .automatic : .fixed(value.decode(ReasoningFormat.self))
  }

  /// Writes the name.
  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    try value.encode(name)
  }
}
