import CoreMetrics
import Synchronization

/// Keeps the metrics of swift-metrics, and writes them in Prometheus' text format, version 0.0.4.
///
/// Timers and aggregating recorders become histograms, the former in seconds. Nothing is ever forgotten: whoever makes a
/// metric takes its dimensions from a small set.
final class PrometheusRegistry: MetricsFactory {
  private let families = Mutex<[String: Family]>([:])
  private let bounds: [String: [Double]]
  private let help: [String: String]

  private struct Family {
    let kind: String
    var series: [String: any Series] = [:]
  }

  /// - Parameters:
  ///   - bounds: Upper bounds of the buckets of histograms, ascending, by the metric's name in Prometheus.
  ///   - help: What a metric is, in a sentence, likewise.
  init(bounds: [String: [Double]], help: [String: String]) {
    self.bounds = bounds
    self.help = help
  }

  func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(Self.name(label, "_total"), "counter", dimensions) { NumberSeries() }
  }

  func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
    series(Self.name(label, "_total"), "counter", dimensions) { NumberSeries() }
  }

  func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(Self.name(label), "gauge", dimensions) { NumberSeries() }
  }

  func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    let name = Self.name(label)
    return aggregate
      ? series(name, "histogram", dimensions) { [bounds] in HistogramSeries(bounds[name] ?? []) }
      : series(name, "gauge", dimensions) { NumberSeries() }
  }

  func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    let name = Self.name(label, "_seconds")
    return series(name, "histogram", dimensions) { [bounds] in HistogramSeries(bounds[name] ?? []) }
  }

  // They stay: a counter that vanishes would look like one that was set back.
  func destroyCounter(_: any CounterHandler) {}
  func destroyFloatingPointCounter(_: any FloatingPointCounterHandler) {}
  func destroyMeter(_: any MeterHandler) {}
  func destroyRecorder(_: any RecorderHandler) {}
  func destroyTimer(_: any TimerHandler) {}

  /// All metrics, by name and dimensions.
  var text: String {
    families.withLock { families in
      families.sorted { $0.key < $1.key }.map { name, family in
        let head = (help[name].map { "# HELP \(name) \($0)\n" } ?? "") + "# TYPE \(name) \(family.kind)\n"
        return head
          + family.series.sorted { $0.key < $1.key }.map { $1.lines(name, $0) }.joined()
      }.joined()
    }
  }

  /// The series of a metric, which must always be made as the same kind.
  private func series<Kind: Series>(
    _ name: String, _ kind: String, _ dimensions: [(String, String)], make: () -> Kind
  ) -> Kind {
    let labels = dimensions.sorted { $0.0 < $1.0 }.map { "\(Self.name($0))=\"\(Self.escaped($1))\"" }
      .joined(separator: ",")
    return families.withLock { families in
      if let known = families[name, default: Family(kind: kind)].series[labels] as? Kind { return known }
      let made = make()
      families[name, default: Family(kind: kind)].series[labels] = made
      return made
    }
  }

  /// A name as Prometheus has them, with the ending that it wants.
  private static func name(_ label: String, _ ending: String = "") -> String {
    let name = String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "_" ? $0 : "_" })
    return name.hasSuffix(ending) ? name : name + ending
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
