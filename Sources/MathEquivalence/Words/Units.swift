/// What is known of units: enough to tell that 50 cm is 0.5 m and not 50 m.
enum Units {
  /// The quantity a unit measures and its size in that quantity's first unit.
  struct Unit: Equatable {
    var dimension: String
    var scale: Rational
  }

  private static let table: [String: Unit] = {
    var table: [String: Unit] = [:]
    func add(_ dimension: String, _ scale: Rational, _ names: String...) {
      for name in names { table[name] = Unit(dimension: dimension, scale: scale) }
    }
    add("length", Rational.fraction(1, 1000), "mm", "millimeter", "millimetre")
    add("length", Rational.fraction(1, 100), "cm", "centimeter", "centimetre")
    add("length", .one, "m", "meter", "metre")
    add("length", Rational(1000), "km", "kilometer", "kilometre")
    add("length", Rational.fraction(254, 10000), "inch", "inches")
    add("length", Rational.fraction(3048, 10000), "ft", "foot", "feet")
    add("length", Rational.fraction(9144, 10000), "yd", "yard")
    add("mass", Rational.fraction(1, 1000), "g", "gram", "gramme")
    add("mass", .one, "kg", "kilogram")
    add("time", .one, "s", "sec", "second")
    add("time", Rational(60), "min", "minute")
    add("time", Rational(3600), "h", "hr", "hour")
    add("time", Rational(86400), "day")
    add("volume", Rational.fraction(1, 1000), "mL", "ml", "milliliter", "millilitre")
    add("volume", .one, "L", "liter", "litre")
    add("money", Rational.fraction(1, 100), "cent")
    add("money", .one, "dollar")
    return table
  }()

  /// Symbols of units with more than one letter.
  static let symbols: Set<String> = [
    "cm", "km", "mm", "nm", "dm", "kg", "mg", "mol", "Hz", "kHz", "MHz", "GHz", "Pa", "kPa", "MPa", "GPa", "hPa", "kJ",
    "MJ", "kW", "MW", "GW", "Wh", "kWh", "MWh", "GWh", "Ah", "mAh", "kN", "MN", "eV", "keV", "MeV", "GeV", "kV", "mV",
    "mA", "kA", "mL", "ml", "cL", "dL", "hL", "ft", "in", "yd", "mi", "lb", "lbs", "oz", "hr", "hrs", "min", "sec",
    "ms", "ns", "cal", "kcal", "atm", "bar", "rad", "rev", "rpm", "kB", "MB", "GB", "TB", "dB", "Wb", "mT", "mF", "nF",
    "pF", "mH", "mph", "kmh", "kph", "Nm", "psi", "gal", "qt", "pt", "lm", "lx", "Bq", "Gy", "Sv", "ppm", "mW",
  ]

  /// Units whose symbol is one letter, which may be a variable as well.
  static let letters: Set<String> = ["m", "s", "g", "h", "L", "N", "J", "W", "V", "A", "K", "Ω", "l"]

  /// The prefixes of siunitx.
  static let prefixes = [
    "nano": "n", "micro": "μ", "milli": "m", "centi": "c", "deci": "d", "hecto": "h", "kilo": "k", "mega": "M",
    "giga": "G", "tera": "T",
  ]

  /// The units of siunitx, by their macros.
  static let macros = [
    "metre": "m", "meter": "m", "second": "s", "gram": "g", "kilogram": "kg", "newton": "N", "joule": "J", "watt": "W",
    "volt": "V", "ampere": "A", "kelvin": "K", "mole": "mol", "hertz": "Hz", "pascal": "Pa", "ohm": "Ω", "hour": "h",
    "litre": "L", "liter": "L", "minute": "min", "coulomb": "C", "degreeCelsius": "°C", "celsius": "°C", "farad": "F",
    "tesla": "T", "electronvolt": "eV", "m": "m", "s": "s", "g": "g", "kg": "kg", "cm": "cm", "km": "km", "mm": "mm",
  ]

  /// Which half of the day a time is in: "am" or "pm", however written.
  static func halfOfDay(_ unit: String) -> String? {
    let name = unit.lowercased()
    return name == "am" || name == "pm" ? name : nil
  }

  /// Looks a unit up, with its plural and its power; nil for the many that are only words.
  static func unit(_ name: String) -> Unit? {
    var words = name.split(separator: " ").map(String.init)
    var power = 1
    if words.count == 3, words[1] == "^", let exponent = Int(words[2]), (1...3).contains(exponent) {
      power = exponent
      words = [words[0]]
    } else if words.count == 2, let word = ["square": 2, "sq": 2, "cubic": 3][words[0]] {
      power = word
      words = [words[1]]
    }
    guard words.count == 1, let unit = table[words[0]] ?? singular(words[0]).flatMap({ table[$0] }),
      let scale = unit.scale.power(power, limit: 512)
    else { return nil }
    return Unit(dimension: unit.dimension + (power == 1 ? "" : "^\(power)"), scale: scale)
  }

  private static func singular(_ word: String) -> String? {
    word.count > 2 && word.hasSuffix("s") ? String(word.dropLast()) : nil
  }

  static func isPercent(_ unit: String) -> Bool {
    ["percent", "percents", "pct", "percentage"].contains(unit.lowercased())
  }

  /// The zeros that "thousand", "million" and "billion" stand for.
  static func powerOfTen(_ unit: String) -> Int? {
    ["thousand": 3, "million": 6, "billion": 9][unit.lowercased()]
  }

  static func isDegree(_ unit: String) -> Bool { ["degree", "degrees", "deg"].contains(unit.lowercased()) }
}
