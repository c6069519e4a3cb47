import BigInt

/// A sum of rational multiples of products of powers: equal normal forms are equal values.
///
/// The factors are prime numbers under roots, symbols, constants, and whole expressions that no rule opens, named by
/// their own normal form. Sums are expanded as far as the limits allow.
struct NormalForm: Hashable, Sendable {
  private(set) var terms: [Monomial: Rational] = [:]

  static let zero = NormalForm()
  static let one = NormalForm(.one)

  init() {}

  init(_ value: Rational) {
    if !value.isZero { terms[Monomial()] = value }
  }

  init(_ monomial: Monomial, times coefficient: Rational = .one) {
    if !coefficient.isZero { terms[monomial] = coefficient }
  }

  /// The number, when the form is nothing else.
  var rational: Rational? {
    if terms.isEmpty { return .zero }
    guard terms.count == 1, let (monomial, value) = terms.first, monomial.factors.isEmpty else { return nil }
    return value
  }

  var single: (monomial: Monomial, coefficient: Rational)? {
    guard terms.count == 1, let (monomial, coefficient) = terms.first else { return nil }
    return (monomial, coefficient)
  }

  mutating func add(_ monomial: Monomial, _ coefficient: Rational) {
    guard let old = terms[monomial] else {
      if !coefficient.isZero { terms[monomial] = coefficient }
      return
    }
    let sum = old + coefficient
    terms[monomial] = sum.isZero ? nil : sum
  }

  func scaled(by factor: Rational) -> NormalForm {
    var result = NormalForm()
    if !factor.isZero { result.terms = terms.mapValues { $0 * factor } }
    return result
  }

  /// The terms in the order of their names.
  var sorted: [(monomial: Monomial, coefficient: Rational)] {
    terms.map { ($0.key, $0.value) }.sorted { $0.0.key < $1.0.key }
  }

  /// A name that equal forms share.
  var key: String {
    if let rational { return rational.description }
    return sorted.map { "\($0.coefficient)·\($0.monomial.key)" }.joined(separator: "+")
  }

  /// Whether two forms that differ are known to have different values: their monomials are linearly independent.
  var isIndependent: Bool {
    terms.keys.allSatisfy { $0.factors.allSatisfy(\.isIndependent) }
  }
}

/// A product of powers, sorted by name.
struct Monomial: Hashable, Sendable {
  var factors: [Factor] = []

  struct Factor: Hashable, Sendable {
    var atom: Atom
    var exponent: Rational

    /// Roots of primes, unit `i`, powers of e, and integer powers of symbols and of π are independent of each other.
    var isIndependent: Bool {
      switch atom {
      case .prime(let value): value < 1_000_000
      case .symbol(let name): name != "∞" && (exponent.isInteger || name == "e")
      case .opaque: false
      }
    }
  }

  var key: String {
    factors.map { $0.exponent == .one ? $0.atom.key : "\($0.atom.key)^\($0.exponent)" }.joined(separator: "·")
  }
}

/// What a product is made of.
enum Atom: Hashable, Sendable {
  case prime(BigInt)
  case symbol(String)
  /// An expression no rule opens, by the name of its normal form.
  case opaque(String)

  var key: String {
    switch self {
    case .prime(let value): "#\(value)"
    case .symbol(let name): name
    case .opaque(let name): "<\(name)>"
    }
  }
}
