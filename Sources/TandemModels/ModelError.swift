/// What can go wrong between the name of a model and its file.
///
/// `description` says what is wrong and what would be right; `code` is a bounded word for logs and exit codes.
public enum ModelError: Error, Sendable, Hashable {
  /// No model has this name; `nearest` is the most similar one.
  case unknownModel(name: String, nearest: String?)
  /// The text can't be the name of a model; the reason is a clause.
  case invalidReference(text: String, reason: String)

  /// The model can be pulled, and is not here.
  case notInstalled(name: String)
  /// Some files of a model in several are not here.
  case incomplete(name: String, missing: [String])
  /// A file under a model's name is not a whole model; the reason is a clause that begins with "it".
  case damaged(path: String, reason: String)
  /// A file is there and can't be read; the reason is a clause.
  case unreadable(path: String, reason: String)
  /// There is no file at the path that a user gave.
  case fileNotFound(path: String, hint: String?)
  /// A server runs the model, and a file is needed.
  case onServer(address: String)
  /// What is to be removed lies elsewhere.
  case notInStore(path: String, folder: String)
  /// A part of Tandem can be neither pulled nor removed.
  case builtIn(name: String)
  /// A part of Tandem was not found.
  case resourceMissing(name: String, searched: [String])

  /// The user has to agree to something first.
  case termsNotAccepted(name: String, terms: String)
  /// Another model could not be converted into this one.
  case cannotConvert(name: String, reason: String)
  /// A model can't be written in another program's form; the reason is a clause.
  case cannotExport(name: String, reason: String)
  /// Models can't be merged; the reason is a clause.
  case cannotMerge(reason: String)
  /// There is no Python, or one without pip.
  case pythonMissing(reason: String)
  /// A package on the Python Package Index could not be fetched or unpacked.
  case packageFailed(package: String, reason: String)

  /// A file or folder can't be written.
  case notWritable(path: String, reason: String)
  /// So many bytes more are needed.
  case diskFull(path: String, missing: Int64)
  /// What arrived has another SHA-256 than the file should have.
  case checksumMismatch(file: String, expected: String, actual: String)
  /// What was here before has another SHA-256 than the file should have.
  case installedDiffers(path: String, expected: String, actual: String)

  /// `HF_ENDPOINT` is not an address. The text has no password in it.
  case invalidEndpoint(text: String)
  /// `HF_HUB_OFFLINE` forbids asking a server.
  case offline(name: String)
  /// The server wants a token, or another one.
  case unauthorized(file: String, hasToken: Bool)
  /// The repository is given only to those who accepted its terms.
  case gated(repository: String, hasToken: Bool)
  /// The server has no such file.
  case notFound(MissingPart, file: String)
  /// The server wants to be asked again after so many seconds.
  case rateLimited(host: String, seconds: Int?)
  /// The server failed, and failed again.
  case serverFailed(host: String, status: Int)
  /// The server's answer is not one of a file server; the reason is a clause.
  case unexpectedAnswer(host: String, reason: String)
  /// The server can't be reached, or breaks off.
  case connectionFailed(host: String, reason: String)
  /// The server's certificate is not valid.
  case untrusted(host: String, reason: String)
  /// The server sent fewer or more bytes than the file has.
  case lengthMismatch(file: String, expected: Int64, received: Int64)
  /// The task was cancelled; so many bytes are kept.
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
    case .incomplete: "incomplete"
    case .damaged: "damaged"
    case .unreadable: "unreadable"
    case .fileNotFound: "file-not-found"
    case .onServer: "on-server"
    case .notInStore: "not-in-store"
    case .builtIn: "built-in"
    case .resourceMissing: "resource-missing"
    case .termsNotAccepted: "terms-not-accepted"
    case .cannotConvert: "cannot-convert"
    case .cannotExport: "cannot-export"
    case .cannotMerge: "cannot-merge"
    case .pythonMissing: "python-missing"
    case .packageFailed: "package-failed"
    case .notWritable: "not-writable"
    case .diskFull: "disk-full"
    case .checksumMismatch: "checksum-mismatch"
    case .installedDiffers: "installed-differs"
    case .invalidEndpoint: "invalid-endpoint"
    case .offline: "offline"
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
