import TandemInference

/// The text of an answer as it is being written, up to a stop text. What may be the beginning of one is held back until
/// that is certain, from one thought to the next if need be.
package struct AnswerText {
  private let stops: [[Unicode.Scalar]]
  /// What may be the beginning of a stop text.
  private var held: [Unicode.Scalar]
  /// Whether the answer has more than white space.
  private var hasBegun: Bool
  /// The stop text that was found.
  package private(set) var found: String?
  /// What was found, and what follows it in the same token.
  private var rest: [Unicode.Scalar] = []

  /// An answer after `chain`, whose last thought may have left something undecided.
  init(_ stops: [String], after chain: Chain) {
    self.stops = stops.map { Array($0.unicodeScalars) }
    held = Array(chain.held.unicodeScalars)
    let (thoughts, segment) = (chain.thoughts, chain.segment)
    let written = thoughts.last { $0.segment == segment && !$0.text.allSatisfy(\.isWhitespace) }
    hasBegun = written != nil || !held.isEmpty
  }

  /// A text of which white space at the beginning counts.
  package init(_ stops: [String]) {
    self.stops = stops.map { Array($0.unicodeScalars) }
    (held, hasBegun) = ([], true)
  }

  /// What was visible and is no part of the answer, or not yet.
  package var unread: String { Self.text(found == nil ? held : rest) }

  /// Takes in a piece of text; returns what is certain to be part of the answer.
  package mutating func append(_ piece: String) -> String {
    guard found == nil else {
      rest += piece.unicodeScalars
      return ""
    }
    held += piece.unicodeScalars
    var start = 0
    if !hasBegun {
      start = held.firstIndex { !$0.properties.isWhitespace } ?? held.count
      hasBegun = start < held.count
    }
    let places = start..<held.count
    for place in places {
      guard let stop = stops.first(where: { held[place...].starts(with: $0) }) else { continue }
      (found, rest) = (Self.text(stop), Array(held[place...]))
      return release(place)
    }
    return release(places.first { place in stops.contains { $0.starts(with: held[place...]) } } ?? held.count)
  }

  /// Takes the first `count` scalars from what is held.
  private mutating func release(_ count: Int) -> String {
    defer { held.removeFirst(count) }
    return Self.text(held.prefix(count))
  }

  private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}

extension Chain {
  /// What the last thought has left undecided, since it may be the beginning of a stop text.
  var held: String { thoughts.last.map { $0.stop == nil ? $0.unread : "" } ?? "" }
}

extension ReasoningRun {
  /// Makes what the last thought has left undecided part of the chain: nothing follows that could make a stop text of it.
  mutating func releaseHeld() throws {
    guard let last = chain.thoughts.last, last.stop == nil, !last.unread.isEmpty else { return }
    let tokens = last.tokens.mapValues { _ in [Token]() }
    let thought = Thought(
      text: last.unread, author: last.author, segment: last.segment, ending: last.ending, tokenCount: 0, tokens: tokens)
    emit(.text(TextDelta(text: thought.text, author: thought.author, segment: thought.segment, isTentative: false)))
    try accept(Passage([thought]))
  }
}
