/// The words that GPT-2 cuts a text into before merging: no token crosses from one to the next.
///
/// The released pattern: `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`. A space goes with
/// the word after it; of several spaces the last does.
struct GPT2Words: Sequence, IteratorProtocol {
  private let bytes: [UInt8]
  private let kinds: [Kind]
  /// Where each scalar begins in `bytes`, and where the last ends.
  private let starts: [Int]
  private var place = 0

  private enum Kind { case letter, number, space, other }

  init(_ text: some StringProtocol) {
    bytes = Array(text.utf8)
    var (kinds, starts) = ([Kind](), [0])
    kinds.reserveCapacity(bytes.count)
    starts.reserveCapacity(bytes.count + 1)
    for scalar in text.unicodeScalars {
      kinds.append(Self.kind(of: scalar))
      starts.append(starts[kinds.count - 1] + UTF8.width(scalar))
    }
    self.kinds = kinds
    self.starts = starts
  }

  mutating func next() -> ArraySlice<UInt8>? {
    guard place < kinds.count else { return nil }
    let end = contraction() ?? run() ?? spaces()
    defer { place = end }
    return bytes[starts[place]..<starts[end]]
  }

  private func contraction() -> Int? {
    for ending in ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"] where bytes[starts[place]...].starts(with: ending.utf8)
    {
      return place + ending.utf8.count
    }
    return nil
  }

  /// Letters, numbers or others, with one space before them.
  private func run() -> Int? {
    var end = place
    if bytes[starts[end]] == UInt8(ascii: " ") { end += 1 }
    guard end < kinds.count, kinds[end] != .space else { return nil }
    let kind = kinds[end]
    while end < kinds.count, kinds[end] == kind { end += 1 }
    return end
  }

  private func spaces() -> Int {
    var end = place
    while end < kinds.count, kinds[end] == .space { end += 1 }
    return end < kinds.count && end > place + 1 ? end - 1 : end
  }

  private static func kind(of scalar: Unicode.Scalar) -> Kind {
    switch scalar {
    case "a"..."z", "A"..."Z": return .letter
    case "0"..."9": return .number
    case " ", "\t"..."\r": return .space
    case "!"..."~": return .other
    default: break
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
    case .decimalNumber, .letterNumber, .otherNumber: return .number
    default: return scalar.properties.isWhitespace ? .space : .other
    }
  }
}
