public import Foundation
import Tandem
import TandemModels

/// What runs a model.
public enum ModelSource: Sendable, Hashable {
  /// An engine in this process, from a file.
  case file(URL)
  /// A server, as its address says; the file has the model's vocabulary and chat template.
  case server(address: String, vocabulary: URL)

  /// - Parameters:
  ///   - name: The model, as a user names it.
  ///   - tokenizer: The file with its vocabulary, if a server runs it.
  ///
  /// Throws `SetupError.tokenizerMissing`, and `ModelError` for a file that is not there.
  init(_ name: String, tokenizer: String?, for role: Role, in store: ModelStore) throws {
    let reference = try ModelReference(parsing: name)
    guard case .server(let address) = reference else {
      self = .file(try store.url(of: reference))
      return
    }
    guard let tokenizer else { throw SetupError.tokenizerMissing(role: role) }
    self = .server(address: address, vocabulary: try store.url(of: ModelReference(parsing: tokenizer)))
  }
}
