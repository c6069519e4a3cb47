/// Goes through a text from number to number.
struct NumberSearch {
  let text: [Unicode.Scalar]
  var position = 0

  init(_ text: String) { self.text = Characters.folded(text) }

  /// The last number. A number that only counts steps, cites or names something is the last resort.
  var last: String? {
    var search = self
    var (found, weak): (String?, String?) = (nil, nil)
    while let number = search.next() {
      if number.isReference { weak = number.text } else { found = number.text }
    }
    return found ?? weak
  }

  /// The only number with a currency sign; nil if there are none or several.
  var onlySum: String? {
    var search = self
    var sums: [String] = []
    while true {
      let start = search.position
      guard let number = search.next() else { break }
      let isSum = search.isSum(from: start, to: search.position, number.text)
      if isSum { sums.append(number.text) }
    }
    return sums.count == 1 ? sums[0] : nil
  }

  /// Whether a currency sign stands beside the number that ends here.
  func isSum(from start: Int, to end: Int, _ number: String) -> Bool {
    let first = end - number.unicodeScalars.count
    let signs = "$€£¥₹".unicodeScalars
    let before = scalar(first - 1).map(signs.contains) ?? false
    let behind = scalar(end) == " " ? scalar(end + 1) : scalar(end)
    return first >= start && (before || behind.map(signs.contains) ?? false)
  }

  struct Found {
    var text: String
    /// Whether the number may only count or cite: the 3 of "3. Then", of "[3]" and of "Step 3".
    var isReference: Bool
  }

  mutating func next() -> Found? {
    while position < text.count {
      let start = position
      guard startsNumber(at: start) else {
        position += 1
        continue
      }
      guard isFree(at: start) else {
        skipName()
        continue
      }
      let end = endOfNumber(from: start)
      position = end
      let sign = minus(before: start)
      let number = String(String.UnicodeScalarView(text[start..<end]))
      return Found(text: sign + number.withoutFullStop + percent(), isReference: isReference(start, end))
    }
    return nil
  }

  func scalar(_ index: Int) -> Unicode.Scalar? { text.indices.contains(index) ? text[index] : nil }

  func starts(with pattern: String, at index: Int) -> Bool {
    index < text.count && text[index...].starts(with: pattern.unicodeScalars)
  }

  func startsNumber(at index: Int) -> Bool {
    let first = text[index]
    return first.isDigit || (first == "." && scalar(index + 1)?.isDigit == true && scalar(index - 1)?.isDigit != true)
      || Vocabulary.fractions[first] != nil || (first == "\\" && fraction(at: index) != nil)
  }

  /// Steps over the digits and letters of a name.
  mutating func skipName() {
    position += 1
    while let next = scalar(position), next.isDigit || next.isLatinLetter { position += 1 }
  }
}

extension String {
  /// A number without the full stop of its sentence.
  fileprivate var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
