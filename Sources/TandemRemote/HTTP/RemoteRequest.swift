import Foundation
import TandemInference

/// One call of a server.
struct RemoteRequest: Sendable {
  /// The path below the server's address, with a slash: `/v1/completions`.
  var path: String
  /// The body as JSON; nil for a GET.
  var body: [UInt8]?
  /// The same for all calls of a session: routers send them to the worker that has its cache.
  var affinity: String?
  /// Whether the server closes the connection after the answer, whatever it says (llama-server does, after a stream).
  var closesConnection = false

  /// A GET of `path`.
  init(path: String) { self.path = path }

  /// A POST of `body`.
  init(path: String, body: some Encodable) throws(EngineError) {
    self.path = path
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    do {
      self.body = Array(try encoder.encode(body))
    } catch {
      throw .invalidParameter(name: "request", reason: "can't be written as JSON: \(error)")
    }
  }
}

/// A whole answer.
struct RemoteResponse: Sendable {
  var status: Int
  var body: [UInt8]

  /// The body read as JSON. Throws `RemoteFault` if it is something else.
  func decoded<Value: Decodable>(_ type: Value.Type) throws(RemoteFault) -> Value { try JSON.decode(type, body) }

  /// The body read as a completion, whose keys are those on the wire.
  func completion<Value: Decodable>(_ type: Value.Type) throws(RemoteFault) -> Value { try JSON.completion(type, body) }
}

/// JSON as these servers write it.
enum JSON {
  private static let converting = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }()

  /// For what comes once a token: converting the keys takes longer than all the rest.
  private static let plain = JSONDecoder()

  /// Throws `RemoteFault` with what is wrong.
  static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws(RemoteFault) -> Value {
    try decode(type, bytes, with: converting)
  }

  /// A completion, or an event of one, which may be an error instead. Throws `RemoteFault` then.
  ///
  /// - Parameter type: Has coding keys as they are on the wire.
  static func completion<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws(RemoteFault) -> Value {
    do {
      return try decode(type, bytes, with: plain)
    } catch {
      guard let failure = try? decode(Failure.self, bytes) else { throw error }
      throw RemoteFault("it ended the stream with an error: \(failure.message)")
    }
  }

  private static func decode<Value: Decodable>(
    _ type: Value.Type, _ bytes: [UInt8], with decoder: JSONDecoder
  ) throws(RemoteFault) -> Value {
    do {
      return try decoder.decode(type, from: Data(bytes))
    } catch {
      let start = String(decoding: bytes.prefix(200), as: UTF8.self)
      throw RemoteFault("its answer can't be read (\(summary(of: error))): \(start)")
    }
  }

  private static func summary(of error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "it has no '\(key.stringValue)'"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is something else"
    default: "it is no JSON"
    }
  }
}
