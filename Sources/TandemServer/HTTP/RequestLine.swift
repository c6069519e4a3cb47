import Foundation
import Tandem

/// The log's line about a request: JSON, with what is known and nothing else.
struct RequestLine: Encodable {
  let notes: RequestRecord.Notes

  private enum Keys: CodingKey {
    case time, id, key, method, path, status, model, strategy, finish, error, tokens, queue, first, total, trace, prompt
  }

  /// One model's tokens.
  private struct Tokens: Encodable {
    let prefilled, thinking, answer, discarded: Int

    init?(_ usage: RoleUsage) {
      guard usage.prefilled + usage.sampled > 0 else { return nil }
      (prefilled, thinking) = (usage.prefilled, usage.thinking)
      (answer, discarded) = (usage.answer, usage.discarded)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var line = encoder.container(keyedBy: Keys.self)
    try line.encode(notes.date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)), forKey: .time)
    try line.encode(notes.id, forKey: .id)
    try line.encodeIfPresent(notes.key, forKey: .key)
    try line.encode(notes.method, forKey: .method)
    try line.encode(notes.path, forKey: .path)
    try line.encode(notes.status, forKey: .status)
    try line.encodeIfPresent(notes.model, forKey: .model)
    try line.encodeIfPresent(notes.strategy, forKey: .strategy)
    try line.encodeIfPresent(notes.finish, forKey: .finish)
    try line.encodeIfPresent(notes.error, forKey: .error)
    if let usage = notes.usage {
      let roles = [Role.small, .large].compactMap { role in Tokens(usage[role]).map { (role.rawValue, $0) } }
      try line.encode(Dictionary(uniqueKeysWithValues: roles), forKey: .tokens)
    }
    try line.encodeIfPresent(notes.queue?.milliseconds, forKey: .queue)
    try line.encodeIfPresent(notes.first?.milliseconds, forKey: .first)
    try line.encode(notes.total.milliseconds, forKey: .total)
    try line.encodeIfPresent(notes.trace?.trace, forKey: .trace)
    try line.encodeIfPresent(notes.prompt, forKey: .prompt)
  }

  /// The line, without its end.
  var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Of text and finite numbers: there is nothing that can't be written.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

extension Double {
  /// Seconds, to the millisecond.
  fileprivate var milliseconds: Double { (self * 1000).rounded() / 1000 }
}
