/// A function that a model may call.
public struct Tool: Sendable, Hashable, Codable {
  /// The name by which it is called.
  public var name: String
  /// What it does, for the model to read.
  public var description: String?
  /// Its arguments: JSON text, an object that is a JSON Schema.
  public var parameters: String

  /// A tool; without arguments unless `parameters` says otherwise.
  public init(name: String, description: String? = nil, parameters: String = #"{"type":"object","properties":{}}"#) {
    self.name = name
    self.description = description
    self.parameters = parameters
  }
}

/// A model's request to run a tool.
public struct ToolCall: Sendable, Hashable, Codable {
  /// What the result refers to. Templates of the Mistral family take nine letters and digits only.
  public var id: String
  /// The name of the tool.
  public var name: String
  /// What it is called with: JSON text, an object.
  public var arguments: String

  /// A call.
  public init(id: String, name: String, arguments: String) {
    self.id = id
    self.name = name
    self.arguments = arguments
  }
}
