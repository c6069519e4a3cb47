import TandemInference

/// A model that reads what another one writes in a vocabulary of its own, in which it may be more tokens.
struct ForeignReader {
  let reasoner: Reasoner
  /// The tokens that it has room for.
  let room: Int
  /// The bytes up to which the text fits for certain: no vocabulary has more tokens than bytes.
  private var safe: Int

  init(reasoner: Reasoner, room: Int) {
    (self.reasoner, self.room) = (reasoner, room)
    safe = room - 1
  }

  /// The same after it has read `text`.
  func reading(_ text: String) throws -> Self {
    Self(reasoner: reasoner, room: room - (try reasoner.encode(text, .limit).count))
  }

  /// Whether it has no room for `text` and `more`.
  fileprivate mutating func isFull(by text: String, _ more: String) throws -> Bool {
    let bytes = text.utf8.count + more.utf8.count
    guard bytes > safe else { return false }
    let left = try room - reasoner.encode(text + more, .limit).count
    safe = bytes + left
    return left < 0
  }
}

extension [ForeignReader] {
  /// Whether one of them has no room for `text` and the text that `token` adds to it.
  mutating func areFull(by text: String, and token: Token, of visible: VisibleText) throws -> Bool {
    if isEmpty { return false }
    var visible = visible
    let more = visible.append(token)
    for index in indices where try self[index].isFull(by: text, more) { return true }
    return false
  }
}
