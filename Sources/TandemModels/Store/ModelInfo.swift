public import Foundation

/// What is known about one model.
public struct ModelInfo: Sendable, Hashable {
  /// Whether the model is here.
  public enum State: Sendable, Hashable {
    /// It is part of Tandem.
    case builtIn
    /// All of its files are here.
    case installed
    /// Nothing of it is here.
    case absent
    /// A pull was stopped after so many bytes.
    case partial(bytes: Int64)
    /// What lies under its name is not a whole model; the reason is a clause or a sentence.
    case damaged(reason: String)
  }

  /// The name to use it by.
  public var reference: ModelReference
  /// One line for people.
  public var summary: String
  /// The size of all its files, or what it will be; nil if only a server can say.
  public var bytes: Int64?
  /// The name of its licence, if it is known.
  public var licence: String?
  /// Where it comes from, for people.
  public var source: String
  /// The digest of its file, if it is the same on every machine.
  public var sha256: String?
  /// Whether it is here.
  public var state = State.absent
  /// Its file, the first one of several, if there is one.
  public var url: URL?

  /// The reference as users write it.
  public var name: String { reference.description }

  /// Whether it can be used now.
  public var isInstalled: Bool { state == .installed || state == .builtIn }
}

/// What a pull brought.
public struct PulledModel: Sendable, Hashable {
  /// What was asked for.
  public var reference: ModelReference
  /// Its file, the first one of several.
  public var url: URL
  /// The size of all its files.
  public var bytes: Int64
  /// The digest of the (first) file; nil if it was here already and none was asked for.
  public var sha256: String?
  /// What the digest was compared with.
  public var verification: Verification
  /// Whether nothing had to be fetched.
  public var wasInstalled: Bool
  /// Bytes that an earlier, stopped pull had left.
  public var resumed: Int64
}

/// The terms of a model, shown before it is fetched.
public struct Terms: Sendable, Hashable {
  /// The model they are about.
  public var model: String
  /// Their name.
  public var title: String
  /// Where they are published.
  public var url: String
  /// The full text, on this machine.
  public var document: URL
}
