/// Who trains a model that is too large for this trainer.
package enum Framework: String, Sendable, Hashable, Codable, CaseIterable {
  case trl, verl

  /// The version whose sources the files were written after.
  package var version: String {
    switch self {
    case .trl: "1.16.0"
    case .verl: "0.9.1"
    }
  }
}
