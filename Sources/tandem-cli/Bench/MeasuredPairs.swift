import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemModels
import TandemSetup
import TandemSupport

/// What `tandem doctor --pair` found out about pairs on this machine, in a file beside the models.
struct MeasuredPairs {
  private let file: URL

  init(_ store: ModelStore = ModelStore()) { file = store.folder.appending(path: "pairs.json") }

  /// Remembers how many drafts of Speculative Chain of Thought pay for a pair and fit into memory.
  func keep(drafts: Int, _ small: GGUFFile, _ large: GGUFFile) throws {
    var known = known
    known[key(small, large)] = drafts
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try DurableFile.write(JSONEncoder().encode(known), to: file.path)
  }

  /// That number for the pair that `options` name, one at least.
  ///
  /// Throws `ModelError` for a model that is not there or on a server, and `NotMeasured`.
  func drafts(for options: RunOptions) throws -> Int {
    let all = try options.overPreset()
    func model(_ role: Role, _ name: String?) throws -> GGUFFile {
      guard let name else { throw SetupError.modelMissing(role: role) }
      return try GGUFFile(path: ModelStore().url(of: ModelReference(parsing: name)).path)
    }
    guard let drafts = known[key(try model(.small, all.small), try model(.large, all.large))] else {
      throw NotMeasured()
    }
    return max(drafts, 1)
  }

  private var known: [String: Int] {
    (try? JSONDecoder().decode([String: Int].self, from: Data(contentsOf: file))) ?? [:]
  }

  private func key(_ small: GGUFFile, _ large: GGUFFile) -> String {
    let models = [small, large].map { String($0.fingerprint, radix: 16) }.joined(separator: " + ")
    return "\(models), \(Machine.processor), \(LlamaLibrary.version)"
  }

  /// `drafts=auto` for a pair about which nothing is known.
  struct NotMeasured: ReportableError {
    var exitStatus: ExitStatus { .wrongUsage }
    var description: String { "drafts can't be auto: this pair was not measured on this machine." }
    var hint: String? { "Measure it: tandem doctor --pair, with the same models." }
  }
}
