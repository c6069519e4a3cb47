/// How each relation and question can be said. All wording is ours.
enum WordPhrasings {
  /// - Parameter onDays: Whether the holders are days.
  static func of(_ kind: WordRelation.Kind, onDays: Bool) -> [WordTemplate] {
    (onDays ? days[kind] : nil) ?? all[kind] ?? []
  }

  static func questions(about measure: WordQuantity.Measure, onDays: Bool) -> [WordTemplate] {
    (onDays ? dayQuestions[measure] : nil) ?? questions[measure] ?? []
  }

  private static let all: [WordRelation.Kind: [WordTemplate]] = [
    .given: templates("{x} {v} {n} {u}.", "{x} {v} exactly {n} {u}.", "We know that {x} {v} {n} {u}."),
    .more: templates(
      "{x} {v} {n} more {u} than {y}.", "{x} {v} {n} {u} more than {y}.", "Compared with {y}, {x} {v} {n} more {u}."),
    .fewer: templates(
      "{x} {v} {n} fewer {u} than {y}.", "{x} {v} {n} {u} fewer than {y}.",
      "Compared with {y}, {x} {v} {n} fewer {u}."),
    .times: templates(
      "{x} {v} {m} as many {u} as {y}.", "Compared with {y}, {x} {v} {m} as many {u}.",
      "For each of {y}'s {u}, {x} {v} {n}."),
    .part: templates(
      "{x} {v} {f} as many {u} as {y}.", "{x} {v} only {f} as many {u} as {y}.",
      "Compared with {y}, {x} {v} {f} as many {u}."),
    .sum: templates(
      "{x} {v} as many {u} as {y} and {z} together.", "Together, {y} and {z} {b} just as many {u} as {x}."),
    .difference: templates(
      "The number of {u} that {x} {v} is the difference between {y}'s and {z}'s.",
      "{x} {v} as many {u} as {y} {v} more than {z}."),
    .gained: templates("Later, {n} more {u} are added to {x}'s.", "In the end, {x}'s {u} become {n} more."),
    .lost: templates("Later, {n} of {x}'s {u} are given away.", "In the end, {n} of {x}'s {u} are lost."),
    .worth: templates("Each of {x}'s {u} is worth {n} coins.", "{x}'s {u} are sold for {n} coins each."),
    .bags: templates("{x}'s {u} are packed in bags of {n}.", "Each bag takes {n} of {x}'s {u}."),
  ]

  private static let days: [WordRelation.Kind: [WordTemplate]] = [
    .given: templates("On {x}, {a} {v} {n} {u}.", "{a} {v} {n} {u} on {x}."),
    .more: templates(
      "On {x}, {a} {v} {n} more {u} than on {y}.", "{a} {v} {n} more {u} on {x} than on {y}.",
      "Compared with {y}, {a} {v} {n} more {u} on {x}."),
    .fewer: templates(
      "On {x}, {a} {v} {n} fewer {u} than on {y}.", "{a} {v} {n} fewer {u} on {x} than on {y}.",
      "Compared with {y}, {a} {v} {n} fewer {u} on {x}."),
    .times: templates(
      "On {x}, {a} {v} {m} as many {u} as on {y}.", "{a} {v} {m} as many {u} on {x} as on {y}."),
    .part: templates(
      "On {x}, {a} {v} {f} as many {u} as on {y}.", "{a} {v} only {f} as many {u} on {x} as on {y}."),
    .sum: templates(
      "On {x}, {a} {v} as many {u} as on {y} and {z} together.",
      "{a} {v} as many {u} on {x} as on {y} and {z} together."),
    .difference: templates(
      "The number of {u} on {x} is the difference between {y}'s and {z}'s.",
      "On {x}, {a} {v} as many {u} as {y}'s {u} exceed {z}'s."),
  ]

  private static let questions: [WordQuantity.Measure: [WordTemplate]] = [
    .count: templates("How many {u} does {x} {b}?", "What is the number of {x}'s {u}?"),
    .later: templates("How many are {x}'s {u} in the end?", "What is the final number of {x}'s {u}?"),
    .worth: templates("How many coins are {x}'s {u} worth?", "What is the value of {x}'s {u}, in coins?"),
    .bags: templates("How many bags do {x}'s {u} fill?", "How many bags are needed for {x}'s {u}?"),
    .total: templates("How many {u} do {y} and {z} {b} together?", "How many {u} do {y} and {z} {b} in total?"),
  ]

  private static let dayQuestions: [WordQuantity.Measure: [WordTemplate]] = [
    .count: templates("How many {u} does {a} {b} on {x}?", "What is the number of {x}'s {u}?"),
    .total: templates(
      "How many {u} does {a} {b} on {y} and {z} together?", "In total, how many {u} does {a} {b} on {y} and {z}?"),
  ]

  private static func templates(_ texts: String...) -> [WordTemplate] { texts.map(WordTemplate.init) }
}
