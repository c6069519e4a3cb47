extension Transcript {
  /// What the last `<answer>` holds: R1-Zero and those who train like it put nothing but the answer there.
  static func taggedAnswer(in phase: String) -> String? {
    for tag in ["answer", "final_answer", "Answer", "ANSWER"] {
      guard let open = Substring(phase).utf8.lastRange(of: "<\(tag)>") else { continue }
      let rest = phase[open.upperBound...]
      let close = rest.utf8.firstRange(of: "</\(tag)>")
      let content = rest[..<(close?.lowerBound ?? rest.endIndex)]
      if content.contains(where: { !$0.isWhitespace }) { return String(content) }
    }
    return nil
  }

  /// The text before the first question that a model asks itself after its answer; nil when it asks none.
  static func beforeInventedTurn(_ phase: String) -> String? {
    let text = Substring(phase)
    let starts = ["\nQuestion:", "\nQ:", "\nHuman:", "\nUser:"].compactMap { text.utf8.firstRange(of: $0)?.lowerBound }
    return starts.min().map { String(text[..<$0]) }
  }
}
