extension CountdownSentence {
  /// Reads one sentence, its full stop included; nil for anything that `description` does not write.
  package init?(_ text: some StringProtocol) {
    guard text.hasSuffix("."), let sentence = Self.read(Substring(text.dropLast())) else { return nil }
    self = sentence
  }

  private static func read(_ text: Substring) -> Self? {
    if text == "Correct" { return .correct }
    if text == "That is wrong" { return .wrong }
    if let step = text.dropping(prefix: "Try ") { return CountdownStep(step).map(Self.attempt) }
    if let numbers = text.dropping(prefix: "Now ") { return [Int](spelled: numbers).map(Self.left) }
    if let steps = text.dropping(prefix: "Then ") { return [CountdownStep](spelled: steps).map(Self.results) }
    if let target = text.dropping(prefix: "None makes ") { return Int(target).map(Self.noneMakes) }
    if let target = text.dropping(prefix: "Yes, that makes ") { return Int(target).map(Self.makes) }
    if let numbers = text.dropping(prefix: "Back to ") { return [Int](spelled: numbers).map { .back(nil, to: $0) } }
    return check(text) ?? correction(text) ?? back(text)
  }

  private static func back(_ text: Substring) -> Self? {
    for cue in Cue.allCases {
      guard let numbers = text.dropping(prefix: "\(cue.rawValue), back to ") else { continue }
      return [Int](spelled: numbers).map { .back(cue, to: $0) }
    }
    return nil
  }

  private static func check(_ text: Substring) -> Self? {
    for opening in Opening.allCases {
      guard let body = text.dropping(prefix: "\(opening.rawValue): ") else { continue }
      return steps(body).map { .check(opening, $0.steps, not: $0.claim) }
    }
    return nil
  }

  private static func correction(_ text: Substring) -> Self? {
    guard let body = text.dropping(prefix: "Hold on, "), let (steps, claim) = steps(body), steps.count == 1,
      let claim
    else { return nil }
    return .correction(steps[0], not: claim)
  }

  /// Steps, and what the last of them was claimed to be: "5 + 3 = 8, not 9".
  private static func steps(_ text: Substring) -> (steps: [CountdownStep], claim: Int?)? {
    let parts = text.split(separator: ", not ", omittingEmptySubsequences: false)
    guard let steps = [CountdownStep](spelled: parts[0]) else { return nil }
    if parts.count == 1 { return (steps, nil) }
    guard parts.count == 2, let claim = Int(parts[1]) else { return nil }
    return (steps, claim)
  }
}
