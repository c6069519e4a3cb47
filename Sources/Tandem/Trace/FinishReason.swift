/// Why a run ended; there always is one.
public enum FinishReason: String, Sendable, Hashable, Codable, CaseIterable {
  /// The answer came to its end.
  case stop
  /// The answer was cut at its limit.
  case length
  /// The thinking was cut at its budget. Whether there is an answer all the same, `Budget.whenSpent` decides.
  case budget
  /// The time was up.
  case deadline
  /// The caller no longer wanted it.
  case cancelled
  /// The model asked for a tool.
  case toolCalls = "tool-calls"
  /// Something failed.
  case error
}
