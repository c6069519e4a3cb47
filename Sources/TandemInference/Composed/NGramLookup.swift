/// Drafts without a model: what followed the last few tokens when they stood in the text before.
///
/// Prompt lookup decoding (github.com/apoorvumang/prompt-lookup-decoding, 2023). The longest match counts, and of equally
/// long ones the latest.
public struct NGramLookup: Sendable, Hashable, Codable {
  /// How many tokens must match at least, and how many are compared at most.
  public var match: ClosedRange<Int>
  /// The most tokens to propose.
  public var length: Int

  /// A lookup of up to `length` tokens.
  public init(match: ClosedRange<Int> = 2...4, length: Int = 8) {
    self.match = match
    self.length = length
  }

  /// Throws `invalidParameter`, naming the first parameter that makes no sense.
  public func validate() throws(EngineError) {
    guard match.lowerBound > 0 else {
      throw .invalidParameter(name: "match", reason: "must be 1 or more, not \(match.lowerBound)")
    }
    guard length > 0 else {
      throw .invalidParameter(name: "length", reason: "must be 1 or more, not \(length)")
    }
  }

  /// What may follow `tokens`; nothing where their end has not been there before.
  public func proposals(after tokens: [Token]) -> [Token] {
    var (best, place) = (match.lowerBound - 1, 0)
    for end in stride(from: tokens.count - 1, to: 0, by: -1) where best < match.upperBound {
      var count = 0
      while count < match.upperBound, count < end, tokens[end - 1 - count] == tokens[tokens.count - 1 - count] {
        count += 1
      }
      if count > best { (best, place) = (count, end) }
    }
    return place == 0 ? [] : Array(tokens[place...].prefix(length))
  }
}
