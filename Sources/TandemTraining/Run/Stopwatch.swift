#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Seconds since it was made, by the clock and by the processor.
struct Stopwatch {
  private let start = ContinuousClock.now
  private let cpuStart = Self.cpu

  var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// Of all threads of the process together.
  var cpuSeconds: Double { Self.cpu - cpuStart }

  private static var cpu: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
