/// The words of LaTeX and of plain mathematics that the lexer recognizes.
enum Vocabulary {
  /// Commands that leave nothing behind but a space.
  static let spacing: Set<String> = [
    "quad", "qquad", "thinspace", "enspace", "hspace", "vspace", "hfill", "displaystyle", "textstyle", "limits",
    "nolimits", "left", "right", "mleft", "mright", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl",
    "Bigr", "biggl", "biggr", "Biggl", "Biggr", "bigm", "mathstrut", "strut", "hline", "noindent", "par", "boxed",
    "fbox", "mathop", "mathbin", "mathrel", "scriptstyle", "phantom", "nonumber", "allowbreak", "negthinspace",
    "medspace", "thickspace", "bf", "rm", "it", "cal", "bm", "framebox", "notag", "bbox", "smallskip", "medskip",
    "bigskip", "newline", "centering", "small", "large", "Large", "LARGE", "huge", "Huge",
  ]

  /// Commands that only change how their argument looks.
  static let decorations: Set<String> = [
    "mathbf", "boldsymbol", "mathit", "bold", "mathsf", "mathtt", "vec", "hat", "bar", "widehat", "tilde", "widetilde",
    "overrightarrow", "overleftarrow", "underline", "mathcal", "mathscr", "mathfrak", "overline", "dot", "ddot",
    "pmb", "cancel", "ensuremath", "overparen", "stackrel", "underset", "overset",
  ]

  /// Commands whose argument is text.
  static let text: Set<String> = [
    "text", "textbf", "textit", "textrm", "textsf", "texttt", "textnormal", "mbox", "hbox", "mathrm", "operatorname",
    "emph", "textup", "mathnormal", "textsc", "underbrace",
  ]

  /// Commands and characters that stand for one mark.
  static let marks: [String: String] = [
    "le": "≤", "leq": "≤", "leqslant": "≤", "leqq": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "geqq": "≥",
    "lt": "<", "gt": ">", "ne": "≠", "neq": "≠", "equiv": "=", "approx": "≈", "simeq": "≈", "sim": "≈",
    "thickapprox": "≈", "cdot": "*", "times": "*", "ast": "*", "bullet": "*", "div": "/", "pm": "±", "mp": "∓",
    "cup": "∪", "bigcup": "∪", "cupdot": "∪", "cap": "∩", "bigcap": "∩", "setminus": "∖", "backslash": "∖", "in": "∈",
    "to": "→", "rightarrow": "→", "Rightarrow": "→", "longrightarrow": "→", "Longrightarrow": "→", "implies": "→",
    "lbrace": "\\{", "rbrace": "\\}", "lbrack": "[", "rbrack": "]", "lgroup": "(", "rgroup": ")", "lparen": "(",
    "rparen": ")", "vert": "|", "lvert": "|", "rvert": "|", "mid": "|", "Vert": "|", "lVert": "|", "rVert": "|",
    "lfloor": "⌊", "rfloor": "⌋", "llcorner": "⌊", "lrcorner": "⌋", "lceil": "⌈", "rceil": "⌉", "ulcorner": "⌈",
    "urcorner": "⌉", "colon": ":", "langle": "(", "rangle": ")", "circ": "°", "degree": "°", "textdegree": "°",
    "textcirc": "°", "prime": "'", "land": "∧", "wedge": "∧", "lor": "∨", "vee": "∨", "ldots": "…", "cdots": "…",
    "dots": "…", "dotsc": "…", "emptyset": "∅", "varnothing": "∅", "forall": "∀", "ll": "<", "gg": ">",
    "therefore": "→", "because": "→", "angle": "∠", "triangle": "△", "parallel": "∥", "perp": "⊥",
    "subset": "⊂", "subseteq": "⊂", "notin": "∉", "exists": "∃", "neg": "¬", "lnot": "¬", "star": "⋆",
    "supset": "⊃", "supseteq": "⊃", "leftrightarrow": "↔", "Leftrightarrow": "↔", "iff": "↔", "isin": "∈", "sdot": "*",
    "plusmn": "±", "empty": "∅", "lang": "(", "rang": ")", "rarr": "→", "rArr": "→", "Rarr": "→",
    "cong": "≅", "propto": "∝", "mapsto": "→",
  ]

  static let characters: [Unicode.Scalar: String] = [
    "≤": "≤", "≥": "≥", "⩽": "≤", "⩾": "≥", "≠": "≠", "≈": "≈", "×": "*", "·": "*", "⋅": "*", "∙": "*", "÷": "/",
    "±": "±", "∓": "∓", "∪": "∪", "∩": "∩", "∈": "∈", "→": "→", "⇒": "→",
    "°": "°", "′": "'", "’": "'", "'": "'", "⌊": "⌊", "⌋": "⌋", "⌈": "⌈", "⌉": "⌉", "∅": "∅", "∧": "∧", "∨": "∨",
    "【": "[", "】": "]", "⊆": "⊂", "⊂": "⊂", "⊇": "⊃", "⊃": "⊃",
    "、": ",", "∗": "*",
    "∖": "∖", "…": "…", "º": "°", "∶": ":", "∉": "∉", "∀": "∀", "∃": "∃", "∠": "∠", "△": "△", "⊥": "⊥",
  ]

  static let fractions: [Unicode.Scalar: (top: String, bottom: String)] = [
    "½": ("1", "2"), "⅓": ("1", "3"), "⅔": ("2", "3"), "¼": ("1", "4"), "¾": ("3", "4"), "⅕": ("1", "5"),
    "⅖": ("2", "5"), "⅗": ("3", "5"), "⅘": ("4", "5"), "⅙": ("1", "6"), "⅚": ("5", "6"), "⅛": ("1", "8"),
    "⅜": ("3", "8"), "⅝": ("5", "8"), "⅞": ("7", "8"),
  ]

  /// The sets of numbers, by the letter that names them.
  static let numberSets = ["R": "ℝ", "Z": "ℤ", "N": "ℕ", "Q": "ℚ", "C": "ℂ"]

  /// Greek letters and other named symbols, with and without the backslash.
  static let symbols: [String: String] = [
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "varrho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ",
    "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ",
    "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "infty": "∞", "infinity": "∞",
    "inf": "∞", "exponentialE": "e", "imaginaryI": "i", "hbar": "ℏ", "ell": "ℓ", "partial": "∂", "nabla": "∇",
    "mho": "℧", "aleph": "ℵ", "imath": "i", "jmath": "j", "oo": "∞", "infin": "∞", "varpi": "π", "omicron": "ο",
  ]

  /// Function names, and the one name each is known by here.
  static let functions: [String: String] = {
    var names: [String: String] = [
      "log": "log", "ln": "ln", "lg": "lg", "exp": "exp", "max": "max", "min": "min", "gcd": "gcd", "lcm": "lcm",
      "det": "det", "floor": "floor", "ceil": "ceil", "abs": "abs", "mod": "mod", "bmod": "mod", "tg": "tan",
      "ctg": "cot",
      "Re": "re", "Im": "im", "cosec": "csc", "arctg": "arctan", "arcctg": "arccot", "sgn": "sgn", "sqrt": "sqrt",
    ]
    for name in ["sin", "cos", "tan", "cot", "sec", "csc"] {
      names[name] = name
      names[name + "h"] = name + "h"
      for prefix in ["arc", "a"] {
        names[prefix + name] = "arc" + name
      }
      for prefix in ["arc", "ar", "a"] {
        names[prefix + name + "h"] = "ar" + name + "h"
      }
    }
    return names
  }()

  /// Words that join the members of an answer.
  static let separators: Set<String> = ["and", "or"]

  /// Words before a value that say nothing about it.
  static let fillers: Set<String> = [
    "only", "approximately", "about", "exactly", "is", "the", "answer", "are", "either", "both", "all", "therefore",
    "so", "thus", "hence", "roughly", "around", "equals", "or", "and", "when", "if", "at", "a", "an", "to",
  ]

  /// Words that open a condition on what came before: it is left out of the comparison.
  static let conditionOpeners: Set<String> = [
    "for", "where", "with", "such", "since", "because",
  ]

  /// What "for" is followed by when it opens a condition.
  static let quantifiers: Set<String> = [
    "all", "any", "every", "each", "some", "integer", "integers", "real", "positive", "which", "arbitrary", "natural",
  ]

  /// Short words that are language all the same, not products of letters.
  static let shortWords: Set<String> = [
    "no", "yes", "is", "the", "are", "for", "all", "if", "or", "and", "odd", "not", "of", "to", "one", "two", "six",
    "ten", "any", "day", "cm", "km", "kg", "mm", "ft", "mi", "lb", "oz", "hr", "mph", "pct", "cents", "sec", "yd",
    "kmh", "mL", "ml", "hrs", "lbs", "sq", "per", "bit", "men", "man", "boy", "set", "both", "so", "as", "at", "on",
    "th", "st", "nd", "rd", "red", "dog", "cat", "car", "ago", "Hz", "Pa", "Wb", "kW", "MW", "eV", "keV", "MeV",
    "has", "can", "inf", "dne", "DNE", "None", "none", "be", "by", "an", "am", "pm", "AM", "PM", "Mr", "Ms", "in",
    "it", "cm2", "new", "her", "his", "USD", "nm", "kPa", "kJ", "mol", "rad", "rev", "rpm", "gal", "qt", "pt",
    "tie", "No", "Yes", "All", "The", "Odd", "Not", "For", "One", "Two", "Six", "Ten",
  ]
}
