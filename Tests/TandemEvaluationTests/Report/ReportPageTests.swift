import Foundation
import Tandem
import Testing

@testable import TandemEvaluation

@Suite struct `A report's page` {
  @Test func `needs nothing from elsewhere and runs nothing`() throws {
    let page = try ReportFixture.report().html
    for word in ["http:", "https:", "//", "src=", "href=", "@import", "url(", "<script", "<link", "<iframe"] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    #expect(page.contains("prefers-color-scheme: dark"))
    #expect(page.contains("width=device-width"))
    #expect(page.contains("@media print"))
  }

  @Test func `has every plot that there is something to see in`() throws {
    let page = try ReportFixture.report().html
    // Two of accuracy, one of shares, lengths of three rows.
    #expect(page.components(separatedBy: "<svg").count - 1 == 6)
    let single = ReportFixture.run(records: ReportFixture.records.filter { $0.row == "small" })
    // No row in which both models think: no plot of shares.
    #expect(try ReportFixture.report([single]).html.components(separatedBy: "<svg").count - 1 == 3)
  }

  @Test func `is well-formed`() throws {
    let page = try ReportFixture.report(prices: PriceTable(large: .init(output: 1))).html
    let body = page.replacing("<!DOCTYPE html>\n", with: "").replacing(/<meta[^>]*>/, with: "")
    var open: [Substring] = []
    for match in body.matches(of: /<(\/?)([a-z0-9]+)[^>]*>/) {
      if match.1.isEmpty { open.append(match.2) } else { #expect(open.popLast() == match.2) }
    }
    #expect(open.isEmpty)
  }

  @Test func `shows data as text, whatever is in it`() throws {
    let label = #"<img src=x onerror="alert(1)">&'|*"#
    let rows = [Plan.Row(label: label, strategy: "small-only", settings: ["</td>": .text("<b>")])]
    let task = "</title><script>x</script>"
    let header = ReportFixture.header(machine: "<u>", task: task, rows: rows)
    var records = ReportFixture.records(label, "cwt", small: 30, large: 0, task: task, seeds: [1])
    for index in records.indices { records[index].handOvers = ["<i>": 1] }
    let report = try ReportFixture.report([ReportFixture.run("<s>", header, records: records)])
    let page = report.html
    for piece in ["<img", "<script>", "<b>", "<u>", "<i>", "<s>", "&'"] { #expect(!page.contains(piece), "\(piece)") }
    #expect(page.contains("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;|*"))
    #expect(report.markdown.contains(#"&lt;img src=x onerror="alert(1)"&gt;&amp;'\|\*"#))
  }

  @Test func `has no word of a question, answer or reason`() throws {
    var records = ReportFixture.records
    for index in records.indices {
      (records[index].reason, records[index].gold) = ("secret reason", "secret gold")
      if records[index].answer != nil { records[index].answer = "secret answer \(index)" }
    }
    let report = try ReportFixture.report([ReportFixture.run(records: records)])
    let json = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
    for text in [report.html, report.markdown, json] { #expect(!text.contains("secret")) }
  }
}
