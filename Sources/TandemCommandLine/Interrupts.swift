import Dispatch
import Foundation

/// The signals by which people, schedulers and closing terminals ask a program to stop.
package enum StopSignal {
  /// SIGHUP is left alone where `nohup` has it ignored.
  package static let all: [Int32] = {
    let previous = signal(SIGHUP, SIG_IGN)
    let isIgnored = unsafeBitCast(previous, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    if !isIgnored { signal(SIGHUP, previous) }
    return [SIGINT, SIGTERM] + (isIgnored ? [] : [SIGHUP])
  }()

  /// Gives the signals back to the system, for a program that takes this one's place.
  package static func restoreDefaults() {
    for number in all { signal(number, SIG_DFL) }
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
  }
}

/// The first signal asks the command to stop and to leave everything readable; the second ends the program.
final class Interrupts {
  private let count = Counter()
  private let sources: [any DispatchSourceSignal]

  init(_ stop: @escaping @Sendable () -> Void) {
    let count = count
    sources = StopSignal.all.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler {
        if count.next() > 1 { Foundation.exit(ExitStatus.interrupted.rawValue) }
        stop()
      }
      source.activate()
      return source
    }
  }

  var happened: Bool { count.value > 0 }
}
