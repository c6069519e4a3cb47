/// What stands where: the same for both models, in whatever vocabulary.
extension WritingSchedule {
  /// A thought by its number, from 0, with the places of its first token and of the token after its last one.
  struct Place: Hashable {
    var thought: Int
    var start: Int
    var end: Int
  }

  /// The thought that the token at `place` of the thinking belongs to.
  func thought(at place: Int) -> Place {
    let cycle = thoughts.reduce(0, +)
    let rounds = place / cycle
    var thought = Place(thought: rounds * thoughts.count, start: rounds * cycle, end: rounds * cycle + thoughts[0])
    while place >= thought.end {
      thought.thought += 1
      thought.start = thought.end
      thought.end += thoughts[thought.thought % thoughts.count]
    }
    return thought
  }

  /// The cue with which a thought begins, by its number; the first one has none, for nothing stands before it.
  func cue(of thought: Int) -> CueKind? {
    guard thought > 0 else { return nil }
    let value = Self.spread(thought)
    if value < cues.reflection { return .reflection }
    if value < cues.reflection + cues.affirmation { return .affirmation }
    return value < cues.reflection + cues.affirmation + cues.verification ? .verification : nil
  }

  /// What a thought begins with.
  enum CueKind: CaseIterable {
    case reflection, affirmation, verification

    /// The first words; each has one cue of `CueWords.paper`.
    var text: String {
      switch self {
      case .reflection: "Wait,"
      case .affirmation: "Yes,"
      case .verification: "Check,"
      }
    }
  }

  /// Whether the model of `role` is not certain of the token at `place`.
  func isUncertain(_ role: Role, at place: Int) -> Bool {
    Self.spread(place + 1) < (role == .small ? uncertain.small : uncertain.large)
  }

  /// Whether a judge keeps a step that ends at `place`.
  func keepsStep(at place: Int) -> Bool { Self.spread(thought(at: place).thought + 1) < keptSteps }

  /// A number from 0 to below 1 for each whole one, spread evenly over any row of them: multiples of the golden ratio.
  private static func spread(_ index: Int) -> Double {
    let product = Double(index) * 0.618_033_988_749_894_9
    return product - product.rounded(.down)
  }
}
