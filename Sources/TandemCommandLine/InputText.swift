package import Foundation

extension Data {
  /// What people wrote, in UTF-8: without a byte order mark, with CR LF as one newline, and with U+FFFD for what is not
  /// UTF-8.
  package var text: String {
    String(decoding: self, as: UTF8.self).withoutByteOrderMark.replacing("\r\n", with: "\n")
  }
}

extension String {
  /// The text without the byte order mark with which some editors and shells begin a file.
  package var withoutByteOrderMark: String {
    unicodeScalars.first == "\u{FEFF}" ? String(unicodeScalars.dropFirst()) : self
  }
}
