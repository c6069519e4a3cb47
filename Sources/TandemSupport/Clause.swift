import Foundation

extension String {
  /// A sentence as a part of another one: without its full stop. Foundation's errors and the system's parsers end in one.
  package var clause: String { hasSuffix(".") ? String(dropLast()) : self }
}

extension Error {
  /// Why a file can't be read or written, as a clause. Foundation says of a folder, for one, only that "the operation could
  /// not be completed"; the system's own words are below that.
  package var systemReason: String {
    guard let cause = (self as? CocoaError)?.underlying as? POSIXError else { return localizedDescription.clause }
    let words = String(cString: strerror(cause.code.rawValue))
    return words.prefix(1).lowercased() + words.dropFirst()
  }
}
