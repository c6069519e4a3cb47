/// Which adapter a pass has on. Equal numbers mean the same weights and vectors.
struct AdapterID: Hashable, Sendable {
  let rawValue: Int

  /// The model as it was loaded.
  static let none = Self(rawValue: 0)
}
