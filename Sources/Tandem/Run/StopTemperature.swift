public import TandemInference

/// Temperature on the end of thinking (TS, arXiv:2505.07961, Sec. 3): z / T on its logit, all others untouched.
///
/// T < 1 makes a model stop sooner, T > 1 later; 1 is off, and bit-identical to a run without it. It acts at every step
/// of the thinking, before temperature and filters, which could otherwise have cut the token off already.
///
/// Raw logits have no zero: one below it gets *smaller* when it is divided by T < 1. On the nano models that is so at
/// almost half of all steps, so how to measure a logit is an explicit choice.
public struct StopTemperature: Sendable, Hashable, Codable {
  /// T, which is above 0.
  public var temperature: Float
  /// The point from which the logit is measured when it is divided.
  public var measure: Measure

  /// The point from which a logit is measured when it is divided.
  public enum Measure: String, Sendable, SettingChoice {
    /// z / T, as printed. If z < 0 and T < 1, it works against the stop.
    case paper
    /// z / T above 0, z · T below: always towards the stop for T < 1.
    case signSafe = "sign-safe"
    /// m + (z − m) / T, m being the smallest logit of the row: does not change when all logits are shifted.
    case shifted
    /// z − ln T: the odds of stopping are 1 / T of what they were.
    case logOdds = "log-odds"
  }

  /// A temperature; 1 changes nothing.
  public init(_ temperature: Float = 1, measure: Measure = .signSafe) {
    self.temperature = temperature
    self.measure = measure
  }

  /// The values that T may have.
  static let domain = SettingDomain<Float>.above(0, to: 1000)

  /// Leaves the end of thinking alone.
  public static let off = Self()

  /// What a model must be able to do: log-odds add a constant, sign-safe is what servers have a plug-in for, and the
  /// others need the logits themselves.
  public var needs: EngineCapabilities {
    guard temperature != 1 else { return [] }
    return switch measure {
    case .logOdds: .bias
    case .signSafe: .scaling
    case .paper, .shifted: .logits
    }
  }

  /// The logit that replaces `z` in a row whose smallest logit is `minimum`.
  func scaled(_ z: Float, minimum: @autoclosure () -> Float) -> Float {
    switch measure {
    case .paper: return z / temperature
    case .signSafe: return z > 0 ? z / temperature : z * temperature
    case .shifted:
      let minimum = minimum()
      return minimum + (z - minimum) / temperature
    case .logOdds: return z - Softmax.log(temperature)
    }
  }

  /// The processor for the tokens that end the thinking; nil if it would change nothing.
  package func processor(for tokens: [Token]) -> (any LogitProcessor)? {
    temperature == 1 || tokens.isEmpty ? nil : Processor(stop: self, tokens: tokens)
  }

  func validate() throws(ReasoningError) {
    if let fault = Self.domain.kind.fault(in: temperature.setting) {
      throw .invalidSetting(name: "stopTemperature", reason: fault)
    }
  }

  private struct Processor: LogitProcessor {
    let stop: StopTemperature
    let tokens: [Token]

    /// −ln T for the log-odds: the only measure that does not depend on the logit.
    var bias: [Token: Float]? {
      guard stop.measure == .logOdds else { return nil }
      return Dictionary(tokens.map { ($0, -Softmax.log(stop.temperature)) }) { first, _ in first }
    }

    var scaling: LogitScaling? {
      stop.measure == .signSafe ? LogitScaling(of: tokens, temperature: stop.temperature) : nil
    }

    func process(_ logits: inout MutableSpan<Float>, after _: [Token]) {
      for token in tokens where logits.indices.contains(Int(token.rawValue)) {
        let z = logits[Int(token.rawValue)]
        guard z.isFinite else { continue }  // a banned token stays banned
        logits[Int(token.rawValue)] = stop.scaled(z, minimum: Self.minimum(of: logits.span))
      }
    }

    /// The smallest logit that is a number.
    private static func minimum(of logits: Span<Float>) -> Float {
      var minimum = Float.infinity
      for index in logits.indices where logits[index].isFinite { minimum = min(minimum, logits[index]) }
      return minimum
    }
  }
}
