public import Foundation
import Tandem

extension Countdown {
  /// The problems that evaluation asks and no model was trained on: 1,000 distinct ones, with four numbers each.
  ///
  /// They are from the held-out side of the split, and such that blind play solves at least one in twenty tries; harder
  /// ones are beyond models of this size.
  ///
  /// - Parameter file: Another list of the same form.
  ///
  /// Throws `TaskError` where the list is missing or damaged.
  public static func heldOut(_ file: URL? = nil) throws(TaskError) -> [Countdown] {
    let url = if let file { file } else { try TaskFile.bundled("countdown-heldout.jsonl") }
    var problems: [Countdown] = []
    for (index, line) in try TaskFile.contents(of: url).split(separator: UInt8(ascii: "\n")).enumerated() {
      guard let row = try? JSONDecoder().decode(HeldOutRow.self, from: line), row == HeldOutRow(row.countdown) else {
        throw .invalidLine(path: url.path, line: index + 1, reason: "its fields are not those of one Countdown problem")
      }
      problems.append(row.countdown)
    }
    return problems
  }

  /// Problems as hard as those, from the training side of the split: what is calibrated or chosen on them has not seen
  /// what it is measured with. The models may have learned from some of them.
  public static func training(count: Int) -> [Countdown] {
    var generator = CountdownGenerator(seed: 124, split: .training, minimumBlindSuccess: 0.05)
    return generator.distinct(count)
  }

  /// The list as it is shipped, made anew.
  package static func makeHeldOut(count: Int = 1_000, seed: UInt64 = 123) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var generator = CountdownGenerator(seed: seed, split: .heldOut, minimumBlindSuccess: 0.05)
    return try generator.distinct(count).map {
      String(decoding: try encoder.encode(HeldOutRow($0)), as: UTF8.self) + "\n"
    }.joined()
  }
}

/// A line of the list: the schema that evaluation reads.
private struct HeldOutRow: Codable, Equatable {
  let id: String
  let problem: String
  let numbers: [Int]
  let target: Int

  init(_ countdown: Countdown) {
    id = countdown.problem.id
    problem = countdown.question
    numbers = countdown.numbers
    target = countdown.target
  }

  var countdown: Countdown { Countdown(numbers: numbers, target: target) }
}
