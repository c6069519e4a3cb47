public import Foundation
public import TandemInference

/// Where a served model is: `http://host:8000/v1#model`.
///
/// The path may end with `/v1` or not; both mean the same server. Without a fragment, the server must serve one model.
public struct RemoteAddress: Sendable, Hashable {
  /// The server, without `/v1` and without a slash at the end.
  public let server: URL
  /// The model's name at the server; nil for the only one.
  public let model: String?

  /// Reads an address.
  ///
  /// Throws `invalidParameter` for one that is neither http nor https, or that contains a password.
  public init(parsing text: String) throws(EngineError) {
    func fault(_ reason: String) -> EngineError { .invalidParameter(name: "address", reason: reason) }
    guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
      ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty
    else { throw fault("must be like http://host:8000/v1#model, not '\(text)'") }
    guard parts.user == nil, parts.password == nil else {
      throw fault("must not contain a password: a key comes from a file or from the environment")
    }
    guard parts.query == nil else { throw fault("must have no part after '?'") }
    model = parts.fragment.flatMap { $0.isEmpty ? nil : $0 }
    parts.fragment = nil
    var path = parts.path
    while path.hasSuffix("/") { path.removeLast() }
    if path.hasSuffix("/v1") { path.removeLast(3) }
    parts.path = path
    guard let server = parts.url else { throw fault("must be like http://host:8000/v1#model, not '\(text)'") }
    self.server = server
  }

  /// Whether `text` is meant as an address, rather than as the name of a file.
  public static func isAddress(_ text: String) -> Bool {
    let start = text.prefix(8).lowercased()
    return start.hasPrefix("http://") || start.hasPrefix("https://")
  }
}

extension RemoteAddress: CustomStringConvertible {
  /// As it is written.
  public var description: String { server.absoluteString + "/v1" + (model.map { "#" + $0 } ?? "") }
}
