/// Whether an engine computes attention without writing its whole matrix of scores to memory (arXiv:2205.14135).
public enum FlashAttention: String, Sendable, Codable, CaseIterable {
  /// As the engine finds best.
  case automatic = "auto"
  case on, off
}
