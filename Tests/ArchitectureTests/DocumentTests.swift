import Foundation
import Testing

/// What the documents promise about themselves.
@Suite struct DocumentTests {
  @Test func `the README is a user's first ten minutes`() throws {
    #expect(try Checkout.text("README.md").count(where: \.isNewline) <= 120)
  }

  /// Texts that a reader of this repository does not have.
  @Test func `documents and comments cite nothing that is not in the repository`() throws {
    let files =
      Checkout.files(in: "docs", ["md"]) + Checkout.files(in: "Sources", ["swift", "md"]) + [
        "README.md", "CONTRIBUTING.md",
      ]
    for file in files {
      for line in try Checkout.text(file).split(separator: "\n") {
        let cited = line.firstMatch(
          of: /\bresearch\/|\bshared\/|house\.md|\b[Tt]he (?:issue|design|checklist) (?:asks|says|has no|wants)\b/)
        #expect(cited == nil, "\(file): \(line)")
      }
    }
  }

  @Test func `links between documents lead somewhere`() throws {
    for file in Checkout.files(in: "docs", ["md"]) + ["README.md", "CONTRIBUTING.md"] {
      let folder = Checkout.root.appending(path: file).deletingLastPathComponent()
      for match in try Checkout.text(file).matches(of: /\]\(([^)#\s]+)(?:#[^)]*)?\)/) {
        let link = String(match.1)
        guard !link.contains(":") else { continue }  // an address
        let target = folder.appending(path: link).standardizedFileURL
        #expect((try? target.checkResourceIsReachable()) == true, "\(file) links to \(link).")
      }
    }
  }

  @Test func `every document has a line in the index`() throws {
    let index = try Checkout.text("docs/README.md")
    for file in Checkout.files(in: "docs", ["md"]) where file != "docs/README.md" {
      #expect(index.contains(file.dropFirst("docs/".count)), "docs/README.md does not list \(file).")
    }
  }
}
