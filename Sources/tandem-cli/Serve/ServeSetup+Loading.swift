#if Servers
import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemServer
import TandemSetup

extension ServeSetup {
  /// Loads all models, telling on standard error how far it is.
  ///
  /// - Parameter recording: Records what large models reject of the small ones' guesses.
  ///
  /// Throws whatever the engines throw.
  func load(recording: DraftRecording? = nil) async throws -> Server {
    var served: [ServedPair] = []
    for pair in pairs { served.append(try await Self.load(pair, recording, queue: server.queue ?? 64)) }
    let models = ServedModels(
      pairs: served, named: self.models.compactMap { $0.served(by: served) }, aliases: server.aliases ?? [:])
    var configuration = Server.Configuration()
    configuration.host = host
    configuration.port = port
    configuration.limits.draining = .seconds(server.drain ?? 30)
    configuration.traces = try server.traces.map { folder in
      try TraceStore(folder: folder, limit: server.keepTraces ?? 1000) { fault in
        Console.write("Warning: \(fault) Runs are served all the same.\n", to: .standardError)
      }
    }
    let log = try RequestLogFile(server.log ?? "-")
    try configuration.use(
      access, models: models, hasPrompts: server.logPrompts ?? false, log: { log.write($0) })
    return Server(models, configuration)
  }

  private static func load(
    _ pair: OfferedPair, _ recording: DraftRecording?, queue: Int
  ) async throws -> ServedPair {
    let began = ContinuousClock.now
    let progress = ProgressLine()
    let names = Role.allCases.compactMap { pair.conditions.model($0) }
    progress.show("Loading \(pair.name): \(names.joined(separator: ", ")) …", isLast: true)
    let loaded = try await Pair.load(pair.conditions, pair.size, with: pair.loader)
    var solver = loaded.solver(pair.conditions)
    solver.recording = recording
    solver = try solver.with(small: pair.use.small, large: pair.use.large, guides: loaded.guides)
    let usable = try pair.strategies.filter { strategy in
      do {
        try solver.check(strategy)
        return true
      } catch {
        // The strategy of requests that name none has to work.
        if type(of: strategy) == type(of: pair.strategy) { throw error }
        progress.write("\(pair.name) is served without \(type(of: strategy).name): \(error)")
        return false
      }
    }
    let sequences = Role.allCases.compactMap { role in pair.places[role].map { "\($0) \(role.rawValue)" } }
    let seconds = ((ContinuousClock.now - began) / .seconds(1)).digits(1)
    progress.end()
    progress.write(
      "\(pair.name): \(usable.count) strategies, windows of \(pair.conditions.contextSize) tokens, sequences: "
        + "\(sequences.joined(separator: ", ")); loaded in \(seconds) s.")
    // What is read after a cached beginning is read in other batches, and its numbers may differ in their last bits.
    let windows = pair.size.windows(contextSize: pair.conditions.contextSize)
    let idle = pair.conditions.isDeterministic ? [:] : windows
    return ServedPair(
      name: pair.name, solver: solver, gate: RunGate(places: pair.places, queue: queue, keepingIdle: idle),
      strategy: pair.strategy, strategies: usable)
  }
}
#endif
