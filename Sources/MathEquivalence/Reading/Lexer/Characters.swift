/// Characters that only look different: every form of a minus, a space, a digit or a letter becomes one.
enum Characters {
  /// The scalars of the text, each in the one form the rules are written for.
  static func folded(_ text: String) -> [Unicode.Scalar] {
    if text.utf8.allSatisfy({ $0 < 128 }) { return Array(text.unicodeScalars) }
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if scalar.value < 128 {
        result.append(scalar)
      } else if let written = ligatures[scalar] {
        result.append(contentsOf: written.unicodeScalars)
      } else if !isInvisible(scalar) {
        result.append(folded(scalar))
      }
    }
    return result
  }

  private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if let sign = signs[scalar] { return sign }
    let value = scalar.value
    switch value {
    case 0xFF01...0xFF5E: return shifted(value, from: 0xFF01, to: 0x21)
    case 0x24B6...0x24CF: return shifted(value, from: 0x24B6, to: 0x41)
    case 0x24D0...0x24E9: return shifted(value, from: 0x24D0, to: 0x61)
    case 0x1D400...0x1D6A3: return mathematicalLatin((value - 0x1D400) % 52)
    case 0x1D6A8...0x1D7CB: return mathematicalGreek((value - 0x1D6A8) % 58) ?? scalar
    default: break
    }
    if scalar.properties.numericType == .decimal, let digit = scalar.properties.numericValue {
      return shifted(UInt32(digit), from: 0, to: 0x30)
    }
    return scalar.properties.generalCategory == .spaceSeparator ? " " : scalar
  }

  private static func shifted(_ value: UInt32, from first: UInt32, to start: UInt32) -> Unicode.Scalar {
    Unicode.Scalar(value - first + start) ?? " "
  }

  /// Bold, italic, script and other letters of formulas: an alphabet of capitals, then one of small letters.
  private static func mathematicalLatin(_ index: UInt32) -> Unicode.Scalar {
    index < 26 ? shifted(index, from: 0, to: 0x41) : shifted(index, from: 26, to: 0x61)
  }

  private static func mathematicalGreek(_ index: UInt32) -> Unicode.Scalar? {
    switch index {
    case 0...24: shifted(index, from: 0, to: 0x391)
    case 25: "∇"
    case 26...50: shifted(index, from: 26, to: 0x3B1)
    case 51: "∂"
    default: nil
    }
  }

  /// Characters without ink: joiners, marks of direction, variation selectors.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xAD, 0x61C, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F, 0xFEFF: true
    default: false
    }
  }

  private static let signs: [Unicode.Scalar: Unicode.Scalar] = {
    var signs: [Unicode.Scalar: Unicode.Scalar] = [
      "\u{2044}": "/", "\u{2215}": "/", "\u{29F8}": "/", "✕": "×", "✖": "×", "\u{2A2F}": "×", "⨉": "×",
      "µ": "μ", "\u{2126}": "Ω", "\u{212A}": "K", "ɛ": "ε", "ϵ": "ε", "Ɛ": "ε", "ϑ": "θ", "ϱ": "ρ", "ϕ": "φ",
      "≦": "≤", "≧": "≥", "ℎ": "h", "ℯ": "e", "ⅇ": "e", "ⅈ": "i", "ⅉ": "j", "ⅆ": "d", "。": ".", "￥": "¥",
      "⟨": "(", "⟩": ")", "\u{3008}": "(", "\u{3009}": ")", "\u{2329}": "(", "\u{232A}": ")",
    ]
    // Before a number, every hyphen and dash is a minus sign.
    for minus in "‐‑‒–—―−˗➖﹘﹣－⁃".unicodeScalars { signs[minus] = "-" }
    for plus in "＋➕﬩﹢".unicodeScalars { signs[plus] = "+" }
    return signs
  }()

  /// One character for several.
  private static let ligatures: [Unicode.Scalar: String] = [
    "℃": "°C", "℉": "°F", "㎜": "mm", "㎝": "cm", "㎞": "km", "㎎": "mg", "㎏": "kg", "㎠": "cm²", "㎡": "m²", "㎢": "km²",
    "㎥": "m³", "㎤": "cm³", "î": "i", "ĵ": "j", "⅐": "1/7", "⅑": "1/9", "⅒": "1/10",
  ]
}
