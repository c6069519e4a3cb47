public import Foundation
import Tandem
import TandemSupport

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
    for (number, line) in try TaskFile.contents(of: url).numberedLines {
      do { problems.append(try JSONDecoder().decode(GivenRow.self, from: line).countdown()) } catch {
        throw .invalidLine(path: url.path, line: number, reason: GivenRow.describe(error))
      }
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

/// A line of a list that is read: numbers and a target are enough, and what else it says has to agree with them.
private struct GivenRow: Decodable {
  let id: String?
  let problem: String?
  let numbers: [Int]
  let target: Int

  struct Complaint: Error {
    let reason: String
  }

  func countdown() throws(Complaint) -> Countdown {
    let countdown = Countdown(numbers: numbers, target: target)
    guard !numbers.isEmpty, numbers.allSatisfy({ $0 > 0 }) else {
      throw Complaint(reason: "'numbers' needs at least one number, each of them greater than 0")
    }
    if let id, id != countdown.id {
      throw Complaint(reason: "'id' is '\(id)', and the id of these numbers is '\(countdown.id)'; leave it out")
    }
    if let problem, problem != countdown.question {
      throw Complaint(reason: "'problem' is not the question of these numbers, '\(countdown.question)'; leave it out")
    }
    return countdown
  }

  static func describe(_ error: any Error) -> String {
    switch error {
    case let complaint as Complaint: complaint.reason
    case let error as DecodingError:
      "\(error.fault); a problem is written {\"numbers\": [4, 2, 5, 9], \"target\": 36}"
    default: "\(error)"
    }
  }
}

/// A line of the list as it is shipped.
private struct HeldOutRow: Encodable {
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
}
