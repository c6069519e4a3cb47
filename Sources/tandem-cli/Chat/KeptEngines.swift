import Foundation
import Synchronization
import TandemInference
import TandemSetup

/// Keeps the models that were loaded, for a strategy that needs the same ones and no more of each.
final class KeptEngines: Sendable {
  private let kept = Mutex<[URL: (setup: ModelSetup, model: any LanguageModel)]>([:])

  var loader: EngineLoader {
    EngineLoader(inspect: EngineLoader.llama.inspect) { [self] setup in
      let known = kept.withLock { $0[setup.url] }
      if let known {
        var same = known.setup
        same.sequences = setup.sequences
        if same == setup, setup.sequences <= known.setup.sequences { return known.model }
      }
      let model = try await EngineLoader.llama.load(setup)
      kept.withLock { $0[setup.url] = (setup, model) }
      return model
    }
  }
}
