/// The role of a model in a pair. The papers call them speculative and target, or draft and target.
public enum Role: String, Sendable, Hashable, Codable, CaseIterable {
  /// The cheaper model.
  case small
  /// The better model.
  case large

  /// The role of the other model.
  public var other: Role { self == .small ? .large : .small }
}

/// Who wrote a thought.
public enum Author: String, Sendable, Hashable, Codable {
  /// The small model.
  case small
  /// The large model.
  case large
  /// No model: "Wait", a forced end of thinking.
  case inserted

  /// The model in a role.
  public init(_ role: Role) { self = role == .small ? .small : .large }
}

/// The two parts of a reasoning model's turn.
public enum Segment: String, Sendable, Hashable, Codable {
  /// The reasoning.
  case thinking
  /// The reply to the user.
  case answer
}
