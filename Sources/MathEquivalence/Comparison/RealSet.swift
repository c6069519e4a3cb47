/// A set of real numbers as pieces from left to right: `x < 3`, `(−∞, 3)` and `{x | x < 3}` have the same ones.
struct RealSet {
  /// The letter whose values these are, in a set that an inequality describes.
  var variable: Expression?
  var pieces: [Piece]

  /// An interval; a single number when both ends are the same and belong to it.
  struct Piece {
    var lower: Bound
    var upper: Bound

    /// Whether nothing lies between the ends; a piece between letters is taken to hold something.
    var isEmpty: Bool {
      guard let order = lower.order(upper) else { return false }
      return order > 0 || (order == 0 && !(lower.isClosed && upper.isClosed))
    }

    func intersection(_ other: Piece) -> Piece? {
      guard let below = lower.order(other.lower), let above = upper.order(other.upper) else { return nil }
      return Piece(
        lower: below == 0 ? lower.closed(lower.isClosed && other.lower.isClosed) : below > 0 ? lower : other.lower,
        upper: above == 0 ? upper.closed(upper.isClosed && other.upper.isClosed) : above < 0 ? upper : other.upper)
    }
  }

  /// One end of a piece.
  struct Bound {
    var value: Expression
    /// Where it lies; nil when it is no number.
    var position: Double?
    var isClosed: Bool

    static let lowest = Bound(value: Expression.infinity.negated, position: -.infinity, isClosed: false)
    static let highest = Bound(value: .infinity, position: .infinity, isClosed: false)

    func closed(_ isClosed: Bool) -> Bound { Bound(value: value, position: position, isClosed: isClosed) }

    /// Less than zero when this bound lies left of the other one, zero at the same place; nil if it cannot be decided.
    func order(_ other: Bound) -> Int? {
      if value == other.value { return 0 }
      if let exact = value.literal, let place = other.value.literal {
        return exact < place ? -1 : exact == place ? 0 : 1
      }
      if position == -.infinity || other.position == .infinity { return -1 }
      if position == .infinity || other.position == -.infinity { return 1 }
      guard let position, let place = other.position else { return nil }
      return position < place ? -1 : position == place ? 0 : 1
    }
  }
}

extension RealSet {
  static let everything = RealSet(pieces: [Piece(lower: .lowest, upper: .highest)])

  /// Sets about different letters have no union and no common part.
  private func isAboutAnotherLetter(than other: RealSet) -> Bool {
    variable != nil && other.variable != nil && variable != other.variable
  }

  /// The numbers in either; nil when the sets are about different letters.
  func union(_ other: RealSet) -> RealSet? {
    if isAboutAnotherLetter(than: other) { return nil }
    return RealSet(variable: variable ?? other.variable, pieces: pieces + other.pieces).joined
  }

  /// The numbers in both; nil when letters among the bounds leave it open.
  func intersection(_ other: RealSet) -> RealSet? {
    if isAboutAnotherLetter(than: other) || pieces.count * other.pieces.count > 256 { return nil }
    var common: [Piece] = []
    for piece in pieces {
      for neighbour in other.pieces {
        guard let part = piece.intersection(neighbour) else { return nil }
        if !part.isEmpty { common.append(part) }
      }
    }
    return RealSet(variable: variable ?? other.variable, pieces: common).joined
  }

  /// All other real numbers.
  var complement: RealSet {
    var gaps: [Piece] = []
    var start = Bound.lowest
    for piece in joined.pieces {
      gaps.append(Piece(lower: start, upper: piece.lower.closed(!piece.lower.isClosed)))
      start = piece.upper.closed(!piece.upper.isClosed)
    }
    gaps.append(Piece(lower: start, upper: .highest))
    return RealSet(variable: variable, pieces: gaps.filter { !$0.isEmpty && $0.lower.position != .infinity })
  }

  /// The same set with pieces that touch joined, from left to right; as it is when a bound is no number.
  private var joined: RealSet {
    guard pieces.allSatisfy({ $0.lower.position != nil && $0.upper.position != nil }) else { return self }
    func precedes(_ a: Piece, _ b: Piece) -> Bool {
      let order = a.lower.order(b.lower) ?? 0
      return order < 0 || (order == 0 && a.lower.isClosed && !b.lower.isClosed)
    }
    var result: [Piece] = []
    for piece in pieces.sorted(by: precedes) {
      guard let last = result.last, let gap = last.upper.order(piece.lower),
        gap > 0 || (gap == 0 && (last.upper.isClosed || piece.lower.isClosed))
      else {
        result.append(piece)
        continue
      }
      let reach = last.upper.order(piece.upper) ?? 0
      if reach < 0 || (reach == 0 && piece.upper.isClosed) { result[result.count - 1].upper = piece.upper }
    }
    return RealSet(variable: variable, pieces: result)
  }
}
