import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

extension URL {
  /// Whether one server answers both: scheme, host and port.
  func isSameServer(as other: URL) -> Bool {
    scheme?.lowercased() == other.scheme?.lowercased() && host()?.lowercased() == other.host()?.lowercased()
      && knownPort == other.knownPort
  }

  /// Whether a server here may redirect there: to HTTPS, or to HTTP as long as nothing was encrypted.
  func mayRedirect(to other: URL) -> Bool {
    let (here, scheme) = (self.scheme?.lowercased(), other.scheme?.lowercased())
    return scheme == "https" || (scheme == "http" && here == "http")
  }

  private var knownPort: Int? { port ?? (scheme?.lowercased() == "https" ? 443 : 80) }

  /// The address as a server gets it: a user's name and password are for a header.
  var withoutUser: URL {
    guard user() != nil, var parts = URLComponents(url: self, resolvingAgainstBaseURL: true) else { return self }
    (parts.user, parts.password) = (nil, nil)
    return parts.url ?? self
  }

  /// `Basic …` with the user's name and password, if the address has them.
  fileprivate var basicAuthorization: String? {
    guard let user = user(percentEncoded: false) else { return nil }
    return "Basic " + Data("\(user):\(password(percentEncoded: false) ?? "")".utf8).base64EncodedString()
  }
}

extension URLRequest {
  /// Identifies the user to the server of `url`: by what is in the address, else by the token.
  mutating func authorize(for url: URL, token: String?) {
    let value = url.basicAuthorization ?? token.map { "Bearer \($0)" }
    if let value { setValue(value, forHTTPHeaderField: "Authorization") }
  }
}

extension String {
  /// An address with "…" in the place of the user's name and password, and without a query, whether it is valid or not.
  var addressWithoutSecrets: String {
    let text = prefix { $0 != "?" }
    let start = text.range(of: "://")?.upperBound ?? text.startIndex
    guard let end = text[start...].lastIndex(of: "@") else { return String(text) }
    return text[..<start] + "…" + text[end...]
  }

  /// A text of another program with "…" in the place of names and passwords in addresses.
  var withoutSecrets: String { replacing(/:\/\/\S*@/, with: "://…@") }
}
