import FoundationEssentials

/// A number of a length reward that can be changed, or several under one name.
package enum Coefficient: Sendable, Hashable, Codable {
  case number(Double)
  case group([String: Coefficient])

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .group(try container.decode([String: Coefficient].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .group(let values): try container.encode(values)
    }
  }

  /// The numbers in it with their names; those of a group as `group.name`.
  func flattened(_ name: String) -> [(name: String, number: Double)] {
    switch self {
    case .number(let number): [(name, number)]
    case .group(let values): values.flatMap { $0.value.flattened("\(name).\($0.key)") }
    }
  }

  /// The same with one number changed; nil if no number has that name.
  fileprivate func setting(_ path: ArraySlice<Substring>, to number: Double) -> Self? {
    switch self {
    case .number: return path.isEmpty ? .number(number) : nil
    case .group(var values):
      guard let name = path.first.map(String.init), let inner = values[name]?.setting(path.dropFirst(), to: number)
      else { return nil }
      values[name] = inner
      return .group(values)
    }
  }
}

extension LengthReward {
  /// Its coefficients by their names.
  package func coefficients() throws(RewardError) -> [String: Coefficient] {
    do {
      return try JSONDecoder().decode([String: Coefficient].self, from: JSONEncoder().encode(self))
    } catch {
      throw .invalidCoefficients(reward: Self.name, reason: "\(error)")
    }
  }

  /// The same rule with some coefficients changed; those of a group are named `targets.easy`.
  ///
  /// Throws `unknownCoefficient` or `invalidCoefficients`.
  package func setting(_ changes: [String: Double]) throws(RewardError) -> Self {
    var all = Coefficient.group(try coefficients())
    for (name, number) in changes.sorted(by: { $0.key < $1.key }) {
      guard number.isFinite, let changed = all.setting(name.split(separator: ".")[...], to: number) else {
        let known = try coefficients().flatMap { $0.value.flattened($0.key) }.map(\.name).sorted()
        throw .unknownCoefficient(name: name, reward: Self.name, known: known)
      }
      all = changed
    }
    do {
      return try JSONDecoder().decode(Self.self, from: JSONEncoder().encode(all))
    } catch {
      throw .invalidCoefficients(reward: Self.name, reason: "\(error)")
    }
  }
}

extension RewardRule {
  /// The rule of that name with some coefficients changed. Throws `unknownReward`, `unknownCoefficient` or `invalidCoefficients`.
  package init(
    named name: String, setting changes: [String: Double] = [:], isCorrectOnly: Bool = false
  ) throws(RewardError) {
    self.init(try Self.named(name).init().setting(changes), isCorrectOnly: isCorrectOnly)
  }
}
