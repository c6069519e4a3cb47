import Foundation
import Tandem
import Testing

@Suite struct `Every setting` {
  static let names = Strategies.all.map { $0.name }

  /// Values at and around every bound, and some of every other kind.
  static let samples: [Setting] =
    [
      .flag(true), .flag(false), .text(""), .text("x"), .text("{question} {outline}"), "small", "inf", "-inf", "nan",
      .none,
    ]
    + [.list([]), .list(["a", "b"]), .list([""]), .list([1, 2]), ["a": 1]]
    + [-1001, -1000, -2, -1, 0, 1, 2, 8, 9, 10, 11, 255, 256, 4096, 4097].map(Setting.integer)
    + [Budget.mostTokens, Budget.mostTokens + 1, 1 << 62, -(1 << 62), .max, .min].map(Setting.integer)
    + [-1000.5, -1.5, -0.5, 0.5, 1.5, 2, 1e300, -1e300, .infinity, .nan].map(Setting.number)

  private func error<S: Strategy>(_ type: S.Type, _ changes: [String: Setting]) -> String? {
    do throws(ReasoningError) { _ = try S().changing(changes) } catch { return error.description }
    return nil
  }

  @Test(arguments: names)
  func `is a stored property that is declared once, and is written as Codable writes it`(name: String) throws {
    func check<S: Strategy>(_ type: S.Type) throws {
      let encoded = try JSONDecoder().decode([String: Setting].self, from: JSONEncoder().encode(S()))
      #expect(encoded == Strategies.settings(of: S()))
      #expect(Set(S.settings.map(\.name)).count == S.settings.count)
      #expect(try JSONDecoder().decode(S.self, from: JSONEncoder().encode(S())) == S())
    }
    try check(Strategies.named(name))
  }

  @Test(arguments: names)
  func `is said to mean something, in a phrase`(name: String) throws {
    for setting in try Strategies.named(name).settingDescriptions {
      #expect(setting.help.count > 5 && !setting.help.hasSuffix("."), "\(setting.name)")
      #expect(setting.help.first?.isUppercase == false || setting.help.hasPrefix("ln"), "\(setting.name)")
    }
  }

  @Test(arguments: names)
  func `accepts its default, and refuses numbers beyond its bounds`(name: String) throws {
    func check<S: Strategy>(_ type: S.Type) throws {
      try S().validate()
      for setting in S.settingDescriptions {
        #expect(error(type, [setting.name: setting.initial]) == nil)
        guard let (range, isWhole) = setting.kind.range else { continue }
        let step = isWhole ? 1.0 : 1e-9
        let ends: [(Double?, Bool)] = [
          (range.minimum, !range.isMinimumExcluded), (range.minimum.map { $0 - step }, false), (range.maximum, true),
          (range.maximum.map { $0 + step }, false), (range.exception, true), (.infinity, range.allowsInfinity),
          (.nan, false), (-1e300, false), (1e300, range.maximum == nil),
        ]
        for case (let value?, let isAccepted) in ends where value != range.exception || isAccepted {
          let error = error(type, [setting.name: .number(value)])
          #expect((error == nil || error?.contains("has no effect") == true) == isAccepted, "\(setting.name) \(value)")
          if !isAccepted { #expect(error?.hasPrefix("\(setting.name) must be ") == true) }
        }
        for absurd in [Int.max, .min, 1 << 62] where isWhole {
          #expect(error(type, [setting.name: .integer(absurd)])?.hasSuffix(", not \(absurd).") == true)
        }
      }
    }
    try check(Strategies.named(name))
  }

  @Test(arguments: names)
  func `changes its own property and no other`(name: String) throws {
    func check<S: Strategy>(_ type: S.Type) throws {
      let defaults = Strategies.settings(of: S())
      for setting in S.settingDescriptions {
        let other = Self.samples.first { value in
          value != setting.initial && error(type, [setting.name: value]) == nil
        }
        let value = other ?? setting.kind.words.last { $0 != setting.initial }
        guard let value else { continue }
        let changed = Strategies.settings(of: try S().changing([setting.name: value]))
        #expect(changed.filter { defaults[$0.key] != $0.value }.map(\.key) == [setting.name])
      }
    }
    try check(Strategies.named(name))
  }

  @Test(arguments: names)
  func `is accepted by the schema if it is by the strategy, and the other way round`(name: String) throws {
    func check<S: Strategy>(_ type: S.Type) throws {
      let schema = Strategies.schema(of: type)
      #expect(schema.accepts(.dictionary(Strategies.settings(of: S()))))
      #expect(!schema.accepts(["noSuchSetting": 1]))
      for setting in S.settingDescriptions {
        for value in Self.samples + setting.kind.words where value.isInJSON {
          let error = error(type, [setting.name: value])
          let isAccepted = error == nil || error?.contains("has no effect") == true
          #expect(schema.accepts(.dictionary([setting.name: value])) == isAccepted, "\(setting.name): \(value)")
        }
      }
    }
    try check(Strategies.named(name))
  }

  @Test(arguments: names)
  func `with a name in the paper's files has it for the same thing`(name: String) throws {
    func check<S: Strategy>(_ type: S.Type) throws {
      for setting in S.settingDescriptions {
        guard let key = setting.key else { continue }
        let value = Self.samples.first { error(type, [setting.name: $0]) == nil && $0 != setting.initial }
        guard let value, key != "begin_token_num" else { continue }
        let parts = key.split(separator: ".").map(String.init)
        let given = parts.count == 1 ? [key: value] : [parts[0]: .dictionary([parts[1]: value])]
        #expect(Strategies.settings(of: try S().changing(given))[setting.name] == value)
        let both = given.merging([setting.name: value]) { $1 }
        #expect(error(type, both) == "\(key) is another name of \(setting.name); give one of them.")
      }
    }
    try check(Strategies.named(name))
  }
}

extension SettingKind {
  fileprivate var range: (SettingRange, isWhole: Bool)? {
    switch self {
    case .integer(let range): (range, true)
    case .number(let range): (range, false)
    default: nil
    }
  }

  fileprivate var words: [Setting] { if case .choice(let words) = self { words.map(Setting.text) } else { [] } }
}

extension Setting {
  /// JSON has no infinite numbers.
  fileprivate var isInJSON: Bool { if case .number(let number) = self { number.isFinite } else { true } }
}
