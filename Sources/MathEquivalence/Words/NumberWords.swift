/// Numbers in English words: "twenty-five", "one hundred and four", "two thirds", "half".
enum NumberWords {
  private static let small: [String: Int] = [
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
  ]
  private static let tens: [String: Int] = [
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
  ]
  private static let scales: [String: Int] = ["thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000]
  private static let parts: [String: Int] = [
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10,
  ]

  /// The number the words say, in lower case; nil when they say anything else.
  static func value(of words: [String]) -> Rational? {
    guard let last = words.last, words.count <= 16 else { return nil }
    if let whole = whole(words) { return Rational(whole) }
    guard let part = parts[last] ?? (last.hasSuffix("s") ? parts[String(last.dropLast())] : nil) else { return nil }
    let count = words.dropLast()
    if count.isEmpty { return last == "half" ? .fraction(1, 2) : nil }
    return whole(Array(count)).map { .fraction($0, part) }
  }

  private static func whole(_ words: [String]) -> Int? {
    var total = 0
    var group: Int?
    var scale = Int.max
    for (index, word) in words.enumerated() {
      if let value = small[word] {
        // Units stand alone, or after tens and hundreds.
        guard group == nil || (group ?? 0) % 100 == 0 || (value < 10 && value > 0 && (group ?? 0) % 10 == 0) else {
          return nil
        }
        group = (group ?? 0) + value
      } else if let value = tens[word] {
        guard (group ?? 0) % 100 == 0 else { return nil }
        group = (group ?? 0) + value
      } else if word == "hundred", let count = group, (1..<100).contains(count) {
        group = count * 100
      } else if let value = scales[word], let count = group, value < scale {
        total += count * value
        scale = value
        group = nil
      } else if word != "and" || index == 0 || index == words.count - 1 {
        return nil
      }
    }
    return group == nil && scale == .max ? nil : total + (group ?? 0)
  }
}
