/// What can go wrong between the name of a model and its file.
///
/// `description` says what is wrong and what would be right; `code` is a bounded word for logs and exit codes.
public enum ModelError: Error, Sendable, Hashable {
  // Names.
  case unknownModel(name: String, nearest: String?)
  case invalidReference(text: String, reason: String)

  // What lies on this machine.
  case notInstalled(name: String)
  case fileNotFound(path: String, hint: String?)
  case notInStore(path: String, folder: String)
  case builtIn(name: String)
  case resourceMissing(name: String, searched: [String])

  // Making a model out of others.
  case termsNotAccepted(name: String, terms: String)
  case cannotConvert(name: String, reason: String)
  case pythonMissing(reason: String)
  case packageFailed(package: String, reason: String)

  // Files and disks.
  case notWritable(path: String, reason: String)
  case diskFull(path: String, missing: Int64)
  case checksumMismatch(file: String, expected: String, actual: String)
  case installedDiffers(path: String, expected: String, actual: String)

  // Servers.
  case invalidEndpoint(text: String)
  case unauthorized(file: String, hasToken: Bool)
  case gated(repository: String, hasToken: Bool)
  case notFound(MissingPart, file: String)
  case rateLimited(host: String, seconds: Int?)
  case serverFailed(host: String, status: Int)
  case unexpectedAnswer(host: String, reason: String)
  case connectionFailed(host: String, reason: String)
  case untrusted(host: String, reason: String)
  case lengthMismatch(file: String, expected: Int64, received: Int64)
  case cancelled(file: String, kept: Int64)

  /// Which part of `hf:OWNER/REPO/FILE@REVISION` does not exist, as far as the server said.
  public enum MissingPart: String, Sendable, Hashable { case repository, revision, file, unknown }
}

extension ModelError {
  /// A bounded word for logs, metrics and scripts.
  public var code: String {
    switch self {
    case .unknownModel: "unknown-model"
    case .invalidReference: "invalid-reference"
    case .notInstalled: "not-installed"
    case .fileNotFound: "file-not-found"
    case .notInStore: "not-in-store"
    case .builtIn: "built-in"
    case .resourceMissing: "resource-missing"
    case .termsNotAccepted: "terms-not-accepted"
    case .cannotConvert: "cannot-convert"
    case .pythonMissing: "python-missing"
    case .packageFailed: "package-failed"
    case .notWritable: "not-writable"
    case .diskFull: "disk-full"
    case .checksumMismatch: "checksum-mismatch"
    case .installedDiffers: "installed-differs"
    case .invalidEndpoint: "invalid-endpoint"
    case .unauthorized: "unauthorized"
    case .gated: "gated"
    case .notFound: "not-found"
    case .rateLimited: "rate-limited"
    case .serverFailed: "server-failed"
    case .unexpectedAnswer: "unexpected-answer"
    case .connectionFailed: "connection-failed"
    case .untrusted: "untrusted"
    case .lengthMismatch: "length-mismatch"
    case .cancelled: "cancelled"
    }
  }
}
