import Foundation
import TandemSupport

/// What a user writes to name a model.
public enum ModelReference: Sendable, Hashable {
  /// A name in the catalogue: `nano-small`.
  case catalogue(String)
  /// A file on Hugging Face: `hf:OWNER/REPO/FILE.gguf[@REVISION]`.
  case huggingFace(HuggingFaceFile)
  /// A file on this machine.
  case file(path: String)
  /// A model that a server runs: `http://host:8000/v1#model`.
  case server(address: String)

  /// Reads a name, `hf:…`, the address of a file's page on Hugging Face or of a server, or a path.
  ///
  /// Throws `invalidReference`, or `unknownModel` with the nearest known name.
  public init(parsing text: String) throws(ModelError) {
    if Self.isServer(text) {
      self = .server(address: text)
    } else if text.hasPrefix("hf:") {
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

  /// Whether `text` is an address that is a server's as a whole, or ends with `/v1`. Others are those of files.
  package static func isServer(_ text: String) -> Bool {
    guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased()),
      parts.host?.isEmpty == false, parts.query == nil
    else { return false }
    let path = parts.path.hasSuffix("/") ? String(parts.path.dropLast()) : parts.path
    return path.isEmpty || path.hasSuffix("/v1")
  }
}

extension ModelReference: CustomStringConvertible {
  /// The text that `init(parsing:)` reads.
  public var description: String {
    switch self {
    case .catalogue(let name): name
    case .huggingFace(let file): file.description
    case .file(let path): path
    case .server(let address): address
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
