import Foundation
import Testing

@testable import TandemEvaluation

@Suite struct `A table of prices` {
  @Test func `is read from words`() throws {
    let prices = try PriceTable(parsing: "small=0.1,large=2,large.input=0.5,large.second=0.001")
    #expect(prices == PriceTable(small: .init(output: 0.1), large: .init(output: 2, input: 0.5, second: 0.001)))
    #expect(prices.description.contains("small 0.1 per million tokens of output; large 2.0 per million"))
  }

  @Test(arguments: [
    ("small", "small=0.1"), ("small=x", "small=0.1"), ("medium=1", "small or large"), ("small=-1", "from 0 up"),
    ("small.tokens=1", "output, input and second"), ("small=1,", "small=0.1"), ("small.input.x=1", "small or large"),
    ("small=nan", "from 0 up"),
  ])
  func `says what is wrong with a word`(_ text: String, _ reason: String) {
    let error = #expect(throws: ReportError.self) { try PriceTable(parsing: text) }
    #expect(error?.description.contains(reason) == true)
  }

  @Test func `is read from JSON, and nothing unknown is passed over`() throws {
    func read(_ text: String) throws -> PriceTable { try JSONDecoder().decode(PriceTable.self, from: Data(text.utf8)) }
    #expect(try read(#"{"large": {"output": 2, "second": 1}}"#) == .init(large: .init(output: 2, second: 1)))
    #expect(throws: ReportError.self) { try read(#"{"medium": {"output": 2}}"#) }
    #expect(throws: ReportError.self) { try read(#"{"large": {"outputs": 2}}"#) }
    #expect(throws: ReportError.self) { try read(#"{"large": {"output": -2}}"#) }
  }

  @Test func `comes back from its own JSON`() throws {
    let prices = PriceTable(small: .init(output: 0.1), large: .init(input: 3))
    #expect(try JSONDecoder().decode(PriceTable.self, from: JSONEncoder().encode(prices)) == prices)
  }
}
