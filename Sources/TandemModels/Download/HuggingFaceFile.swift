import Foundation

/// One file of a repository on Hugging Face, written `hf:OWNER/REPO/FILE.gguf[@REVISION]`.
public struct HuggingFaceFile: Sendable, Hashable {
  public let owner: String
  public let repository: String
  /// The path inside the repository; it may name folders.
  public let path: String
  /// A branch, a tag, a pull request (`refs/pr/1`) or a commit.
  public let revision: String

  /// Throws `invalidReference` for anything that could name a file elsewhere.
  public init(owner: String, repository: String, path: String, revision: String = "main") throws(ModelError) {
    self.owner = owner
    self.repository = repository
    self.path = path
    self.revision = revision
    let names = [owner, repository] + path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard names.count >= 3, names.allSatisfy(Self.isName), Self.isRevision(revision) else {
      throw .invalidReference(text: description, reason: "it should look like hf:OWNER/REPO/FILE.gguf[@REVISION]")
    }
    guard path.lowercased().hasSuffix(".gguf") else {
      throw .invalidReference(text: description, reason: "the file should end in .gguf")
    }
  }

  /// Reads `OWNER/REPO/FILE.gguf[@REVISION]`, with or without `hf:` in front.
  public init(parsing text: String) throws(ModelError) {
    let plain = text.hasPrefix("hf:") ? text.dropFirst(3) : text[...]
    let halves = plain.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let path = halves.first ?? ""
    let parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else {
      throw .invalidReference(text: text, reason: "it should look like hf:OWNER/REPO/FILE.gguf[@REVISION]")
    }
    let revision = halves.count == 2 ? halves[1] : "main"
    try self.init(owner: parts[0], repository: parts[1], path: parts[2], revision: revision)
  }

  /// Every file of a model that was split for upload (`…-00001-of-00003.gguf`); usually just this one.
  package var parts: [Self] {
    guard let match = path.firstMatch(of: /-([0-9]{5})-of-([0-9]{5})\.gguf$/),
      let count = Int(match.2), (2...999).contains(count)
    else { return [self] }
    let stem = path[..<match.range.lowerBound]
    return (1...count).compactMap { number in
      let digits = String(String(100_000 + number).dropFirst())
      return try? Self(
        owner: owner, repository: repository, path: "\(stem)-\(digits)-of-\(match.2).gguf", revision: revision)
    }
  }

  /// Where the file is served from.
  func url(endpoint: URL) -> URL {
    let given = endpoint.absoluteString
    let base = given.hasSuffix("/") ? String(given.dropLast()) : given
    let tail = [owner, repository, "resolve", revision.replacing("/", with: "%2F"), path].joined(separator: "/")
    return URL(string: "\(base)/\(tail)") ?? endpoint
  }

  /// Where the file lies below the folder of all models.
  var relativePath: String { "hf/\(owner)/\(repository)/\(revision.replacing("/", with: "%2F"))/\(path)" }

  private static func isName(_ text: String) -> Bool {
    text.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._+-]*/) != nil && !text.contains("..")
  }

  private static func isRevision(_ text: String) -> Bool {
    text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { isName(String($0)) }
  }
}

extension HuggingFaceFile: CustomStringConvertible {
  public var description: String { "hf:\(owner)/\(repository)/\(path)" + (revision == "main" ? "" : "@\(revision)") }
}
