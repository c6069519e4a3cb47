import Foundation
import TandemSupport

/// What a user writes to name a model.
public enum ModelReference: Sendable, Hashable {
  /// A name that Tandem knows: `nano-small`.
  case catalogue(String)
  /// A file on Hugging Face: `hf:OWNER/REPO/FILE.gguf[@REVISION]`.
  case huggingFace(HuggingFaceFile)
  /// A file on this machine.
  case file(path: String)

  /// Reads a name, `hf:…`, the address of a file's page on Hugging Face, or a path.
  ///
  /// Throws `invalidReference`, or `unknownModel` with the nearest known name.
  public init(parsing text: String) throws(ModelError) {
    if text.hasPrefix("hf:") {
      self = .huggingFace(try HuggingFaceFile(parsing: text))
    } else if let page = try HuggingFaceFile(page: text) {
      self = .huggingFace(page)
    } else if Catalogue.names.contains(text) {
      self = .catalogue(text)
    } else if text.contains("/") || text.lowercased().hasSuffix(".gguf") {
      self = .file(path: text)
    } else {
      throw .unknownModel(name: text, nearest: Catalogue.names.nearest(to: text))
    }
  }
}

extension ModelReference: CustomStringConvertible {
  /// The text that `init(parsing:)` reads.
  public var description: String {
    switch self {
    case .catalogue(let name): name
    case .huggingFace(let file): file.description
    case .file(let path): path
    }
  }
}

extension ModelReference: Codable {
  /// Reads the text that `init(parsing:)` reads.
  public init(from decoder: any Decoder) throws {
    self = try Self(parsing: decoder.singleValueContainer().decode(String.self))
  }

  /// Writes `description`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
