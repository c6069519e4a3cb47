import Foundation
import TandemSupport

/// What a user writes to say which model is meant: a known name, a file on Hugging Face, or a path.
public enum ModelReference: Sendable, Hashable {
  case catalogue(String)
  case huggingFace(HuggingFaceFile)
  case file(path: String)

  /// Throws `unknownModel`, with the nearest known name, for what is none of the three.
  public init(parsing text: String) throws(ModelError) {
    if text.hasPrefix("hf:") {
      self = .huggingFace(try HuggingFaceFile(parsing: text))
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
  public var description: String {
    switch self {
    case .catalogue(let name): name
    case .huggingFace(let file): file.description
    case .file(let path): path
    }
  }
}

extension ModelReference: Codable {
  public init(from decoder: any Decoder) throws {
    self = try Self(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
