import Synchronization
import TandemInference
import TandemSetup

/// Keeps the models that were loaded, for a strategy that needs the same ones and no more of each.
final class KeptEngines: Sendable {
  private let kept = Mutex<[ModelSource: (setup: ModelSetup, model: any LanguageModel)]>([:])
  private let engines: EngineLoader

  init(_ engines: EngineLoader) { self.engines = engines }

  var loader: EngineLoader {
    EngineLoader(inspect: engines.inspect) { [self] setup in
      let known = kept.withLock { $0[setup.source] }
      if let known {
        var same = known.setup
        same.sequences = setup.sequences
        if same.layout == .shared { same.layout = setup.layout }  // where sessions can be forked, they need not be
        if same == setup, setup.sequences <= known.setup.sequences { return known.model }
      }
      let model = try await engines.load(setup)
      kept.withLock { $0[setup.source] = (setup, model) }
      return model
    }
  }
}
