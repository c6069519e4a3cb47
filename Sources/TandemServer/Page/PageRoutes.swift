package import Hummingbird
import NIOCore

extension RouterMethods {
  /// The page that shows who thinks, at `/`.
  package func addPage() {
    for file in PageFile.all {
      let response = PageResponse(file)
      let path = file.name == PageFile.index.name ? "/" : file.name
      get(RouterPath(path)) { request, _ in response.answer(to: request) }
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
