import Dispatch
import Foundation
import Synchronization
import Tandem
package import TandemSupport

/// Traces of runs on a disk: a file for each, `FOLDER/DATE/ID.jsonl`, in the format that `tandem trace` reads. If there
/// are more than `limit`, the oldest go.
package final class TraceStore: Sendable {
  private let folder: String
  private let limit: Int
  private let onFault: @Sendable (String) -> Void
  private let contents: Mutex<[StoredTrace]>
  private let queue = DispatchQueue(label: "tandem.traces")

  /// Creates the folder, or finds the traces that are in it.
  ///
  /// - Parameters:
  ///   - folder: The path of the folder.
  ///   - limit: The most traces that are kept.
  ///   - onFault: Told in a sentence of a trace that could not be stored.
  package init(
    folder: String, limit: Int, onFault: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(FileFault) {
    try DurableFile.makeFolder(folder)
    self.folder = folder
    self.limit = limit
    self.onFault = onFault
    contents = Mutex(Self.found(in: folder))
  }

  /// All traces, newest first.
  var all: [StoredTrace] { contents.withLock { $0.reversed() } }

  /// The lines of a trace; nil if there is none of this id, or none any more.
  func lines(of id: String) -> Data? {
    guard let trace = contents.withLock({ $0.last { $0.id == id } }) else { return nil }
    return try? Data(contentsOf: URL(filePath: trace.path(in: folder)))
  }

  /// Writes a trace, on a thread of its own. Returns what is wrong if it can't be written.
  func store(_ trace: Trace, id: String) async -> String? {
    guard let header = trace.header else { return nil }
    let stored = StoredTrace(id: id, created: Int(Date.now.timeIntervalSince1970), header)
    let fault: String? = await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: self.write(trace, as: stored)) }
    }
    if let fault { onFault(fault) }
    return fault
  }

  private func write(_ trace: Trace, as stored: StoredTrace) -> String? {
    do {
      try DurableFile.makeFolder("\(folder)/\(stored.date)")
      try DurableFile.write(Data(trace.lines().utf8), to: stored.path(in: folder))
    } catch {
      return "The trace of \(stored.id) can't be stored: \((error as? FileFault)?.reason ?? "\(error)")."
    }
    let dropped = contents.withLock { traces in
      traces.append(stored)
      defer { traces.removeFirst(max(0, traces.count - limit)) }
      return traces.prefix(max(0, traces.count - limit))
    }
    for old in dropped { try? FileManager.default.removeItem(atPath: old.path(in: folder)) }
    return nil
  }

  /// The traces that earlier servers left, oldest first.
  private static func found(in folder: String) -> [StoredTrace] {
    let files = FileManager.default
    var traces: [StoredTrace] = []
    for date in ((try? files.contentsOfDirectory(atPath: folder)) ?? []).sorted() {
      for name in (try? files.contentsOfDirectory(atPath: "\(folder)/\(date)")) ?? [] where name.hasSuffix(".jsonl") {
        let path = "\(folder)/\(date)/\(name)"
        guard let data = try? Data(contentsOf: URL(filePath: path)), let first = data.numberedLines.first,
          let event = try? JSONDecoder().decode(TimedEvent.self, from: first.line),
          case .started(let header) = event.event
        else { continue }
        let time = (try? files.attributesOfItem(atPath: path))?[.modificationDate] as? Date ?? .distantPast
        traces.append(
          StoredTrace(
            id: String(name.dropLast(6)), created: Int(time.timeIntervalSince1970), date: date, header))
      }
    }
    return traces.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
  }
}

/// A stored trace as `GET /v1/traces` lists it.
struct StoredTrace: Sendable, Encodable {
  let id: String
  /// Seconds since 1970.
  let created: Int
  let strategy: String
  let small: String?
  let large: String?
  /// The beginning of what was asked.
  let question: String
  /// The folder of its day.
  let date: String

  init(id: String, created: Int, date: String? = nil, _ header: TraceHeader) {
    self.id = id
    self.created = created
    self.date =
      date ?? Date(timeIntervalSince1970: Double(created)).formatted(.iso8601.year().month().day())
    strategy = header.strategy
    small = header.small
    large = header.large
    question = String(header.problem.question.prefix(200))
  }

  func path(in folder: String) -> String { "\(folder)/\(date)/\(id).jsonl" }
}
