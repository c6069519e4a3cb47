/// Why a run ended; there always is one.
public enum FinishReason: String, Sendable, Hashable, Codable, CaseIterable {
  /// The model ended its answer.
  case stop
  /// The answer was cut at its limit.
  case length
  /// The thinking was cut at its budget. `Budget.whenSpent` decides whether there is an answer.
  case budget
  /// The time was up while there was something to cut: open thinking, or an answer that was begun.
  case deadline
  /// The caller cancelled the run.
  case cancelled
  /// The model asked for a tool.
  case toolCalls = "tool-calls"
  /// Something failed.
  case error
}
