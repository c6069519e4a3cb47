import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import TandemServer

@Suite struct `The OpenAPI document` {
  /// Such as "GET /v1/models/{}": parameters without their names.
  private func documented() throws -> Set<String> {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/openapi.yaml")
    var (path, found): (String, Set<String>) = ("", [])
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      if let match = line.wholeMatch(of: /[ ]{2}(\/\S*):/) { path = String(match.1) }
      if let match = line.prefixMatch(of: /[ ]{4}(get|post|put|delete):/) { found.insert("\(match.1) \(path)") }
    }
    return Set(found.map(Self.unnamed))
  }

  private static func unnamed(_ route: String) -> String {
    let words = route.split(separator: " ")
    return words[0].uppercased() + " " + words[1].replacing(/\{[^}]*\}|\*\*?|:[a-z]+/, with: "{}")
  }

  @Test func `has every route of the server, and no others`() throws {
    var configuration = Server.Configuration()
    let models = ServedModels(pairs: [])
    try configuration.use(ServerAccess(), models: models) { _ in }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    configuration.traces = try TraceStore(folder: folder.path, limit: 1)
    let router = Server(models, configuration).router()
    // The page is one thing, whatever files it has.
    let files = PageFile.all.filter { $0.path != "/" }.map { "GET \($0.path)" }
    let routes = Set(router.routes.map { Self.unnamed("\($0.method.rawValue) \($0.path)") }).subtracting(files)
    let documented = try documented()
    #expect(routes.subtracting(documented) == [], "Not in docs/openapi.yaml")
    #expect(documented.subtracting(routes) == [], "Not there")
  }
}
