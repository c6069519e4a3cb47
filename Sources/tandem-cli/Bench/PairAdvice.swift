import Foundation
import Tandem
import TandemCommandLine
import TandemInference

/// What follows from the rates of a pair: which settings suit it, and which strategies can pay on this machine.
struct PairAdvice {
  let sentences: [String]

  /// - Parameters:
  ///   - mostDrafts: How many drafts of a whole window fit into memory; nil if the free memory is not known.
  init(_ measurement: PairMeasurement, mostDrafts: Int?) {
    guard let cost = measurement.cost, let best = measurement.large.fastest else {
      sentences = []
      return
    }
    sentences =
      [Self.reading(cost), Self.threads(measurement), Self.flashAttention(measurement, best)]
      + [Self.drafts(cost, mostDrafts), Self.speculation(cost), Self.computed(cost)]
  }

  private static func reading(_ cost: PairCost) -> String {
    let models = [("large", cost.large), ("small", cost.small)].map { role, rates in
      "the \(role) model reads \(rates.prefill.digits(0)) tokens a second and writes \(rates.decode.digits(1)) "
        + "(R = \(rates.readingGain.digits(1)))"
    }
    return "Rates: \(models.joined(separator: ", ")). A token of the small model takes "
      + "\(cost.writingRatio.digits(3)) of the time of one of the large model."
  }

  private static func threads(_ measurement: PairMeasurement) -> String {
    guard let best = measurement.large.fastest, let one = measurement.large.trial(1, .off) else { return "" }
    let all = measurement.large.filter { $0.flashAttention == .off }
      .map { "\($0.threads): \($0.rates.decode.digits(1))" }.joined(separator: ", ")
    let known = "Compute threads: the large model writes, in tokens a second, with \(all)."
    guard best.threads > 1, best.rates.decode > one.rates.decode * leastGain else {
      return known + " One is enough: more gain less than \(((leastGain - 1) * 100).digits(0)) %."
    }
    return known + " Use --threads \(best.threads) if nothing else is busy."
  }

  private static func flashAttention(_ measurement: PairMeasurement, _ best: PairMeasurement.Trial) -> String {
    let parts = Role.allCases.reversed().compactMap { role -> String? in
      guard let on = measurement[role].first(where: { $0.flashAttention == .on }),
        let off = measurement[role].trial(on.threads, .off)
      else { return nil }
      let (write, read) = (on.rates.decode / off.rates.decode, on.rates.prefill / off.rates.prefill)
      return
        "the \(role.rawValue) model writes \(write.digits(2)) × and reads \(read.digits(2)) × as fast with it after "
        + "\(on.depth) tokens"
    }
    let known = "Flash attention: \(parts.joined(separator: ", "))."
    guard let on = measurement.large.trial(best.threads, .on), let off = measurement.large.trial(best.threads, .off)
    else {
      return known
    }
    let gain = on.rates.decode / off.rates.decode
    if gain > leastGain { return known + " Use --flash-attn on." }
    return known + (gain < 1 / leastGain ? " Use --flash-attn off." : " It makes no difference that could be measured.")
  }

  private static func drafts(_ cost: PairCost, _ mostDrafts: Int?) -> String {
    let numbers = ([1] + PairMeasurement.batches).map { count in
      "\(count): \(cost.speculativeCoT(drafts: count).digits(2))"
    }
    let most = cost.draftsThatPay()
    var text =
      "Speculative Chain of Thought: over the large model alone it takes, with so many drafts, "
      + numbers.joined(separator: ", ") + ". "
    text +=
      most == 0
      ? "Not even one draft saves time."
      : "Up to \(most) save\(most == 1 ? "s" : "") time: --set drafts=\(most), or drafts=auto from now on."
    if let mostDrafts, mostDrafts < 8 {
      text += " Memory holds \(mostDrafts) that fill a window."
    }
    return text
  }

  private static func speculation(_ cost: PairCost) -> String {
    let length = PairMeasurement.draftLength
    let beginning = "Speculative decoding with \(length) draft tokens: "
    guard let least = cost.leastAcceptance(length: length) else {
      return beginning + "it saves no time even if all of them are right."
    }
    let ratios = [0.6, 0.8, 0.9].map { acceptance in
      "\(acceptance.percent(0)): \(cost.speculation(length: length, acceptance: acceptance).digits(2))"
    }
    return beginning
      + "it saves time if more than \(least.percent(0)) of them are right. Over the large model alone it "
      + "takes, with so many right, \(ratios.joined(separator: ", "))."
  }

  /// The cost model's answer for devices that read much faster than they write.
  private static func computed(_ cost: PairCost) -> String {
    let ratios = [25.0, 100].map { gain in
      "\(cost.reading(gain: gain).speculativeCoT(drafts: 5).digits(2)) at R = \(gain.digits(0))"
    }
    return
      "Computed, not measured: on a device whose large model reads as fast as a graphics processor does, five drafts "
      + "would take \(ratios.joined(separator: " and ")) of the large model alone, drafts as here. The paper reports "
      + "0.52 to 0.34 (48 to 66 % saved)."
  }

  /// Smaller differences are noise.
  private static let leastGain = 1.05
}
