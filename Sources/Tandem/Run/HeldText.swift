import TandemInference

/// The end of a text that is being written, as long as the strategy may still cut it off.
///
/// That is the text from a word at which the model is to stop, or the character at which its entropy crosses a bound.
/// Whatever is before it stays, and is streamed as soon as that is certain.
struct HeldText {
  private let isHolding: Bool
  private let words: [[UInt8]]
  /// The bytes of what is held.
  private var bytes: [UInt8] = []
  /// What is held, as tokens that together are whole characters: the text that a reader sees, and where its bytes end.
  private var pieces: [(text: String, end: Int)] = []
  /// The text since the last of these pieces.
  private var open = ""

  init(for stop: Stop) {
    isHolding = stop.mayDropItsEnd
    words = stop.texts.map { Array($0.utf8) }
  }

  /// The text that is certain to stay once a token with these `bytes` has added `text`.
  ///
  /// - Parameter isWhole: Whether no character is open after it, and the model does not stop at it.
  mutating func append(_ text: String, _ bytes: [UInt8], isWhole: Bool) -> String {
    guard isHolding else { return text }
    self.bytes += bytes
    open += text
    guard isWhole else { return "" }
    pieces.append((open, self.bytes.count))
    open = ""
    let count = pieces.prefix { $0.end <= firstBeginning }.count
    guard count > 0 else { return "" }
    let (released, end) = (pieces[..<count].map(\.text).joined(), pieces[count - 1].end)
    pieces = pieces[count...].map { ($0.text, $0.end - end) }
    self.bytes.removeFirst(end)
    return released
  }

  /// What is still held: the strategy decides.
  var rest: String { pieces.map(\.text).joined() + open }

  /// Where the first word begins that the next tokens may complete; the end if none does.
  private var firstBeginning: Int {
    bytes.indices.first { start in words.contains { $0.starts(with: bytes[start...]) } } ?? bytes.endIndex
  }
}
