import Foundation
import Synchronization

/// The mode in which a terminal sends each key at once, without echo.
enum TerminalMode {
  private static let saved = Mutex<termios?>(nil)

  /// False if the terminal has no modes.
  static func enter() -> Bool {
    var mode = termios()
    guard tcgetattr(STDIN_FILENO, &mode) == 0 else { return false }
    let before = mode
    // Also if a second signal ends the process.
    let isFirst = saved.withLock { saved in
      defer { saved = saved ?? before }
      return saved == nil
    }
    if isFirst { atexit { TerminalMode.leave() } }
    mode.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    mode.c_iflag &= ~tcflag_t(IXON | ICRNL)
    return tcsetattr(STDIN_FILENO, TCSADRAIN, &mode) == 0
  }

  static func leave() {
    saved.withLock { saved in
      if var mode = saved { tcsetattr(STDIN_FILENO, TCSADRAIN, &mode) }
    }
  }
}
