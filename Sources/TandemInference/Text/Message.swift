/// One turn of a conversation.
public struct Message: Sendable, Hashable, Codable {
  /// Who speaks.
  public enum Role: String, Sendable, Codable {
    case system, user, assistant
  }

  /// Who speaks.
  public var role: Role
  /// The text.
  public var content: String

  /// What `role` says.
  public init(_ role: Role, _ content: String) {
    self.role = role
    self.content = content
  }
}
