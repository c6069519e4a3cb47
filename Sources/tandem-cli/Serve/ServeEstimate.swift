#if Servers
import Foundation
import Tandem
import TandemCommandLine
import TandemLlama
import TandemSetup

/// The memory that pairs take, from their files alone.
struct ServeEstimate: Encodable {
  var models: [Model] = []
  var totalBytes = 0
  var freeBytes: Int?

  struct Model: Encodable {
    var pair: String
    var role: String
    var file: String
    var window: Int
    var sequences: Int
    var cells: Int
    var weightBytes: Int
    var cacheBytes: Int
    /// Buffers other than weights and cache, at most.
    var otherBytes = 60_000_000

    var bytes: Int { weightBytes + cacheBytes + otherBytes }
  }

  init(_ pairs: [OfferedPair]) throws {
    for pair in pairs {
      for (role, setup) in try pair.setups() {
        guard case .file(let url) = setup.source else { continue }  // its server's memory is the server's
        let file = try GGUFFile(path: url.path)
        let parameters = LlamaParameters(setup)
        let cells = parameters.totalCells
        models.append(
          Model(
            pair: pair.name, role: role, file: url.lastPathComponent, window: setup.contextSize,
            sequences: setup.sequences, cells: cells, weightBytes: file.byteCount,
            cacheBytes: file.cacheByteCount(
              cells: cells, keys: parameters.cacheTypeK, values: parameters.cacheTypeV)))
      }
    }
    totalBytes = models.reduce(0) { $0 + $1.bytes }
    freeBytes = Machine.freeMemory
  }

  var text: StyledText {
    var table = Table(
      ["PAIR", "MODEL", "WINDOW", "SEQUENCES", "WEIGHTS", "CACHE", "OTHER"], rightAligned: [2, 3, 4, 5, 6])
    for model in models {
      table.add([
        model.pair, "\(model.role)  \(model.file)", "\(model.window)", "\(model.sequences)",
        model.weightBytes.asBytes, model.cacheBytes.asBytes, model.otherBytes.asBytes,
      ])
    }
    let free = freeBytes.map { ", and \($0.asBytes) is free" } ?? ""
    return table.text + "\nIn all at most \(totalBytes.asBytes)\(free).\n"
  }

  /// Why it can't work; nil if it may.
  var problem: String? {
    guard let freeBytes, totalBytes > freeBytes else { return nil }
    return "The models need up to \(totalBytes.asBytes), and \(freeBytes.asBytes) of memory is free."
  }
}
#endif
