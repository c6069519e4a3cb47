/// Which of several drafts a model chose, and why: an event of a trace.
public struct Selection: Sendable, Hashable, Codable {
  /// How it was chosen: "labels", "worst-token", …
  public var method: String
  /// A number for each draft, in the order in which they were drawn; higher is better. For labels, probabilities.
  public var scores: [Double]
  /// The same for "all are wrong", where that can be chosen.
  public var rejection: Double?
  /// Counted from 0 in the order in which they were drawn; nil where none was good enough.
  public var chosen: Int?
  /// The order in which the drafts were shown to the model.
  public var order: [Int]
  /// Whether a selector that was trained for it chose (SCoT's Table 2 has "w/o tuning" as a row of its own).
  public var isTuned: Bool

  public init(
    method: String, scores: [Double], rejection: Double? = nil, chosen: Int?, order: [Int], isTuned: Bool = false
  ) {
    self.method = method
    self.scores = scores
    self.rejection = rejection
    self.chosen = chosen
    self.order = order
    self.isTuned = isTuned
  }
}
