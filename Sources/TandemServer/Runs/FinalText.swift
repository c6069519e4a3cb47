import Tandem

/// Stands in for `Tandem`'s fold until it is there: text at once unless it is tentative, and the rest when its thought
/// is accepted.
struct FinalText {
  struct Piece: Sendable, Hashable {
    var text: String
    var author: Author
    var segment: Segment
  }

  private var streamed = ""

  mutating func take(_ event: Event) -> [Piece] {
    switch event {
    case .text(let delta) where !delta.isTentative:
      streamed += delta.text
      return [Piece(text: delta.text, author: delta.author, segment: delta.segment)]
    case .accepted(let thought):
      defer { streamed = "" }
      let rest = thought.text.hasPrefix(streamed) ? String(thought.text.dropFirst(streamed.count)) : ""
      return rest.isEmpty ? [] : [Piece(text: rest, author: thought.author, segment: thought.segment)]
    case .rejected:
      streamed = ""
      return []
    default: return []
    }
  }
}
