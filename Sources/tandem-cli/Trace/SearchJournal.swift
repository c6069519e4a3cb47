import Foundation
import Tandem
import TandemSetup
import TandemSupport

/// What a search has found so far, so that it continues where it was stopped: OUTPUT.journal, JSON Lines. The first line says
/// under which conditions, each other one what became of one input.
struct SearchJournal {
  private(set) var entries: [String: Entry] = [:]
  private let path: String
  private let log: LineLog

  /// What must be the same for two parts of a search to belong together.
  struct Conditions: Codable, Equatable {
    let model: String
    let discount: Double
    let rollouts: Int
    let words: [String]
    let thinkingTokens: Int
    let answerTokens: Int
    let temperature: Float
    let topP: Float
    let seed: UInt64
  }

  /// What became of an input.
  struct Entry: Codable {
    let input: String
    /// The conversation to learn from; nil if its answer is not right.
    let chat: ThinkingChat?
    let switches: Int
    /// Tails that were replaced.
    let revisions: Int
    /// Steps of thinking before the search and after it.
    let before: Int
    let after: Int
    /// Tokens that were sampled.
    let tokens: Int
  }

  /// Opens the journal of `output`, or begins one. Throws `SearchFault` for one that is not this search's.
  init(for output: String, _ conditions: Conditions) throws {
    path = output + ".journal"
    log = try LineLog(path)
    let lines = try UserFile.contents(of: path).numberedLines
    guard let first = lines.first else {
      try log.append(conditions)
      return
    }
    let decoder = JSONDecoder()
    guard let found = try? decoder.decode(Conditions.self, from: first.line) else {
      throw SearchFault(place: path, reason: "it is not the journal of a search")
    }
    guard found == conditions else {
      throw SearchFault(
        place: path, reason: "it was made with another model or other options; repeat those, or remove it")
    }
    for (number, line) in lines.dropFirst() {
      guard let entry = try? decoder.decode(Entry.self, from: line) else {
        throw SearchFault(place: path, reason: "its line \(number) can't be read")
      }
      entries[entry.input] = entry
    }
  }

  mutating func append(_ entry: Entry) throws {
    try log.append(entry)
    entries[entry.input] = entry
  }

  /// Removes the journal of a search that is done.
  func remove() throws { try FileManager.default.removeItem(atPath: path) }
}
