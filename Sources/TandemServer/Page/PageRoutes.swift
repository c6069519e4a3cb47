import Hummingbird
import NIOCore

extension RouterMethods {
  /// The page that shows who thinks, at `/`, and its files below `/page`.
  func addPage() {
    let responses = Dictionary(uniqueKeysWithValues: PageFile.all.map { ($0.path, PageResponse($0)) })
    for path in ["/", "/page/:file"] as [RouterPath] {
      get(path) { request, _ in
        guard let response = responses[request.uri.path] else { throw HTTPError(.notFound) }
        return response.answer(to: request)
      }
    }
  }
}

/// A file of the page with its headers.
private struct PageResponse: Sendable {
  /// Scripts, styles and connections of this server alone; no HTML is ever made from text.
  static let policy = """
    default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'
    """

  private let contents: ByteBuffer
  private let tag: String
  private let headers: HTTPFields

  init(_ file: PageFile) {
    contents = ByteBuffer(bytes: file.contents)
    tag = file.tag
    headers = [
      .contentType: file.type, .eTag: file.tag, .cacheControl: "no-cache", .contentSecurityPolicy: Self.policy,
      .xContentTypeOptions: "nosniff", .crossOriginResourcePolicy: "same-origin",
    ]
  }

  func answer(to request: Request) -> Response {
    if request.headers[.ifNoneMatch]?.contains(tag) == true { return Response(status: .notModified, headers: headers) }
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: contents))
  }
}
