import Crypto
import Foundation

/// SHA-256 of files.
enum Digest {
  /// Reads the whole file; stops with `CancellationError` when the task is cancelled.
  static func sha256(of url: URL, progress: (Int64) -> Void = { _ in }) throws -> String {
    let descriptor = open(url.path, O_RDONLY)
    guard descriptor >= 0 else {
      throw errno == ENOENT ? ModelError.fileNotFound(path: url.path, hint: nil) : unreadable(url, errno)
    }
    defer { close(descriptor) }
    var hash = SHA256()
    var done: Int64 = 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      try Task.checkCancellation()
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(url, errno) }
      guard count > 0 else { break }
      hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      done += Int64(count)
      progress(done)
    }
    return hash.finalize().map { byte in
      let text = String(byte, radix: 16)
      return text.count == 2 ? text : "0" + text
    }.joined()
  }

  private static func unreadable(_ url: URL, _ number: Int32) -> ModelError {
    .unreadable(path: url.path, reason: String(cString: strerror(number)))
  }

  /// Whether the text is a SHA-256 in hexadecimal digits.
  static func isSHA256(_ text: String) -> Bool {
    text.utf8.count == 64 && text.allSatisfy { $0.isHexDigit && $0.isASCII }
  }
}
