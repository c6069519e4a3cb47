import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A server that sends the very bytes of a script, whatever HTTP asks for.
final class ScriptedServer: Sendable {
  typealias Script = @Sendable (ScriptedRequest) async throws -> [Step]

  /// What happens on the connection after a request.
  enum Step: Sendable {
    case bytes([UInt8])
    /// Nothing more is sent until the client hangs up.
    case wait
    /// The connection is closed; without this, the next request on it is awaited.
    case close
    /// The connection is reset, as by a process that was killed.
    case reset
  }

  let port: Int
  private let listener: any Channel
  private let record: Record

  private final class Record: Sendable {
    let state = Mutex((requests: [ScriptedRequest](), opened: 0, open: 0))
    /// What serves each connection; nil once the server has stopped.
    let tasks = Mutex<[Task<Void, Never>]?>([])
  }

  /// What was asked, in the order of arrival.
  var requests: [ScriptedRequest] { record.state.withLock { $0.requests } }
  /// How many connections there are.
  var openConnections: Int { record.state.withLock { $0.open } }
  /// How many there were.
  var connections: Int { record.state.withLock { $0.opened } }
  var url: String { "http://127.0.0.1:\(port)/v1" }

  /// Requests for completions, without those of the probe.
  func completions(after count: Int = 0) -> [ScriptedRequest] {
    requests.filter { $0.path.hasSuffix("/completion") || $0.path.hasSuffix("/completions") }.dropFirst(count).map {
      $0
    }
  }

  init(_ script: @escaping Script) async throws {
    let record = Record()
    // Each connection is served from the moment when it is there: one that arrives while the server stops would be dropped
    // out of a sequence of connections, and SwiftNIO ends the process if nobody has closed it.
    let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.backlog, value: 256)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let connection = try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
          let task = Task { _ = try? await Self.serve(connection, script, record) }
          let isStopped = record.tasks.withLock { tasks in
            tasks?.append(task)
            return tasks == nil
          }
          if isStopped { task.cancel() }
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    (self.listener, self.record) = (listener, record)
    port = listener.localAddress?.port ?? 0
  }

  deinit { stop() }

  /// Closes the port and all connections.
  func stop() {
    listener.close(promise: nil)
    let tasks = record.tasks.withLock { tasks in
      defer { tasks = nil }
      return tasks
    }
    for task in tasks ?? [] { task.cancel() }
  }

  private static func serve(
    _ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>, _ script: Script, _ record: Record
  ) async throws {
    let number = record.state.withLock { state in
      state.opened += 1
      state.open += 1
      return state.opened
    }
    defer { record.state.withLock { $0.open -= 1 } }
    try await connection.executeThenClose { inbound, outbound in
      var (reader, received) = (inbound.makeAsyncIterator(), [UInt8]())
      while true {
        guard let request = ScriptedRequest(&received, connection: number) else {
          guard let more = try await reader.next() else { return }
          received += more.readableBytesView
          continue
        }
        record.state.withLock { $0.requests.append(request) }
        for step in try await script(request) {
          switch step {
          case .bytes(let bytes): try await outbound.write(ByteBuffer(bytes: bytes))
          case .wait: while try await reader.next() != nil {}
          case .close: return
          case .reset:
            let provider = connection.channel as? any SocketOptionProvider
            try await provider?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
            return
          }
        }
      }
    }
  }
}

/// A request as it came.
struct ScriptedRequest: Sendable {
  let path: String
  /// By their names in small letters.
  let headers: [String: String]
  let body: [UInt8]
  /// The number of its connection.
  let connection: Int

  /// Takes the first request out of `bytes`; nil if it is not complete.
  init?(_ bytes: inout [UInt8], connection: Int) {
    let end = Array("\r\n\r\n".utf8)
    guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
    let lines = String(decoding: bytes[..<start], as: UTF8.self).components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
    }
    let length = headers["content-length"].flatMap(Int.init) ?? 0
    guard bytes.count >= start + 4 + length else { return nil }
    path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
    body = Array(bytes[(start + 4)...].prefix(length))
    self.headers = headers
    self.connection = connection
    bytes.removeFirst(start + 4 + length)
  }

  /// The body's members.
  var json: [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
  }
}
