import CLlama
import Foundation

/// A computation of ggml on numbers that mean nothing, with memory of its own, to see how long it takes one thread.
final class TimedGraph {
  /// Where its tensors are made.
  let context: OpaquePointer?
  private let graph: OpaquePointer?
  private let pool: OpaquePointer?
  private var work: [UInt8] = []

  /// - Parameter bytes: The most that its tensors take.
  init(bytes: Int) {
    context = ggml_init(
      ggml_init_params(
        mem_size: bytes + ggml_graph_overhead() + 64 * ggml_tensor_overhead() + (1 << 16), mem_buffer: nil,
        no_alloc: false))
    var options = ggml_threadpool_params_default(1)
    pool = ggml_threadpool_new(&options)
    graph = ggml_new_graph(context)
  }

  deinit {
    ggml_threadpool_free(pool)
    ggml_free(context)
  }

  /// `tensor`, with small numbers of any type; zeros would all lie in one page.
  static func filled(_ tensor: UnsafeMutablePointer<ggml_tensor>?) -> UnsafeMutablePointer<ggml_tensor>? {
    tensor?.pointee.data?.initializeMemory(as: UInt8.self, repeating: 0x11, count: ggml_nbytes(tensor))
    return tensor
  }

  /// Makes `result` what is computed.
  func compute(_ result: UnsafeMutablePointer<ggml_tensor>?) { ggml_build_forward_expand(graph, result) }

  /// Seconds for one computation.
  func seconds() -> Double {
    var plan = ggml_graph_plan(graph, 1, pool)
    if work.count < plan.work_size { work = Array(repeating: 0, count: plan.work_size) }
    return work.withUnsafeMutableBufferPointer { work in
      plan.work_data = work.baseAddress
      let start = now
      var (count, seconds) = (0, 0.0)
      repeat {
        ggml_graph_compute(graph, &plan)
        count += 1
        seconds = now - start
      } while count < 64 && seconds < 2e-4
      return seconds / Double(count)
    }
  }

  /// Seconds of this thread's own processor time, to which other programs do not add. More threads share all work alike, so
  /// that one tells which of two computations is faster.
  private var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
