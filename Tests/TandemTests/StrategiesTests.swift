import Foundation
public import Tandem
import TandemTesting
import Testing

@Suite struct `The strategies` {
  private func message(_ name: String, _ settings: [String: Setting] = [:]) -> String? {
    do { _ = try Strategies.make(name, settings: settings) } catch { return "\(error)" }
    return nil
  }

  @Test func `are found by name`() throws {
    for type in Strategies.all {
      #expect(try Strategies.named(type.name) == type)
    }
    #expect(Set(Strategies.all.map { $0.name }).count == Strategies.all.count)
  }

  @Test func `that are unknown answer with the nearest one`() {
    #expect(message("speculative-thinkin")?.contains("Did you mean 'speculative-thinking'?") == true)
    #expect(message("smal-only")?.contains("Did you mean 'small-only'?") == true)
    let known = Strategies.all.map { $0.name }.joined(separator: ", ")
    #expect(message("xyzzy") == "There is no strategy 'xyzzy'. Known: \(known).")
  }

  @Test func `refuse settings that they do not have`() {
    #expect(message("speculative-thinking", ["takeoverToken": 3])?.contains("Did you mean 'takeoverTokens'?") == true)
    #expect(message("small-only", ["n": 3]) == "small-only has no setting 'n'; it has no settings.")
  }

  @Test func `refuse values of the wrong kind, and say where`() {
    let name = "speculative-thinking"
    #expect(message(name, ["probeTokens": .text("many")])?.hasPrefix("probeTokens ") == true)
    #expect(message(name, ["probeTokens": .number(1.5)])?.hasPrefix("probeTokens ") == true)
    #expect(message(name, ["nonReasoning": 1])?.hasPrefix("nonReasoning ") == true)
    #expect(message(name, ["matching": .text("sounds")])?.hasPrefix("matching ") == true)
    #expect(message(name, ["affirmationWords": .list([.text("a"), 2])])?.hasPrefix("affirmationWords") == true)
    #expect(message(name, ["probeTokens": .none])?.hasPrefix("probeTokens ") == true)
  }

  @Test(
    arguments: [
      ("words", .text("Wait"), #"must be a list of texts, not "Wait""#),
      ("threshold", .text("high"), #"must be a number, not "high""#),
      ("trialTokens", .number(1.5), "must be a whole number, not 1.5"),
      ("needsEnd", 1, "must be true or false, not 1"),
      ("trialText", .list([]), "must be text, not []"),
      ("role", .text("both"), #"must be small or large, not "both""#),
    ] as [(String, Setting, String)])
  func `say what kind of value is wanted`(name: String, value: Setting, reason: String) {
    #expect(message("early-exit", [name: value]) == "\(name) \(reason).")
  }

  @Test func `can have a time without end`() async throws {
    let strategy = try Strategies.make("speculative-thinking", settings: ["timeOut": .number(.infinity)])
    let run = await Pair(small: ScriptedModel("A.</think>six<|im_end|>"), large: ScriptedModel()).run(strategy)
    #expect(try run.outcome.answer == "six")
  }

  @Test func `refuse values that make no sense`() {
    #expect(message("speculative-thinking", ["probeTokens": 0]) == "probeTokens must be from 1 to 10000000, not 0.")
    #expect(message("speculative-thinking", ["excessTokens": -1]) == "excessTokens must be from 0 to 10000000, not -1.")
    #expect(
      message("speculative-thinking", ["timeOut": 0])?.hasPrefix("timeOut must be above 0, or -1, not 0.") == true)
    #expect(message("random-takeover", ["probability": .number(1.5)])?.hasPrefix("probability must be") == true)
    #expect(message("random-takeover", ["takeoverTokens": 0])?.hasPrefix("takeoverTokens must be") == true)
  }

  @Test func `take settings as configuration files have them`() throws {
    let made = try Strategies.make("random-takeover", settings: ["probability": 1, "answeredBy": .text("large")])
    var expected = RandomTakeover()
    expected.probability = 1
    expected.answeredBy = .large
    #expect(made as? RandomTakeover == expected)
    let settings = Strategies.settings(of: expected)
    #expect(settings == ["probability": 1, "answeredBy": .text("large"), "takeoverTokens": 20])
  }

  @Test func `are checked against the models before anything runs`() async throws {
    let run = await Pair().run(SmallOnly())
    let message = "The strategy small-only needs a small model, and the pair does not have it."
    #expect("\(try #require(run.error))" == message)
    #expect(run.trace.events.isEmpty)
  }
}

@Suite struct `A setting` {
  @Test func `survives JSON`() throws {
    let settings: [String: Setting] = [
      "a": .flag(true), "b": 3, "c": .number(0.5), "d": .text("x"), "e": .list([1, .none]),
      "f": .dictionary(["g": .text("")]),
    ]
    let json = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode([String: Setting].self, from: json) == settings)
  }

  @Test func `that is no number that JSON has is its word there`() throws {
    let settings: [String: Setting] = ["a": .number(.infinity), "b": .list([.number(-.infinity)])]
    let read = try JSONDecoder().decode([String: Setting].self, from: JSONEncoder().encode(settings))
    #expect(read == ["a": .text("inf"), "b": .list([.text("-inf")])])
  }

  @Test func `is printed as it is written`() {
    let setting = Setting.dictionary(["b": .list([1, .flag(false), .none]), "a": .text("x\n")])
    #expect(setting.description == #"{a: "x\n", b: [1, false, none]}"#)
  }
}

extension Setting: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self = .integer(value) }
}
