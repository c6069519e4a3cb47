/// The words that stories are made of. Few enough that a tiny model can learn all of them.
enum WordLexicon {
  /// Who has things: one word each.
  static let people = [
    "Tom", "Ann", "Ben", "Mia", "Leo", "Eva", "Sam", "Ida", "Max", "Zoe", "Noah", "Ruth", "Paul", "Nina", "Omar",
    "Lena", "Hugo", "Clara",
  ]

  /// What things are in.
  static let places = [
    "the red box", "the blue box", "the green box", "the white box", "the black box", "the yellow box", "the tin",
    "the jar", "the basket", "the drawer", "the crate", "the chest", "the bucket", "the cupboard", "the suitcase",
    "the trunk",
  ]

  static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

  /// What people have or do.
  static let ofPeople = [
    WordThing("apples", "has", "have"), WordThing("marbles", "has", "have"), WordThing("stamps", "collects", "collect"),
    WordThing("shells", "finds", "find"), WordThing("cookies", "bakes", "bake"), WordThing("flowers", "picks", "pick"),
    WordThing("kites", "makes", "make"), WordThing("books", "owns", "own"),
    WordThing("pages", "reads", "read", isObject: false), WordThing("songs", "learns", "learn", isObject: false),
    WordThing("kilometres", "walks", "walk", isObject: false),
  ]

  static let ofPlaces = ["buttons", "pencils", "keys", "candles", "marbles", "nails", "beads"].map {
    WordThing($0, "holds", "hold")
  }

  /// Who does what on all days of a story.
  static let ofDays: [(actor: String, thing: WordThing)] = [
    ("the baker", WordThing("loaves", "sells", "sell")), ("the farmer", WordThing("eggs", "collects", "collect")),
    ("the florist", WordThing("roses", "sells", "sell")), ("the potter", WordThing("cups", "makes", "make")),
    ("the runner", WordThing("kilometres", "runs", "run", isObject: false)),
    ("the class", WordThing("pages", "reads", "read", isObject: false)),
  ]

  static let parts = [2: "half", 3: "a third", 4: "a quarter", 5: "a fifth"]

  /// What has nothing to do with the question.
  static let asides = [
    "The weather is fine.", "It is a quiet day.", "Somebody is singing in the street.", "A cat sleeps in the sun.",
    "The clock on the wall shows {n}.", "The bus to the village is number {n}.", "A neighbour is {n} years old.",
    "The town is {n} kilometres away.", "Meanwhile {n} birds sit on the roof.",
  ].map(WordTemplate.init)

  /// A holder at the beginning of `tokens`, as it is written within a sentence, and how many of them it takes.
  static func holder(in tokens: ArraySlice<String>) -> (String, Int)? {
    guard let head = tokens.first else { return nil }
    guard head == "the" || head == "The" else { return single.contains(head) ? (head, 1) : nil }
    for count in [3, 2] where tokens.count >= count {
      let name = "the " + tokens.dropFirst().prefix(count - 1).joined(separator: " ")
      if articled.contains(name) { return (name, count) }
    }
    return nil
  }

  static func part(in tokens: ArraySlice<String>) -> (Int, Int)? {
    for (number, words) in parts {
      let count = number == 2 ? 1 : 2
      if tokens.prefix(count).joined(separator: " ") == words { return (number, count) }
    }
    return nil
  }

  private static let single = Set(people + days)
  private static let articled = Set(places)
}

/// What is counted, and what is done with it.
package struct WordThing: Sendable, Hashable {
  package let plural: String
  let verb: String
  let base: String
  /// Whether it can be packed, sold and given away: an apple can, a kilometre cannot.
  let isObject: Bool

  init(_ plural: String, _ verb: String, _ base: String, isObject: Bool = true) {
    self.plural = plural
    self.verb = verb
    self.base = base
    self.isObject = isObject
  }
}
