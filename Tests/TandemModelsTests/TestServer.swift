import Foundation

/// An HTTP server on 127.0.0.1 that does exactly what a test tells it, wrong or right. Written by hand, because a
/// library would not break the protocol.
final class TestServer: @unchecked Sendable {
  struct Request: Sendable {
    var method: String
    var path: String
    var headers: [String: String]

    /// N of `Range: bytes=N-`.
    var rangeStart: Int? { headers["range"]?.firstMatch(of: /bytes=([0-9]+)-/).flatMap { Int($0.1) } }
  }

  enum Step: Sendable {
    case send(String)
    case bytes(Data)
    /// So many bytes of nothing in particular, never held in memory at once.
    case filler(Int)
    case pause(seconds: Double)
    /// Keeps the connection open until the client or the test leaves.
    case hang
  }

  typealias Script = @Sendable (_ request: Request, _ number: Int) -> [Step]

  let port: Int
  private let listener: Int32
  private let script: Script
  private let lock = NSLock()
  private var log: [Request] = []
  private var sent = 0
  private var isStopped = false

  init(_ script: @escaping Script) throws {
    self.script = script
    #if os(Linux)
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
    let listener = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard isBound else { throw CocoaError(.fileWriteUnknown) }
    self.listener = listener
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [self] in serve() }
  }

  deinit { stop() }

  func stop() {
    let wasStopped = lock.withLock {
      defer { isStopped = true }
      return isStopped
    }
    if !wasStopped { shutdown(listener, Int32(SHUT_RDWR)) }
  }

  var requests: [Request] { lock.withLock { log } }

  /// What clients took off its hands, buffers of the system included.
  var sentBytes: Int { lock.withLock { sent } }

  func url(_ path: String = "/file", host: String = "127.0.0.1") -> URL {
    URL(string: "http://\(host):\(port)\(path)") ?? URL(filePath: "/")
  }

  private func serve() {
    while true {
      let connection = accept(listener, nil, nil)
      if connection < 0 || lock.withLock({ isStopped }) { break }
      Thread.detachNewThread { [weak self] in
        self?.answer(connection)
        close(connection)
      }
    }
    close(listener)
  }

  private func answer(_ connection: Int32) {
    guard let request = read(connection) else { return }
    let number = lock.withLock {
      log.append(request)
      return log.count
    }
    for step in script(request, number) {
      switch step {
      case .send(let text): guard write(connection, Data(text.utf8)) else { return }
      case .bytes(let data): guard write(connection, data) else { return }
      case .filler(var rest):
        let chunk = Data(repeating: 7, count: 1 << 16)
        while rest > 0 {
          guard write(connection, chunk.prefix(rest)) else { return }
          lock.withLock { sent += min(rest, chunk.count) }
          rest -= min(rest, chunk.count)
        }
      case .pause(let seconds): Thread.sleep(forTimeInterval: seconds)
      case .hang:
        var byte: UInt8 = 0
        _ = recv(connection, &byte, 1, 0)
      }
    }
  }

  private func read(_ connection: Int32) -> Request? {
    var head = Data()
    while head.range(of: Data("\r\n\r\n".utf8)) == nil {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      head.append(contentsOf: buffer.prefix(count))
    }
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
    guard let words = lines.first?.split(separator: " ").map(String.init), words.count > 1 else { return nil }
    let fields = lines.dropFirst().compactMap { line -> (String, String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
    }
    return Request(method: words[0], path: words[1], headers: Dictionary(fields) { first, _ in first })
  }

  private func write(_ connection: Int32, _ data: Data) -> Bool {
    #if os(Linux)
    let flags = Int32(MSG_NOSIGNAL)
    #else
    let flags: Int32 = 0
    #endif
    return data.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = send(connection, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, flags)
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
  }
}

extension [TestServer.Step] {
  /// A head with these lines, and a body.
  static func answer(_ status: String, _ headers: [String] = [], body: Data = Data(), length: Int? = nil) -> Self {
    let lines = ["HTTP/1.1 \(status)", "Content-Length: \(length ?? body.count)", "Connection: close"] + headers
    return [.send(lines.joined(separator: "\r\n") + "\r\n\r\n"), .bytes(body)]
  }

  /// What a proper file server does, ranges included; `stopAfter` bytes of body it hangs up.
  static func file(
    _ content: Data, _ request: TestServer.Request, etag: String = "\"v1\"", stopAfter: Int = .max
  ) -> Self {
    let isSame = request.headers["if-range"].map { $0 == etag } ?? true
    let start = isSame ? request.rangeStart ?? 0 : 0
    guard start < content.count else {
      return answer("416 Range Not Satisfiable", ["Content-Range: bytes */\(content.count)"])
    }
    let rest = content.dropFirst(start)
    let range = "Content-Range: bytes \(start)-\(content.count - 1)/\(content.count)"
    return answer(
      start > 0 ? "206 Partial Content" : "200 OK", ["ETag: \(etag)"] + (start > 0 ? [range] : []),
      body: Data(rest.prefix(stopAfter)), length: rest.count)
  }
}
