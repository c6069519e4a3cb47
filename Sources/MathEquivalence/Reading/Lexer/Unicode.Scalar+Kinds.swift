extension Unicode.Scalar {
  var isDigit: Bool { value >= 48 && value <= 57 }
  var isLatinLetter: Bool { (value >= 65 && value <= 90) || (value >= 97 && value <= 122) }
  var isGreek: Bool { value >= 0x370 && value <= 0x3FF }

  var circledDigit: Int? { value >= 0x2460 && value <= 0x2473 ? Int(value) - 0x245F : nil }

  /// The plain character of a raised one.
  var superscript: Unicode.Scalar? {
    switch value {
    case 0xB2, 0xB3: Unicode.Scalar(value - 0x80)
    case 0xB9: "1"
    case 0x2070, 0x2074...0x2079: Unicode.Scalar(value - 0x2040)
    case 0x207A: "+"
    case 0x207B: "-"
    case 0x207D: "("
    case 0x207E: ")"
    case 0x207F: "n"
    case 0x2071: "i"
    case 0x02E3: "x"
    default: nil
    }
  }

  /// The plain character of a lowered one.
  var subscripted: Unicode.Scalar? {
    switch value {
    case 0x2080...0x2089: Unicode.Scalar(value - 0x2050)
    case 0x208A: "+"
    case 0x208B: "-"
    case 0x2093: "x"
    case 0x2099: "n"
    default: nil
    }
  }
}
