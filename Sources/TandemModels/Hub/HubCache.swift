import Foundation
import TandemSupport

/// The cache of the Python client `huggingface_hub`, in its layout, so that no file is fetched or stored twice:
///
///     models--OWNER--REPO/refs/REVISION            the commit that a branch or tag was at
///     models--OWNER--REPO/blobs/ETAG               the contents
///     models--OWNER--REPO/snapshots/COMMIT/PATH    a link to the contents
///     .locks/models--OWNER--REPO/ETAG.lock         held while contents are fetched
///
/// docs/decisions/0020-hugging-face-cache.md
struct HubCache: Sendable {
  let folder: URL
  let avoidsLinks: Bool

  init(_ settings: HubSettings) {
    folder = settings.cache
    avoidsLinks = settings.avoidsLinks
  }

  /// The file under its own name, if it is here.
  func url(of file: HuggingFaceFile) -> URL? {
    guard let commit = commit(of: file) else { return nil }
    return url(of: file, at: commit)
  }

  func url(of file: HuggingFaceFile, at commit: String) -> URL? {
    let path = "\(Self.name(of: file))/snapshots/\(commit)/\(file.path)"
    return folder.holds(path) ? folder.appending(path: path) : nil
  }

  /// The commit that a revision was at when it was last asked for.
  func commit(of file: HuggingFaceFile) -> String? {
    let ref = repository(of: file).appending(path: "refs/\(file.revision)")
    let text = (try? String(contentsOf: ref, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
    let commit = text ?? file.revision
    // A file from elsewhere may say anything, and this becomes a part of a path.
    return commit.wholeMatch(of: /[0-9A-Za-z]{1,128}/) == nil ? nil : commit
  }

  func blob(of file: HuggingFaceFile, _ identity: HubIdentity) -> URL {
    repository(of: file).appending(path: "blobs/\(identity.etag)")
  }

  func lock(of file: HuggingFaceFile, _ identity: HubIdentity) -> URL {
    folder.appending(path: ".locks/\(Self.name(of: file))/\(identity.etag).lock")
  }

  func repository(of file: HuggingFaceFile) -> URL {
    folder.appending(path: Self.name(of: file), directoryHint: .isDirectory)
  }

  private static func name(of file: HuggingFaceFile) -> String { "models--\(file.owner)--\(file.repository)" }
}

extension HubCache {
  /// Gives contents that have arrived their name in a snapshot.
  func link(_ file: HuggingFaceFile, _ identity: HubIdentity) throws(ModelError) -> URL {
    let link = repository(of: file).appending(path: "snapshots/\(identity.commit)/\(file.path)")
    try PartialFile.makeFolder(link.deletingLastPathComponent())
    if !ModelStore.exists(link) { unlink(link.path) }  // A link to contents that are gone.
    let up = String(repeating: "../", count: file.path.split(separator: "/").count + 1)
    if !avoidsLinks {
      if symlink("\(up)blobs/\(identity.etag)", link.path) == 0 { return link }
      // A file system without links gets the file itself; any other refusal is an error.
      guard [EEXIST, EPERM, ENOSYS, EOPNOTSUPP].contains(errno) else { throw PartialFile.failure(of: link, errno) }
    }
    // Another process may have been faster.
    if let link = url(of: file, at: identity.commit) { return link }
    guard !ModelStore.exists(link) else {
      throw .notWritable(path: link.path, reason: "a file whose name differs only in case is there")
    }
    guard rename(blob(of: file, identity).path, link.path) == 0 else { throw PartialFile.failure(of: link, errno) }
    return link
  }

  /// Remembers which commit a branch or tag is at.
  func remember(_ file: HuggingFaceFile, at commit: String) throws(ModelError) {
    guard file.revision != commit else { return }
    let ref = repository(of: file).appending(path: "refs/\(file.revision)")
    try PartialFile.makeFolder(ref.deletingLastPathComponent())
    do {
      try Data(commit.utf8).write(to: ref, options: .atomic)
    } catch {
      throw .notWritable(path: ref.path, reason: error.systemReason)
    }
  }
}

extension URL {
  /// Whether a file lies at this path below the folder, under exactly this name: many disks find "X" as "x" too.
  func holds(_ path: String) -> Bool {
    guard ModelStore.exists(appending(path: path)) else { return false }
    var folder = self
    for name in path.split(separator: "/") {
      let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
      // A folder that may be entered but not listed is no proof against the name.
      guard names?.contains(String(name)) ?? true else { return false }
      folder.append(path: String(name))
    }
    return true
  }
}
