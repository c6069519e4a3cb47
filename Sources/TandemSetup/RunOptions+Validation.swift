import Tandem
import TandemInference

extension RunOptions {
  /// Throws `SetupError.invalidOption`, naming the first field whose value makes no sense for any model.
  public func validate() throws(SetupError) {
    try Self.check("contextSize", contextSize, 8...4_194_304)
    try Self.check("parallel", parallel, 1...64)
    try Self.check("threads", threads, 1...512)
    try Self.check("gpuLayers", gpuLayers, -1_000_000...1_000_000)
    try Self.check("cells", cells, 8...1 << 30)
    if let cells, let contextSize, cells < contextSize {
      throw .invalidOption(name: "cells", reason: "must be at least \(contextSize), one whole window, not \(cells)")
    }
    if let cacheTypeV, cacheTypeV.isQuantized, flashAttention == .off || isDeterministic == true {
      let reason = "can't be \(cacheTypeV.rawValue) without flash attention, which deterministic runs do not use"
      throw .invalidOption(name: "cacheTypeV", reason: reason)
    }
    try Self.check("sampling.topK", sampling?.topK, 0...10_000_000)
    try Self.check("sampling.temperature", sampling?.temperature, { $0 >= 0 && $0.isFinite }, "a number from 0 up")
    try Self.check("sampling.topP", sampling?.topP, { $0 > 0 && $0 <= 1 }, "above 0 and at most 1")
    try Self.check("sampling.minP", sampling?.minP, { $0 >= 0 && $0 < 1 }, "from 0 to below 1")
    try Self.check(
      "sampling.repetitionPenalty", sampling?.repetitionPenalty, { $0 > 0 && $0.isFinite }, "a number above 0")
    for (name, seconds) in [
      ("connectTimeout", servers?.connectTimeout), ("readTimeout", servers?.readTimeout),
      ("patience", servers?.patience),
    ] {
      try Self.check("servers.\(name)", seconds, { $0 > 0 && $0 <= 1e6 }, "above 0 and at most 1e6 seconds")
    }
    try Self.check("servers.reportedTokens", servers?.reportedTokens, 1...1_000_000)
    try Self.check("limits.thinkingTokens", limits?.thinkingTokens, 0...Budget.mostTokens)
    try Self.check("limits.answerTokens", limits?.answerTokens, 1...Budget.mostTokens)
    try Self.check("limits.landingTokens", limits?.landingTokens, 0...Budget.mostTokens)
    try Self.check("limits.seconds", limits?.seconds, { $0 > 0 && $0 <= 1e9 }, "above 0 and at most 1e9")
    try Self.check("seeds", seeds, { (1...10_000).contains($0.count) }, "a list of 1 to 10000 numbers")
  }

  private static func check(_ name: String, _ value: Int?, _ range: ClosedRange<Int>) throws(SetupError) {
    try check(name, value, { range.contains($0) }, "from \(range.lowerBound) to \(range.upperBound)")
  }

  private static func check<Value>(
    _ name: String, _ value: Value?, _ holds: (Value) -> Bool, _ rule: String
  ) throws(SetupError) {
    guard let value, !holds(value) else { return }
    throw .invalidOption(name: name, reason: "must be \(rule), not \(value)")
  }
}
