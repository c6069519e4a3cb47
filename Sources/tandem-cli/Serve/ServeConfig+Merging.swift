#if Servers
import ArgumentParser
import Tandem
import TandemSetup

extension ServeConfig {
  /// Reads a file.
  ///
  /// Throws `ModelError.fileNotFound`, or `SetupError.invalidFile` with the place of what is wrong.
  init(file path: String) throws {
    self = try OptionFile(path).options(kind: "a server's configuration")
    do {
      try server.validate()
      try shared.options.validate()
      for pair in pairs ?? [] { try pair.options.validate() }
    } catch { throw SetupError.invalidFile(path: path, reason: "\(error)".trimmingFullStop) }
  }

  /// This configuration, with what flags say over it.
  ///
  /// Throws `ValidationError` for flags that name a pair, if the file names pairs.
  func changed(by given: PairDraft, _ server: ServerOptions) throws -> Self {
    let namesModels = [given.options.preset, given.options.small, given.options.large].contains { $0 != nil }
    if pairs != nil, namesModels || given.strategy != nil || given.settings != nil || given.use != nil {
      throw ValidationError(
        "The configuration has several pairs: change their models, strategies and uses there, not by flags.")
    }
    var config = self
    config.server = server.merging(over: self.server)
    config.shared = given.merging(over: shared)
    config.pairs = pairs?.map { pair in
      var pair = pair
      pair.options = given.options.merging(over: pair.options)
      return pair
    }
    return config
  }

  /// All pairs, with what they share under what each says; one pair, if none is named.
  var allPairs: [PairDraft] { pairs?.map { $0.merging(over: shared) } ?? [shared] }
}

extension ServeConfig.PairDraft {
  /// This pair, with what `base` says for whatever it does not.
  func merging(over base: Self) -> Self {
    // Settings belong to their strategy.
    let hasOwnStrategy = strategy != nil && strategy != base.strategy
    let below = hasOwnStrategy ? nil : base.settings
    return Self(
      name: name ?? base.name, options: options.merging(over: base.options), strategy: strategy ?? base.strategy,
      settings: settings.map { (below ?? [:]).merging($0) { $1 } } ?? below,
      strategies: strategies ?? base.strategies, use: use ?? base.use)
  }

  /// As requests name it.
  func title() throws -> String {
    if let name { return name }
    return try options.chosenPreset()?.name ?? "pair"
  }
}

extension String {
  fileprivate var trimmingFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
#endif
