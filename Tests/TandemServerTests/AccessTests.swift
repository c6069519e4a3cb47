import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import TandemServer

/// A server's answer, as a test reads it.
struct AccessAnswer: Sendable {
  let status: Int
  let headers: HTTPFields
  let text: String
}

/// What a server without models answers to a request.
func ask(
  _ path: String, _ method: HTTPRequest.Method = .get, _ headers: HTTPFields = [:], host: String? = "localhost:8080",
  access: ServerAccess = .init(), log: @escaping @Sendable (String) -> Void = { _ in }
) async throws -> AccessAnswer {
  var configuration = Server.Configuration()
  try configuration.use(access, models: ServedModels(pairs: []), log: log)
  let head = HTTPRequest(method: method, scheme: "http", authority: host, path: path, headerFields: headers)
  let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
  let source = ServerContext.Source(channel: NIOAsyncTestingChannel(), logger: Logger(label: "test"))
  let response = try await Server(nil, configuration).router().buildResponder()
    .respond(to: request, context: ServerContext(source: source))
  let written = WrittenBody()
  try await response.body.write(written)
  return AccessAnswer(status: response.status.code, headers: response.headers, text: written.text)
}

private final class WrittenBody: ResponseBodyWriter {
  var text = ""
  func write(_ buffer: ByteBuffer) { text += String(buffer: buffer) }
  func finish(_: HTTPFields?) {}
}

/// Lines that were logged.
final class Lines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func add(_ line: String) { lines.withLock { $0.append(line) } }
}

@Suite struct `Access to a server` {
  private let secret = "sk-0123456789abcdef"

  private func keyed() throws -> ServerAccess {
    var access = ServerAccess()
    access.keys = try APIKeys([APIKey(name: "web", key: secret), APIKey(name: "agent", key: "sk-another-key-here")])
    return access
  }

  @Test(arguments: ["Bearer sk-0123456789abcdef", "bearer  sk-0123456789abcdef"])
  func `is for who has a key`(header: String) async throws {
    #expect(try await ask("/v1/rewards", access: keyed()).status == 401)
    #expect(try await ask("/v1/rewards", .get, [.authorization: header], access: keyed()).status == 200)
    #expect(try await ask("/v1/rewards", .get, [.apiKey: secret], access: keyed()).status == 200)
  }

  @Test(arguments: [
    "", "Bearer", "Basic sk-0123456789abcdef", "Bearer sk-0123456789abcdeg", "Bearer sk-0123456789abcde",
  ])
  func `is refused without a right key, which no error repeats`(header: String) async throws {
    let answer = try await ask("/v1/chat/completions", .post, [.authorization: header], access: keyed())
    #expect(answer.status == 401 && answer.text.contains(#""code":"invalid_api_key""#), "\(answer)")
    #expect(!answer.text.contains("0123456789"))
    let messages = try await ask("/v1/messages", .post, [.authorization: header], access: keyed())
    #expect(messages.text.contains(#""type":"authentication_error""#), "\(messages)")
  }

  @Test func `to its health needs no key`() async throws {
    #expect(try await ask("/health", .get, [.authorization: "Bearer wrong"], access: keyed()).status == 200)
  }

  @Test func `is logged under the name of the key`() async throws {
    let lines = Lines()
    _ = try await ask("/v1/rewards", .get, [.apiKey: secret], access: keyed()) { lines.add($0) }
    let line = try #require(lines.all.first)
    #expect(line.contains(#""key":"web""#) && !line.contains(secret), "\(line)")
  }

  @Test(arguments: [
    "localhost", "127.0.0.1:8080", "[::1]:8080", "10.1.2.3:80", "LocalHost:1", "box.example", "a.localhost",
  ])
  func `without keys is by addresses and names of its own`(host: String) async throws {
    var access = ServerAccess()
    access.hosts = ["box.example"]
    #expect(try await ask("/health", host: host, access: access).status == 200)
  }

  @Test(arguments: ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8080", "evil.example:8080"])
  func `without keys is not by names that a page could make resolve to it`(host: String) async throws {
    let answer = try await ask("/v1/models", host: host)
    #expect(answer.status == 403, "\(answer)")
  }

  @Test func `without keys is not for pages of other origins`() async throws {
    #expect(try await ask("/health", .get, [.origin: "http://evil.example"]).status == 403)
    #expect(try await ask("/health", .get, [.origin: "null"]).status == 403)
    #expect(try await ask("/health", .get, [.origin: "http://localhost:8080"]).status == 200)
    #expect(try await ask("/health", .get, [.origin: "http://localhost:9090"]).status == 403)
  }

  @Test func `from pages is for listed origins only`() async throws {
    var access = ServerAccess()
    access.origins = ["https://chat.example"]
    let listed = try await ask("/health", .get, [.origin: "https://chat.example"], access: access)
    #expect(listed.headers[.accessControlAllowOrigin] == "https://chat.example")
    let preflight = try await ask("/v1/chat/completions", .options, [.origin: "https://chat.example"], access: access)
    #expect(preflight.status == 204 && preflight.headers[.accessControlAllowHeaders]?.contains("authorization") == true)
    var keyed = try keyed()
    keyed.origins = access.origins
    let other = try await ask("/health", .get, [.origin: "http://evil.example"], access: keyed)
    #expect(other.headers[.accessControlAllowOrigin] == nil)
  }

  @Test func `gives browsers nothing to run`() async throws {
    for path in ["/health", "/nothing"] {
      let answer = try await ask(path)
      #expect(answer.headers[.xContentTypeOptions] == "nosniff", "\(answer)")
      #expect(answer.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'") == true, "\(answer)")
    }
  }

  @Test func `from other machines needs keys`() throws {
    for host in ["0.0.0.0", "::", "10.0.0.1", "box.example"] {
      #expect(throws: ServerSetupError.needsKey(host: host)) { try ServerAccess().validate(host: host) }
      try keyed().validate(host: host)
    }
    for host in ["127.0.0.1", "127.1.2.3", "localhost", "::1"] { try ServerAccess().validate(host: host) }
  }

  @Test func `by keys that are short, twice there or not ASCII is refused`() {
    func reject(_ keys: [APIKey], _ place: String) {
      let error = #expect(throws: ServerSetupError.self) { try APIKeys(keys) }
      #expect(error?.description.hasPrefix(place) == true, "\(String(describing: error))")
    }
    let good = APIKey(name: "a", key: secret)
    reject([APIKey(name: "a", key: "short")], "keys.1.key")
    reject([APIKey(name: "a", key: "0123456789 abcdef")], "keys.1.key")
    reject([APIKey(name: "", key: secret)], "keys.1.name")
    reject([good, APIKey(name: "b", key: secret)], "keys.2.key")
    reject([good, APIKey(name: "a", key: "sk-another-key-here")], "keys.2.name")
    reject([APIKey(name: "a", key: secret, runs: 0)], "keys.1.runs")
    reject([APIKey(name: "a", key: secret, tokensPerMinute: -1)], "keys.1.tokensPerMinute")
  }
}
