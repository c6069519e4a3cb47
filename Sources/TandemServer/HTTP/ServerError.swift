import Foundation
package import Hummingbird

/// The answer to a request that can't be served, in OpenAI's form, which most clients read:
///
///     {"error": {"message": "There is no model 'nan'. …", "type": "not_found_error", "param": "model",
///                "code": "model_not_found"}}
package struct ServerError: Error, Sendable, Hashable {
  /// The status of the response.
  package var status: HTTPResponse.Status
  /// Whose fault it is, in the words of OpenAI and Anthropic.
  package var kind: Kind
  /// A sentence: what is wrong, where, and what would be right.
  package var message: String
  /// The member of the request that is wrong, such as "messages[0].role"; nil if it is none.
  package var param: String?
  /// A bounded word for programs.
  package var code: String?
  /// After how many seconds the request may be tried again.
  package var retryAfter: Int?

  /// Whose fault an error is.
  package enum Kind: String, Sendable, Encodable {
    case invalidRequest = "invalid_request_error"
    case authentication = "authentication_error"
    case permission = "permission_error"
    case notFound = "not_found_error"
    case rateLimit = "rate_limit_error"
    case overloaded = "overloaded_error"
    case server = "server_error"
  }

  /// An error without a parameter, a code or a time unless given.
  package init(
    _ status: HTTPResponse.Status, _ kind: Kind, _ message: String, param: String? = nil, code: String? = nil,
    retryAfter: Int? = nil
  ) {
    self.status = status
    self.kind = kind
    self.message = message
    self.param = param
    self.code = code
    self.retryAfter = retryAfter
  }

  /// A request that could be served at another time, after a second unless said otherwise.
  package static func unavailable(_ message: String, code: String, retryAfter: Int? = 1) -> Self {
    Self(.serviceUnavailable, .overloaded, message, code: code, retryAfter: retryAfter)
  }

  /// What is told of a request whose client has gone: in the log, since nobody reads the response.
  static let clientGone = Self(
    HTTPResponse.Status(code: 499, reasonPhrase: "Client Closed Request"), .invalidRequest, "The client has gone.",
    code: "client_gone")

  /// What ends a response that its client does not read.
  static let readerTooSlow = unavailable(
    "More than \(ServerLimits.unreadBytes) bytes of the response lie unread.", code: "reader_too_slow", retryAfter: nil)

  /// A request that makes no sense; `param` names the member that is wrong.
  package static func invalid(_ message: String, _ param: String? = nil, code: String = "invalid_value") -> Self {
    Self(.badRequest, .invalidRequest, message, param: param, code: code)
  }
}

extension ServerError: Encodable {
  private enum CodingKeys: CodingKey { case error }
  private enum InnerKeys: CodingKey { case message, type, param, code }

  package func encode(to encoder: any Encoder) throws {
    var outer = encoder.container(keyedBy: CodingKeys.self)
    var inner = outer.nestedContainer(keyedBy: InnerKeys.self, forKey: .error)
    try inner.encode(message, forKey: .message)
    try inner.encode(kind, forKey: .type)
    try inner.encode(param, forKey: .param)  // null if there is none: clients expect the member
    try inner.encode(code, forKey: .code)
  }
}

/// The same error as Anthropic's clients read it: `{"type": "error", "error": {"type", "message"}}`.
struct MessagesError: Encodable {
  private let type = "error"
  private let error: Inner

  private struct Inner: Encodable {
    let type: String
    let message: String
  }

  /// The error in that form.
  init(_ error: ServerError) {
    let type =
      switch error.kind {
      case .server: "api_error"
      case .invalidRequest where error.status == .contentTooLarge: "request_too_large"
      default: error.kind.rawValue
      }
    self.error = Inner(type: type, message: error.message)
  }

  private enum CodingKeys: CodingKey { case type, error }
}

extension ServerError: HTTPResponseError {
  /// The response, in the form that the clients of this path read.
  package func response(from request: Request, context: some RequestContext) throws -> Response {
    let isMessages = request.uri.path.hasPrefix("/v1/messages")
    var response = try isMessages ? Response(json: MessagesError(self)) : Response(json: self)
    response.status = status
    if let retryAfter { response.headers[.retryAfter] = "\(retryAfter)" }
    return response
  }
}

extension Response {
  /// A value as JSON.
  init(json value: some Encodable) throws {
    self.init(
      status: .ok, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: try JSONEncoder.compact.encode(value))))
  }
}

extension JSONEncoder {
  /// JSON in one line, with slashes as they are.
  static var compact: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return encoder
  }
}
