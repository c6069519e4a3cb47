package import Tandem

/// What the work of the models costs, in any currency.
package struct PriceTable: Sendable, Hashable, Codable {
  package var small = Price()
  package var large = Price()

  /// What one model's work costs; what is not given costs nothing.
  package struct Price: Sendable, Hashable, Codable {
    /// For a million tokens that the model sampled, those too that were not kept.
    package var output = 0.0
    /// For a million tokens that it evaluated without sampling them: prompts, and what the other model wrote.
    package var input = 0.0
    /// For a second of waiting for it.
    package var second = 0.0

    package init(output: Double = 0, input: Double = 0, second: Double = 0) {
      self.output = output
      self.input = input
      self.second = second
    }

    package init(from decoder: any Decoder) throws {
      let values = try decoder.singleValueContainer().decode([String: Double].self)
      for (part, price) in values { try set(part, price) }
    }

    func cost(_ usage: RoleUsage) -> Double {
      (Double(usage.sampled) * output + Double(usage.prefilled) * input) / 1e6 + usage.seconds * second
    }

    /// Throws `invalidPrice` for what is not a price.
    fileprivate mutating func set(_ part: String, _ price: Double) throws(ReportError) {
      guard price >= 0, price.isFinite else {
        throw .invalidPrice(text: "\(part): \(price)", reason: "a price is a number from 0 up")
      }
      switch part {
      case "output": output = price
      case "input": input = price
      case "second": second = price
      default: throw .invalidPrice(text: part, reason: "a model has prices for output, input and second")
      }
    }
  }

  package init(small: Price = Price(), large: Price = Price()) {
    self.small = small
    self.large = large
  }

  /// From words such as `small=0.1,large=2,large.input=0.5,large.second=0.001`; without a dot it is the output's price.
  ///
  /// Throws `invalidPrice`, naming the word that can't be read.
  package init(parsing text: String) throws(ReportError) {
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let halves = word.split(separator: "=", omittingEmptySubsequences: false)
      guard halves.count == 2, let price = Double(halves[1]) else {
        throw .invalidPrice(text: String(word), reason: "it has to be like small=0.1 or large.input=0.5")
      }
      let name = halves[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard name.count <= 2, let role = name.first.flatMap(Role.init) else {
        throw .invalidPrice(text: String(word), reason: "a price is of small or large")
      }
      let part = name.count == 2 ? name[1] : "output"
      if role == .small { try small.set(part, price) } else { try large.set(part, price) }
    }
  }

  package init(from decoder: any Decoder) throws {
    for (name, price) in try decoder.singleValueContainer().decode([String: Price].self) {
      switch Role(rawValue: name) {
      case .small: small = price
      case .large: large = price
      case nil: throw ReportError.invalidPrice(text: name, reason: "a price is of small or large")
      }
    }
  }

  package func cost(_ usage: Usage) -> Double { small.cost(usage.small) + large.cost(usage.large) }

  /// The table in words, for a report's notes.
  var description: String {
    func words(_ price: Price) -> String {
      let parts =
        [(price.output, "per million tokens of output"), (price.input, "per million of input")]
        + [(price.second, "a second")]
      return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
    let models = [("small", small), ("large", large)].map { "\($0) \($1 == Price() ? "nothing" : words($1))" }
    return "Prices: \(models.joined(separator: "; ")). What is not named costs nothing."
  }
}
