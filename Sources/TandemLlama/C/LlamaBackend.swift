import CLlama
import Synchronization

/// llama.cpp's process-wide state: started once, its log lines kept for error messages.
enum LlamaBackend {
  /// The last lines that llama.cpp logged as errors, newest last.
  private static let errors = Mutex<[String]>([])

  private static let started: Void = {
    // Its GGML_ASSERT starts a debugger where one is installed; every assert we know of is guarded, none is hidden.
    setLog()
    ggml_backend_load_all()
    llama_backend_init()
  }()

  /// Safe to call any number of times, from any thread.
  static func start() { _ = started }

  // A callback that a C thread runs may not be isolated to an actor: hence a function, not a closure in a body.
  private static func setLog() {
    llama_log_set(
      { level, text, _ in
        guard level == GGML_LOG_LEVEL_ERROR, let text else { return }
        LlamaBackend.record(String(cString: text))
      }, nil)
  }

  private static func record(_ line: String) {
    let words = line.split(whereSeparator: \.isNewline).joined(separator: " ")
    errors.withLock {
      $0.append(words)
      if $0.count > 8 { $0.removeFirst() }
    }
  }

  /// What llama.cpp has complained about since the last call, without its function names; nil where it said nothing.
  static func takeError() -> String? {
    errors.withLock { lines in
      defer { lines = [] }
      guard let first = lines.first else { return nil }
      let named = first.split(separator: ": ", maxSplits: 1)
      return String(named.count == 2 && !named[0].contains(" ") ? named[1] : first[...])
    }
  }
}
