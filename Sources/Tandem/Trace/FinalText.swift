/// The text of a run that stays, piece by piece, as early as possible: a fold over its events.
///
/// Text that is not tentative is passed on at once, and the rest of a thought when it is accepted. All pieces together are
/// the accepted chain. A stream that cannot take anything back is made of these.
public struct FinalText: Sendable, Hashable {
  /// What was passed on and is not accepted yet.
  private var ahead: [UInt8] = []

  /// Nothing yet.
  public init() {}

  /// A piece of text that stays.
  public struct Piece: Sendable, Hashable {
    /// The text; never empty.
    public let text: String
    /// Who wrote it.
    public let author: Author
    /// The part of the turn that it belongs to.
    public let segment: Segment
  }

  /// The pieces that `event` adds, if any.
  public mutating func take(_ event: Event) -> [Piece] {
    switch event {
    case .text(let delta) where !delta.isTentative:
      ahead += delta.text.utf8
      return pieces(delta.text, delta.author, delta.segment)
    case .accepted(let thought):
      let own = Array(thought.text.utf8)
      guard !ahead.starts(with: own) else {
        ahead.removeFirst(own.count)
        return []
      }
      let known = own.starts(with: ahead) ? ahead.count : 0
      ahead = []
      return pieces(String(decoding: own[known...], as: UTF8.self), thought.author, thought.segment)
    default: return []
    }
  }

  private func pieces(_ text: String, _ author: Author, _ segment: Segment) -> [Piece] {
    text.isEmpty ? [] : [Piece(text: text, author: author, segment: segment)]
  }
}
