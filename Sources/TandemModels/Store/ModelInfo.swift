public import Foundation

/// What is known about one model.
public struct ModelInfo: Sendable, Hashable {
  /// Whether the model is here.
  public enum State: Sendable, Hashable {
    case builtIn, installed, absent
    /// A pull was stopped with so many bytes.
    case partial(bytes: Int64)
  }

  public var reference: ModelReference
  public var summary: String
  /// The size of the file, or what it will be; nil where only a server knows.
  public var bytes: Int64?
  public var licence: String?
  /// Where it comes from, for people.
  public var source: String
  public var sha256: String?
  public var state: State
  /// The file, if the model can be used now.
  public var url: URL?

  public var name: String { reference.description }

  public var isInstalled: Bool { url != nil }
}

/// What a pull brought.
public struct PulledModel: Sendable, Hashable {
  public var reference: ModelReference
  public var url: URL
  public var bytes: Int64
  /// The digest of the (first) file; nil if it was here already and nobody asked.
  public var sha256: String?
  /// What the digest was compared with.
  public var verification: Verification
  /// True if nothing had to be fetched.
  public var wasInstalled: Bool
  /// Bytes that an earlier, stopped pull had left.
  public var resumed: Int64
}

/// The terms of a model, shown before it is fetched.
public struct Terms: Sendable, Hashable {
  /// The model they are about.
  public var model: String
  public var title: String
  /// Where they are published.
  public var url: String
  /// The full text, on this machine.
  public var document: URL
}
