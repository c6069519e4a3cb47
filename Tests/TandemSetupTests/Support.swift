import Foundation
import Synchronization
import TandemInference
import TandemSetup
import TandemTesting

/// What a loader was asked to load.
final class Loads: Sendable {
  private let setups = Mutex<[ModelSetup]>([])

  func add(_ setup: ModelSetup) { setups.withLock { $0.append(setup) } }

  var all: [ModelSetup] { setups.withLock { $0 }.sorted { $0.name < $1.name } }
}

extension ModelSetup {
  /// The name of its file, or its address.
  var name: String {
    switch source {
    case .file(let url): url.lastPathComponent
    case .server(let address, _): address
    }
  }
}

extension EngineLoader {
  /// Models that were trained with so many tokens and follow no script, since nothing runs them.
  static func scripted(trainedContext: Int = 512, loads: Loads = Loads()) -> Self {
    EngineLoader(
      inspect: { _ in ModelFacts(trainedContext: trainedContext, fingerprint: "f") },
      load: { setup in
        loads.add(setup)
        return FunctionModel.table(["": ["a": 1]], name: setup.name)
      })
  }
}

/// A file in a new folder, which is removed afterwards.
func withFile<R>(_ text: String, _ body: (String) throws -> R) throws -> R {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let path = folder.appending(path: "options.yaml").path
  try Data(text.utf8).write(to: URL(filePath: path))
  return try body(path)
}
