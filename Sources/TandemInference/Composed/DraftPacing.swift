/// When a draft is asked for, and how many tokens it has.
public enum DraftPacing: Sendable, Hashable {
  /// Before each pass, as many tokens as the draft's length allows.
  case always
  /// While it saves time, by what passes and drafts have taken in the session so far.
  ///
  /// Other passes round in other ways, so the last bits then depend on the clock, except in an engine's deterministic mode.
  case measured
  /// While it would save time if all passes and drafts took this long.
  case priced(DraftPrices)
}

/// What a draft costs, in passes of the target that evaluate one token.
public struct DraftPrices: Sendable, Hashable, Codable {
  /// One token of the draft model.
  public var token: Double
  /// One more row in a pass of the target.
  public var row: Double

  /// Prices, both 0 or more.
  public init(token: Double, row: Double) {
    self.token = token
    self.row = row
  }

  /// Throws `invalidParameter`, naming the first price that makes no sense.
  public func validate() throws(EngineError) {
    for (name, price) in [("token", token), ("row", row)] where !(0..<Double.infinity).contains(price) {
      throw .invalidParameter(name: name, reason: "must be 0 or more, not \(price)")
    }
  }
}
