extension Trainer {
  /// The mixture of the next step: estimated again if it is time, on the model as it is.
  func currentMixture() throws(TrainingError) -> Reweighting.Mixture? {
    guard let reweighting else { return nil }
    guard let mixture else {
      let losses = try reweighting.losses(of: model)
      return Reweighting.Mixture(longShare: 0.5, shortStart: losses.short, longStart: losses.long)
    }
    guard stepCount.isMultiple(of: reweighting.interval) else { return mixture }
    let losses = try reweighting.losses(of: model)
    return mixture.updated(short: losses.short, long: losses.long, rate: reweighting.rate)
  }

  /// The documents, weighted by their kinds.
  func weighted(by mixture: Reweighting.Mixture?) -> [TrainingDocument] {
    guard let reweighting, let mixture else { return documents }
    let factors = reweighting.factors(mixture, of: documents)
    return zip(documents, reweighting.isLong).map { $0.weighted(by: $1 ? factors.long : factors.short) }
  }
}
