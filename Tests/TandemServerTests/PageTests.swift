import Crypto
import Foundation
import Testing

@testable import TandemServer

@Suite struct `The page` {
  private func answer(_ path: String, _ headers: String = "") async throws -> Answer {
    var text: String?
    try await withServer(ServedModels.scripted().models) { server in
      let connection = try Connection(port: server.port)
      await connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(headers)\r\n")
      text = await connection.read()
    }
    return try Answer(reading: text)
  }

  @Test func `is at the root, with a policy that lets nothing in`() async throws {
    let page = try await answer("/")
    #expect(page.status == 200)
    #expect(page.headers["content-type"] == "text/html; charset=utf-8")
    #expect(page.headers["content-security-policy"]?.hasPrefix("default-src 'none'; script-src 'self';") == true)
    #expect(page.headers["x-content-type-options"] == "nosniff")
    #expect(page.body == PageFile.index.text)
  }

  @Test(arguments: PageFile.all.filter { $0.path != "/" })
  func `has each of its files, with its type`(_ file: PageFile) async throws {
    let answer = try await answer(file.path)
    #expect(answer.status == 200)
    #expect(answer.headers["content-type"] == file.type)
    #expect(answer.body == file.text)
  }

  @Test func `is not sent again to who has it`() async throws {
    let tag = try #require(try await answer("/").headers["etag"])
    let again = try await answer("/", "If-None-Match: \(tag)\r\n")
    #expect(again.status == 304)
    #expect(again.body == "")
    #expect(try await answer("/", "If-None-Match: \"another\"\r\n").status == 200)
    #expect(try await answer("/page/nothing.js").status == 404)
  }

  @Test func `asks for no file that it does not have`() throws {
    let names = Set(PageFile.all.map(\.name))
    for file in PageFile.all {
      for match in file.text.matches(of: /(?:from "\.\/|(?:href|src)="page\/)([^"]+)"/) {
        #expect(names.contains(String(match.1)), "\(file.name) asks for \(match.1).")
      }
    }
  }

  @Test func `makes nothing of HTML`() {
    for file in PageFile.all where file.name.hasSuffix(".js") {
      for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "DOMParser", "srcdoc"] {
        #expect(!file.text.contains(way), "\(file.name): \(way)")
      }
    }
  }
}

@Suite struct `The page of one trace` {
  private let page = StandalonePage(trace: #"{"text":"</script><script>alert(1)</script><!--"}"# + "\n").html

  /// What stands between a tag and its end.
  private func contents(_ opening: String, _ closing: String) throws -> String {
    let start = try #require(page.range(of: opening)?.upperBound)
    let end = try #require(page.range(of: closing, range: start..<page.endIndex)?.lowerBound)
    return String(page[start..<end])
  }

  @Test func `holds the trace, which can't end its element`() throws {
    let data = try contents("<script id=\"trace\" type=\"application/json\">", "</script>")
    #expect(!data.contains("<"))
    let line = try JSONDecoder().decode([String: String].self, from: Data(data.utf8))
    #expect(line == ["text": "</script><script>alert(1)</script><!--"])
    #expect(page.matches(of: /<\/script>/).count == 2)
  }

  @Test func `lets only its own script and style through`() throws {
    let parts = [
      ("script-src", try contents("<script type=\"module\">", "</script>")),
      ("style-src", try contents("<style>", "</style>")),
    ]
    for (source, part) in parts {
      let hash = Data(SHA256.hash(data: Data(part.utf8))).base64EncodedString()
      #expect(page.contains("\(source) 'sha256-\(hash)'"))
    }
  }

  @Test func `asks for no other file`() {
    #expect(page.matches(of: /\b(?:src|href)="(?!data:|#)/).isEmpty)
    #expect(!page.contains("\nimport ") && !page.contains("\nexport "))
  }

  @Test func `has each module after those that it imports, and no name twice`() {
    var (before, names): (Set<String>, Set<String>) = ([], [])
    for file in PageFile.viewer {
      for match in file.text.matches(of: /from "\.\/([^"]+)"/) {
        #expect(before.contains(String(match.1)), "\(file.name) comes before \(match.1).")
      }
      for match in file.text.matches(of: /(?m)^(?:export )?(?:async )?(?:const|let|class|function\*?) (\w+)/) {
        #expect(names.insert(String(match.1)).inserted, "\(file.name): \(match.1)")
      }
      before.insert(file.name)
    }
  }
}
