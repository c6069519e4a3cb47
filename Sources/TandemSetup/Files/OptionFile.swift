import Foundation
package import Tandem
import TandemModels
import TandemSupport

/// A YAML file of options, read with every key and word checked. JSON is YAML too.
package struct OptionFile {
  private let path: String
  private let tree: Setting

  private init(path: String, tree: Setting) { (self.path, self.tree) = (path, tree) }

  /// Reads a file.
  ///
  /// Throws `ModelError.fileNotFound` or `unreadable`, or `SetupError.invalidFile` for text that is not YAML or is too large.
  package init(_ path: String) throws {
    let data = try UserFile.contents(of: path)
    self.path = path
    do { tree = try YAML.read(data) } catch { throw SetupError.invalidFile(path: path, reason: error.reason) }
  }

  /// The options of the file; `kind` is what it should be, such as "a plan".
  ///
  /// Throws `SetupError.invalidFile` with the place of an unknown key or an invalid value.
  package func options<Options: OptionKeys>(
    _ type: Options.Type = Options.self, kind: String
  ) throws -> Options {
    guard case .dictionary = tree else {
      throw invalid("this is not \(kind), which has a key in each line: \(Options.list)")
    }
    return try Self(path: path, tree: check(tree, type, at: [], kind)).value()
  }

  /// The settings of a strategy; their names are checked where the strategy is known.
  package func settings() throws(SetupError) -> [String: Setting] {
    guard case .dictionary(let settings) = tree else {
      throw invalid("these are not settings, which have a line each, such as takeoverTokens: 20")
    }
    return settings
  }

  /// A value of any other kind. Throws `SetupError.invalidFile`, or what the value's own decoding throws.
  package func value<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    do { return try tree.decoded(type) } catch let error as DecodingError {
      throw invalid(tree.reason(of: error, for: type))
    }
  }

  private func invalid(_ reason: String) -> SetupError { .invalidFile(path: path, reason: reason) }

  /// The tree with shorthands written out. Throws for the first unknown key, or a word that is none of those known.
  private func check(
    _ tree: Setting, _ type: any OptionKeys.Type, at place: [String], _ kind: String
  ) throws(SetupError) -> Setting {
    guard case .dictionary(var entries) = tree else { return tree }
    for key in entries.keys.sorted() where !type.keys.contains(key) {
      let owner = place.isEmpty ? kind : "'\(place.joined(separator: "."))'"
      let hint = type.keys.nearest(to: key).map { " Did you mean '\($0)'?" } ?? ""
      throw invalid("\(owner) has no '\(key)'.\(hint) Known: \(type.list)")
    }
    for (key, value) in entries {
      if let known = type.words[key] { try check(value, isOneOf: known, at: place + [key]) }
      guard let group = type.groups[key] else { continue }
      if case .list(let values) = value {
        var checked: [Setting] = []
        for (index, value) in values.enumerated() {
          var value = value
          if case .text = value, let key = group.shorthand { value = .dictionary([key: value]) }
          checked.append(try check(value, group, at: place + [key, "\(index + 1)"], kind))
        }
        entries[key] = .list(checked)
      } else {
        entries[key] = try check(value, group, at: place + [key], kind)
      }
    }
    return .dictionary(entries)
  }

  private func check(_ value: Setting, isOneOf words: [String], at place: [String]) throws(SetupError) {
    if case .none = value { return }
    if case .text(let word) = value, words.contains(word) { return }
    var hint = ""
    if case .text(let word) = value { hint = words.nearest(to: word).map { ". Did you mean '\($0)'?" } ?? "" }
    // YAML reads on, off, yes and no as true and false.
    if case .flag = value { hint = ". Put the word in quotes" }
    throw invalid("\(place.joined(separator: ".")) can be \(words.joined(separator: ", ")), not \(value)\(hint)")
  }
}

extension OptionKeys {
  fileprivate static var list: String { keys.joined(separator: ", ") }
}
