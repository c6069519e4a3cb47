import Foundation
import TandemInference
import Testing

@Suite struct `The softmax` {
  private func softmax(_ row: [Float], temperature: Float = 1) -> Softmax {
    Softmax(row.span, temperature: temperature)
  }

  /// The same sums in Double, term by term.
  private func reference(_ row: [Float], temperature: Double = 1) -> (logSumExp: Double, entropy: Double) {
    let maximum = Double(row.max() ?? 0)
    let weights = row.map { exp((Double($0) - maximum) / temperature) }
    let sum = weights.reduce(0, +)
    let entropy = weights.filter { $0 > 0 }.reduce(0.0) { $0 - $1 / sum * log($1 / sum) }
    return (maximum + log(sum), entropy)
  }

  @Test(arguments: [1, 2, 7, 8, 9, 15, 16, 17, 100, 1000])
  func `agrees with Double at any length`(count: Int) {
    var generator = SplitMix64(seed: UInt64(count))
    for _ in 0..<20 {
      let row = [Float].randomRow(count, &generator)
      let (found, expected) = (softmax(row), reference(row))
      #expect(abs(Double(found.logSumExp) - expected.logSumExp) < 1e-5)
      #expect(abs(Double(found.entropy) - expected.entropy) < 1e-5)
    }
  }

  @Test func `agrees with Double on a vocabulary of 260,000`() {
    var generator = SplitMix64(seed: 1)
    let row = [Float].randomRow(260_000, &generator)
    let (found, expected) = (softmax(row), reference(row))
    #expect(abs(Double(found.logSumExp) - expected.logSumExp) < 1e-4)
    #expect(abs(Double(found.entropy) - expected.entropy) < 1e-4)
  }

  @Test(arguments: [0.1, 0.6, 1.7] as [Float])
  func `divides by the temperature`(temperature: Float) {
    var generator = SplitMix64(seed: 5)
    let row = [Float].randomRow(101, &generator)
    let weights = row.map { exp(Double($0 - (row.max() ?? 0)) / Double(temperature)) }
    let sum = Double(softmax(row, temperature: temperature).sum)
    #expect(abs(sum / weights.reduce(0, +) - 1) < 1e-5)
  }

  @Test func `leaves out what is forbidden`() {
    let row: [Float] = [1, -.infinity, 2, -.infinity, -.infinity, -.infinity, -.infinity, -.infinity, 3, -.infinity]
    let (found, expected) = (softmax(row), reference([1, 2, 3]))
    #expect(found.isFinite)
    #expect(abs(Double(found.logSumExp) - expected.logSumExp) < 1e-6)
    #expect(abs(Double(found.entropy) - expected.entropy) < 1e-6)
  }

  @Test func `has no entropy where one token is certain`() {
    #expect(softmax([0, -1000, -1000]).entropy < 1e-30)
    #expect(abs(softmax([Float](repeating: 3, count: 64)).entropy - Softmax.log(64)) < 1e-6)
  }

  @Test(arguments: Array(0..<19))
  func `finds a number that is none, wherever it is`(place: Int) {
    var row = [Float](repeating: 0.5, count: 19)
    row[place] = .nan
    #expect(!softmax(row).isFinite)
    row[place] = .infinity
    #expect(!softmax(row).isFinite)
  }

  @Test func `is no distribution where everything is forbidden, or nothing is there`() {
    #expect(!softmax([Float](repeating: -.infinity, count: 20)).isFinite)
    #expect(!softmax([]).isFinite)
  }

  @Test func `computes exponentials to Float's precision`() {
    for x in stride(from: Float(-87), through: 0, by: 0.013) {
      let (found, expected) = (Double(Softmax.exp(.init(repeating: x))[3]), exp(Double(x)))
      #expect(abs(found / expected - 1) < 2.5e-7, "e^\(x)")
    }
  }

  @Test func `computes logarithms to Float's precision`() {
    for exponent in stride(from: Float(-80), through: 80, by: 0.37) {
      let x = Float(exp(Double(exponent)))
      let (found, expected) = (Double(Softmax.log(x)), log(Double(x)))
      #expect(abs(found - expected) <= max(abs(expected), 1) * 1.2e-7, "ln \(x)")
    }
    #expect(Softmax.log(1) == 0)
    #expect(Softmax.log(0) == -.infinity)
  }
}
