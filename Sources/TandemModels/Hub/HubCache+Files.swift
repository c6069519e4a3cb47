import Foundation

extension HubCache {
  /// The GGUF files of all repositories, stopped pulls included; links to contents that are gone are left out.
  func files() -> [HuggingFaceFile] {
    entries(of: folder).filter { $0.hasPrefix("models--") }.flatMap { name -> [HuggingFaceFile] in
      let parts = name.dropFirst(8).split(separator: "--", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return [] }
      let repository = folder.appending(path: name)
      let revisions = revisions(of: repository)
      let snapshots = repository.appending(path: "snapshots")
      let whole = entries(of: snapshots).flatMap { commit -> [HuggingFaceFile] in
        let snapshot = snapshots.appending(path: commit)
        return entries(below: snapshot).filter { ModelStore.exists(snapshot.appending(path: $0)) }.compactMap { path in
          try? HuggingFaceFile(
            owner: parts[0], repository: parts[1], path: path, revision: revisions[commit] ?? commit)
        }
      }
      return whole + notes(in: repository).compactMap { $0.label.flatMap { try? HuggingFaceFile(parsing: $0) } }
    }
  }

  /// The contents of a file that a stopped pull was about to write.
  func unfinished(_ file: HuggingFaceFile) -> [URL] {
    notes(in: repository(of: file)).filter { $0.label == "\(file)" }.map(\.blob)
  }

  /// Removes a file from the snapshot of its revision, and its contents unless another snapshot has them; returns how
  /// many bytes that freed, nil if there was no such file.
  func remove(_ file: HuggingFaceFile) throws(ModelError) -> Int64? {
    var freed: Int64?
    if let commit = commit(of: file), let link = url(of: file, at: commit) {
      let contents = try? FileManager.default.destinationOfSymbolicLink(atPath: link.path)
      freed = try link.remove(from: folder)
      if let name = contents.map({ URL(filePath: $0).lastPathComponent }), !isLinked(name, in: repository(of: file)) {
        let blob = repository(of: file).appending(path: "blobs/\(name)")
        if ModelStore.exists(blob) { freed = (freed ?? 0) + (try blob.remove(from: folder)) }
      }
      try removeRefs(of: file, to: commit)
    }
    for blob in unfinished(file) {
      for part in [PartialFile.url(for: blob), PartialFile.noteURL(for: blob)] where ModelStore.exists(part) {
        freed = (freed ?? 0) + (try part.remove(from: folder))
      }
    }
    return freed
  }

  /// A branch may not point to a snapshot without files: `hf cache` calls that a damage.
  private func removeRefs(of file: HuggingFaceFile, to commit: String) throws(ModelError) {
    let repository = repository(of: file)
    let snapshot = repository.appending(path: "snapshots/\(commit)")
    guard !FileManager.default.fileExists(atPath: snapshot.path) else { return }
    for (revision, target) in refs(of: repository) where target == commit {
      _ = try repository.appending(path: "refs/\(revision)").remove(from: folder)
    }
  }

  private func isLinked(_ blob: String, in repository: URL) -> Bool {
    let snapshots = repository.appending(path: "snapshots").path
    return entries(below: repository.appending(path: "snapshots")).contains { path in
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(snapshots)/\(path)")
      return target.map { URL(filePath: $0).lastPathComponent } == blob
    }
  }

  /// The branch or tag of each commit that has one; `main` before others.
  private func revisions(of repository: URL) -> [String: String] {
    Dictionary(refs(of: repository).map { ($1, $0) }) { $0 == "main" ? $0 : $1 == "main" ? $1 : min($0, $1) }
  }

  private func refs(of repository: URL) -> [(revision: String, commit: String)] {
    let folder = repository.appending(path: "refs")
    return entries(below: folder).compactMap { name in
      let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
      return text.map { (name, $0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }
  }

  /// What stopped pulls left in a repository, and the names that users gave the files.
  private func notes(in repository: URL) -> [(blob: URL, label: String?)] {
    let folder = repository.appending(path: "blobs")
    return entries(of: folder).filter { $0.hasSuffix(".partial") }.map { name in
      let blob = folder.appending(path: String(name.dropLast(8)))
      return (blob, PartialFile.note(for: blob)?.label)
    }
  }

  private func entries(of folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  private func entries(below folder: URL) -> [String] {
    (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []).sorted()
  }
}
