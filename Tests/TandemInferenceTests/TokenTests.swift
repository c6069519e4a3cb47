import TandemInference
import Testing

@Suite struct `Two rows of tokens` {
  @Test func `have in common what is the same from their start`() {
    var generator = SplitMix64(seed: 5)
    for length in [0, 1, 15, 16, 17, 31, 32, 100] {
      let row = (0..<length).map { _ in Token(rawValue: Int32(generator.next() % 3)) }
      #expect(row.commonPrefixCount(with: row) == length)
      #expect(row.commonPrefixCount(with: row + [7]) == length)
      #expect((row + [7]).commonPrefixCount(with: row) == length)
      for place in row.indices {
        var other = row
        other[place] = 9
        #expect(row.commonPrefixCount(with: other) == place)
        #expect(row.commonPrefixCount(with: Array(other[...place])) == place)
      }
    }
  }
}
