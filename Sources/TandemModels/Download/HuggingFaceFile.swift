import Foundation

/// One file of a repository on Hugging Face, written `hf:OWNER/REPO/FILE.gguf[@REVISION]`.
public struct HuggingFaceFile: Sendable, Hashable {
  /// The user or organisation.
  public let owner: String
  /// The repository's name, without its owner.
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
      throw .invalidReference(text: Self.short(description), reason: Self.form)
    }
    // Each part becomes the name of a file or folder, of which disks allow 255 bytes, with what is put around it.
    guard owner.count <= 96, repository.count <= 96, relativePath.count <= 700,
      relativePath.split(separator: "/").allSatisfy({ $0.count <= 235 })
    else { throw .invalidReference(text: Self.short(description), reason: "it is too long") }
    guard path.lowercased().hasSuffix(".gguf") else {
      throw .invalidReference(text: Self.short(description), reason: "the file should end in .gguf")
    }
  }

  /// Reads `OWNER/REPO/FILE.gguf[@REVISION]`, with or without `hf:` in front.
  public init(parsing text: String) throws(ModelError) {
    let plain = text.hasPrefix("hf:") ? text.dropFirst(3) : text[...]
    let halves = plain.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let path = halves.first ?? ""
    let parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else {
      throw .invalidReference(text: Self.short(text), reason: Self.form)
    }
    let revision = halves.count == 2 ? halves[1] : "main"
    try self.init(owner: parts[0], repository: parts[1], path: parts[2], revision: revision)
  }

  /// Reads the address of a file on the site of Hugging Face, as it stands in a browser; nil for any other text.
  ///
  /// Throws `invalidReference` for an address of another site or page.
  init?(page text: String) throws(ModelError) {
    let site = /(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\//.ignoresCase()
    let rest = /([^\/]+)\/([^\/]+)\/(?:resolve|blob|raw)\/([^\/]+)\/([^?#]+)(?:[?#].*)?/
    guard let match = text.trimmingPrefix(site).wholeMatch(of: rest), text.prefixMatch(of: site) != nil,
      let revision = String(match.3).removingPercentEncoding, let path = String(match.4).removingPercentEncoding
    else {
      guard text.hasPrefix("http://") || text.hasPrefix("https://") else { return nil }
      throw .invalidReference(
        text: Self.short(text.addressWithoutSecrets),
        reason:
          "only files on Hugging Face can be pulled, written hf:OWNER/REPO/FILE.gguf[@REVISION], and a model on a "
          + "server is written http://HOST:PORT/v1#MODEL")
    }
    try self.init(owner: String(match.1), repository: String(match.2), path: path, revision: revision)
  }

  /// Every file of a model that was split for upload (`…-00001-of-00003.gguf`); usually just this one.
  package var parts: [Self] {
    guard let split = SplitName(path) else { return [self] }
    return split.all.map { Self(self, path: $0) }
  }

  /// Another file of the same repository, whose path is known to be one.
  private init(_ other: Self, path: String) {
    (owner, repository, revision) = (other.owner, other.repository, other.revision)
    self.path = path
  }

  /// The last part of the path.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Where the file is served from. Throws `invalidEndpoint`.
  func url(endpoint: URL) throws(ModelError) -> URL {
    let given = endpoint.absoluteString
    let base = given.hasSuffix("/") ? String(given.dropLast()) : given
    let tail = [owner, repository, "resolve", revision.replacing("/", with: "%2F"), path].joined(separator: "/")
    guard let url = URL(string: "\(base)/\(tail)") else {
      throw .invalidEndpoint(text: given.addressWithoutSecrets)
    }
    return url
  }

  /// Where the file lies below the folder of all models, if its server names no commits.
  ///
  /// A capital letter is written as "!" and the small one, as in Go's module cache: many disks take "A" and "a" for the
  /// same.
  var relativePath: String {
    func escaped(_ text: String) -> String { text.replacing(/[A-Z]/) { "!\($0.0.lowercased())" } }
    return Self.joined(escaped(owner), escaped(repository), escaped(revision), escaped(path))
  }

  /// The same without escapes, as earlier versions wrote it.
  var formerRelativePath: String { Self.joined(owner, repository, revision, path) }

  private static func joined(_ owner: String, _ repository: String, _ revision: String, _ path: String) -> String {
    "hf/\(owner)/\(repository)/\(revision.replacing("/", with: "%2F"))/\(path)"
  }

  /// The file that lies at such a path; nil for any other path.
  init?(relativePath: String) {
    let plain = relativePath.replacing(/!([a-z])/) { $0.1.uppercased() }
    let parts = plain.split(separator: "/", maxSplits: 4).map(String.init)
    guard parts.count == 5, parts[0] == "hf" else { return nil }
    guard
      let file = try? Self(
        owner: parts[1], repository: parts[2], path: parts[4], revision: parts[3].replacing("%2F", with: "/"))
    else { return nil }
    self = file
  }

  private static func short(_ text: String) -> String { text.count > 300 ? text.prefix(299) + "…" : text }

  private static let form = "it should look like hf:OWNER/REPO/FILE.gguf[@REVISION]"

  private static func isName(_ text: String) -> Bool {
    text.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._+-]*/) != nil && !text.contains("..")
  }

  private static func isRevision(_ text: String) -> Bool {
    text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { isName(String($0)) }
  }
}

extension HuggingFaceFile: CustomStringConvertible {
  /// `hf:OWNER/REPO/FILE.gguf`, with the revision if it is not `main`.
  public var description: String { "hf:\(owner)/\(repository)/\(path)" + (revision == "main" ? "" : "@\(revision)") }
}
