import Dispatch
import Foundation

/// Calls a closure when the user presses Return in the terminal.
///
/// The terminal's mode stays as it is: it delivers whole lines, and Return ends a line.
final class ReturnKey {
  private let source: any DispatchSourceRead

  /// nil if standard input is not a terminal: piped input is data, not keys.
  init?(action: @escaping @Sendable () -> Void) {
    guard isatty(STDIN_FILENO) != 0 else { return nil }
    source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .global())
    source.setEventHandler { [source] in
      // Read the line, or it would be the shell's next command. At the end of input there is none.
      if readLine(strippingNewline: false) == nil { return source.cancel() }
      action()
    }
    source.activate()
  }

  func cancel() { source.cancel() }
}
