/// The part a model plays. The papers say speculative and target, or draft and target; these two are true in all.
public enum Role: String, Sendable, Hashable, Codable, CaseIterable {
  case small
  case large

  public var other: Role { self == .small ? .large : .small }
}

/// Who wrote a thought.
public enum Author: String, Sendable, Hashable, Codable {
  case small
  case large
  /// Text that no model sampled: "Wait", a forced end of thinking.
  case inserted

  public init(_ role: Role) { self = role == .small ? .small : .large }
}

/// The two parts of what a reasoning model writes.
public enum Segment: String, Sendable, Hashable, Codable {
  case thinking
  case answer
}
