import Dispatch
import Foundation

/// Calls a closure when somebody presses Return in the terminal.
///
/// The terminal stays as it is: it hands over whole lines, and a line is what Return ends.
final class ReturnKey {
  private let source: any DispatchSourceRead

  /// nil where standard input is no terminal: what is piped in is data, not keys.
  init?(action: @escaping @Sendable () -> Void) {
    guard isatty(STDIN_FILENO) != 0 else { return nil }
    source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .global())
    source.setEventHandler { [source] in
      // The line itself is taken in, or it would be the shell's next command. At the end of input there is none.
      if readLine(strippingNewline: false) == nil { return source.cancel() }
      action()
    }
    source.activate()
  }

  func cancel() { source.cancel() }
}
