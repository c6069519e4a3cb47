import CoreMetrics
import Tandem

/// The metrics of a server: requests by the GenAI conventions of OpenTelemetry, and what two models did for them.
///
/// Every dimension is from a small set: models that are served, strategies, routes, reasons.
struct ServerMetrics: Sendable {
  private let registry = PrometheusRegistry(bounds: Conventions.bounds, help: Conventions.help)
  private let models: Set<String>

  /// - Parameter models: The names that are served; a request for another one is counted as `other`.
  init(models: Set<String>) { self.models = models }

  /// A number that is read while the metrics are written, such as the runs that wait.
  struct Reading: Sendable {
    let name: String
    var dimensions: [(String, String)] = []
    let value: Double
    /// Whether it only grows.
    var isCounter = false
  }

  /// Counts a request.
  func count(_ notes: RequestRecord.Notes) {
    let dimensions = [
      ("route", notes.route ?? "other"), ("method", notes.route == nil ? "other" : notes.method),
      ("status", "\(notes.status)"),
    ]
    counter(Conventions.requests, dimensions, 1)
    guard let model = notes.model else { return }
    count(notes, of: models.contains(model) ? model : "other")
  }

  private func count(_ notes: RequestRecord.Notes, of model: String) {
    let isKnown = models.contains(model)
    let strategy = isKnown ? notes.strategy ?? "none" : "other"
    let both = [("model", model), ("strategy", strategy)]
    counter(Conventions.runs, both + [("finish", notes.finish ?? "error")], 1)
    for (reason, number) in notes.handOvers {
      counter(Conventions.handOvers, both + [("reason", reason.rawValue)], number)
    }
    for role in Role.allCases {
      guard let usage = notes.usage?[role] else { continue }
      for (kind, number) in Conventions.kinds(of: usage) where number > 0 {
        counter(Conventions.tokens, both + [("role", role.rawValue), ("kind", kind)], number)
      }
    }
    if let queue = notes.queue { timer(Conventions.queue, both, queue) }
    var attributes = [("gen_ai.operation.name", "chat"), ("gen_ai.request.model", model)]
    if let first = notes.first { timer(Conventions.firstToken, attributes, first) }
    let tokens = notes.usage.map { $0.small.kept + $0.large.kept } ?? 0
    if let first = notes.first, tokens > 1 {
      timer(Conventions.perToken, attributes, (notes.total - first) / Double(tokens - 1))
    }
    if let error = notes.error { attributes.append(("error.type", error)) }
    timer(Conventions.duration, attributes, notes.total)
  }

  /// The text that Prometheus reads.
  func text(_ readings: [Reading]) -> String {
    for reading in readings {
      // A count that something else keeps: its value is set, whatever its kind.
      let series =
        reading.isCounter
        ? registry.makeFloatingPointCounter(label: reading.name, dimensions: reading.dimensions) as? NumberSeries
        : registry.makeMeter(label: reading.name, dimensions: reading.dimensions) as? NumberSeries
      series?.set(reading.value)
    }
    return registry.text
  }

  private func counter(_ name: String, _ dimensions: [(String, String)], _ amount: Int) {
    Counter(label: name, dimensions: dimensions, factory: registry).increment(by: amount)
  }

  private func timer(_ name: String, _ dimensions: [(String, String)], _ seconds: Double) {
    Timer(label: name, dimensions: dimensions, factory: registry).recordNanoseconds(Int64(seconds * 1e9))
  }
}

extension RoleUsage {
  fileprivate var kept: Int { thinking + answer }
}
