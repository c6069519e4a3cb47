extension String {
  /// A sentence as a part of another one: without its full stop. Foundation's errors and the system's parsers end in one.
  package var clause: String { hasSuffix(".") ? String(dropLast()) : self }
}
