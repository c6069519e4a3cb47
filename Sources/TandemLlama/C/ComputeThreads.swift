import CLlama
import Dispatch
import Synchronization

/// The compute threads of the process, shared by all engines.
///
/// ggml's threads spin at a barrier while one of them is late. Two engines with two threads each on two cores make each
/// other late all the time, and slow down by a factor of hundreds. So engines of more than one thread take turns on one
/// pool; engines of one thread compute on their own decode thread, wait for nobody, and need no turn.
final class ComputeThreads: Sendable {
  static let shared = ComputeThreads()

  /// Pools by size, made at first use and kept: a `ggml_threadpool` serves one context at a time.
  private let pools = Mutex<[Int: Pool]>([:])
  /// `sync` on a serial queue runs the work on the calling thread, in the order of the calls.
  private let turns = DispatchQueue(label: "tandem.compute")

  private struct Pool: @unchecked Sendable {
    let handle: OpaquePointer  // Sendable: only given to llama_attach_threadpool, and never freed
  }

  /// Gives `context` its threads. Returns the pool that the context must free, or nil where it is the shared one.
  func attach(_ context: OpaquePointer, threads: Int) -> OpaquePointer? {
    guard threads > 1 else {
      // A "pool" of the calling thread alone; without one llama.cpp makes and frees it in every pass.
      guard let pool = Self.makePool(threads: 1) else { return nil }
      llama_attach_threadpool(context, pool, pool)
      return pool
    }
    let shared = pools.withLock { pools -> Pool? in
      if let pool = pools[threads] { return pool }
      pools[threads] = Self.makePool(threads: threads).map(Pool.init)
      return pools[threads]
    }
    if let shared { llama_attach_threadpool(context, shared.handle, shared.handle) }
    return nil
  }

  private static func makePool(threads: Int) -> OpaquePointer? {
    var parameters = ggml_threadpool_params_default(Int32(threads))
    return ggml_threadpool_new(&parameters)
  }

  /// Runs `body` when it is this engine's turn; engines are served in the order they came.
  func run<R>(threads: Int, _ body: () -> R) -> R {
    threads > 1 ? turns.sync(execute: body) : body()
  }
}
