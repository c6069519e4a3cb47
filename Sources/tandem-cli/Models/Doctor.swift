import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemLlama
import TandemModels
import TandemSetup

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show this machine's resources, whether a model pair fits, and what pays for it.",
    discussion: """
      How fast the processor computes and reads memory gives the --intensity of `tandem report`, by which costs with memory \
      traffic are told.

      With --pair both models are measured, which takes some seconds on an idle machine: how fast each reads and writes, alone and \
      several texts at once, with more compute threads and with flash attention. From these rates follows which settings suit \
      the pair, and which strategies can save time: `tandem bench pair` shows more.

      EXAMPLES
        tandem doctor
        tandem doctor --small a.gguf --large b.gguf --ctx-size 16384
        tandem doctor --small a.gguf --large b.gguf --pair
      """)

  @OptionGroup(title: "Models") var models: PairOptions
  @Option(help: "Runs at the same time; each needs one sequence of each model.") var parallel = 1
  @Flag(help: "Measure both models, and say what pays.") var pair = false
  @Option(help: "text or json.") var format = OutputFormat.text

  func run() async throws {
    var report = try await Report(models, parallel: parallel)
    if pair { try await report.measure(models) }
    if format == .json { return try printJSON(report) }
    Console.write(report.text)
  }

  struct Report: Encodable {
    var system: String
    var processor: String
    var cores: Int
    var memoryBytes: Int
    var freeMemoryBytes: Int?
    var engine: String
    var engineFeatures: [String]
    var modelFolder: String
    var installed: [String]
    var pair: [Estimate]
    var servers: [String]
    var problems: [String]
    var device: Device?
    var measurement: PairMeasurement?
    var advice: [String]?

    /// What the processor does with one compute thread.
    struct Device: Encodable {
      var operationsPerSecond: Double
      var bytesPerSecond: Double
      /// Operations while it reads a byte.
      var intensity: Double

      init(_ trial: DeviceTrial) {
        (operationsPerSecond, bytesPerSecond) = (trial.operationsPerSecond, trial.bytesPerSecond)
        intensity = trial.intensity
      }

      var text: String {
        "\((operationsPerSecond / 1e9).digits(1)) GFLOP/s and \((bytesPerSecond / 1e9).digits(1)) GB/s with one thread: "
          + "--intensity \(intensity.digits(1))"
      }
    }

    struct Estimate: Encodable {
      var role: String
      var model: String
      var weightBytes: Int
      var cacheBytes: Int
      /// Buffers other than weights and cache; scripts/bench/engine checks this bound.
      var otherBytes = 60_000_000
      var total: Int { weightBytes + cacheBytes + otherBytes }
    }

    init(_ options: PairOptions, parallel: Int) async throws {
      let process = ProcessInfo.processInfo
      system = process.operatingSystemVersionString
      processor = Machine.processor
      cores = process.activeProcessorCount
      memoryBytes = Int(process.physicalMemory)
      freeMemoryBytes = Machine.freeMemory
      engine = LlamaLibrary.version
      engineFeatures = LlamaLibrary.features
      let store = ModelStore()
      modelFolder = store.folder.path
      installed = store.models().filter(\.isInstalled).map(\.name)
      (pair, servers, problems) = ([], [], [])
      device = DeviceTrial.run().map(Device.init)
      let given = RunOptions(parallel: parallel).merging(over: options.options)
      try given.validate()
      let all = try given.overPreset()
      for case (let role, let name?) in [("small", all.small), ("large", all.large)] {
        let reference = try ModelReference(parsing: name)
        do {
          if case .server(let address) = reference {
            servers.append("\(role)  \(try await ServerConnections.summary(of: address, all.servers))")
            continue
          }
          let file = try GGUFFile(path: store.url(of: reference).path)
          let contextSize = given.contextSize ?? min(all.contextSize ?? 8192, max(file.trainedContext, 8))
          pair.append(
            Estimate(
              role: role, model: "\(reference)", weightBytes: file.byteCount,
              cacheBytes: file.cacheByteCount(cells: contextSize * parallel)))
        } catch {
          problems.append("\(role): \(error)")
        }
      }
      let needed = pair.reduce(0) { $0 + $1.total }
      if let free = freeMemoryBytes, needed > free {
        problems.append("The pair needs \(needed.asBytes), but only \(free.asBytes) of memory is free.")
      }
    }

    /// Measures both models, and adds what follows.
    ///
    /// Throws `SetupError` if one is not given, and `ModelError` if one is not there, or on a server.
    mutating func measure(_ options: PairOptions) async throws {
      let all = try options.options.overPreset()
      func file(_ role: Role, _ name: String?) throws -> GGUFFile {
        guard let name else { throw SetupError.modelMissing(role: role) }
        return try GGUFFile(path: ModelStore().url(of: ModelReference(parsing: name)).path)
      }
      let (small, large) = (try file(.small, all.small), try file(.large, all.large))
      let measurement = try await PairMeasurement(small: small, large: large, cores: cores) { step in
        Console.write("Measuring: \(step) …\n", to: .standardError)
      }
      self.measurement = measurement
      advice = PairAdvice(measurement, mostDrafts: mostDrafts).sentences
      if let drafts = measurement.cost?.draftsThatPay() {
        do { try MeasuredPairs().keep(drafts: min(drafts, mostDrafts ?? drafts), small, large) } catch {
          problems.append("What was measured can't be kept: \(error)")
        }
      }
    }

    /// How many drafts of a whole window fit into the free memory beside both models, the large one with two sequences.
    private var mostDrafts: Int? {
      guard let free = freeMemoryBytes, pair.count == 2, let small = pair.first, let large = pair.last else {
        return nil
      }
      return max(0, free - small.total - large.total - large.cacheBytes) / max(small.cacheBytes, 1)
    }

    var text: String {
      var lines = [
        "system     \(system)", "processor  \(processor), \(cores) cores",
        "memory     \(memoryBytes.asBytes)" + (freeMemoryBytes.map { ", \($0.asBytes) free" } ?? ""),
        "engine     llama.cpp \(engine), \(engineFeatures.joined(separator: " "))", "models     \(modelFolder)",
        "installed  \(installed.joined(separator: ", "))",
      ]
      if let device { lines.append("device     \(device.text)") }
      lines.append("")
      for estimate in pair {
        lines.append(
          "\(estimate.role)  \(estimate.model): \(estimate.weightBytes.asBytes) weights + "
            + "\(estimate.cacheBytes.asBytes) cache + at most \(estimate.otherBytes.asBytes)")
      }
      lines += servers
      if let advice { lines += [""] + advice }
      lines += problems.isEmpty ? ["", "No problems found."] : [""] + problems
      return lines.joined(separator: "\n") + "\n"
    }
  }
}

/// What the operating system reports about the hardware.
enum Machine {
  static var processor: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
  }

  /// Bytes that programs can have without swapping; nil where the system does not say.
  static var freeMemory: Int? {
    let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
  }

  /// Bytes of memory that this process holds now; nil where the system does not say.
  static var residentMemory: Int? {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * Int(getpagesize()) }
  }
}
