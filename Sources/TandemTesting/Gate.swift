/// A door that a model waits at, so that a test knows where a run is when it cancels it.
public actor Gate {
  private var isOpen = false
  private var hasArrived = false
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private var watching: [CheckedContinuation<Void, Never>] = []

  /// Closed.
  public init() {}

  /// Waits until the gate opens, or the task is cancelled.
  public func wait() async {
    hasArrived = true
    for watcher in watching { watcher.resume() }
    watching = []
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if isOpen || Task.isCancelled { continuation.resume() } else { waiting.append(continuation) }
      }
    } onCancel: {
      Task { await letEveryoneIn() }
    }
  }

  /// Waits until someone has come to the gate.
  public func arrival() async {
    guard !hasArrived else { return }
    await withCheckedContinuation { watching.append($0) }
  }

  /// Lets all pass who wait, and all who come later.
  public func open() {
    isOpen = true
    letEveryoneIn()
  }

  private func letEveryoneIn() {
    for continuation in waiting { continuation.resume() }
    waiting = []
  }
}
