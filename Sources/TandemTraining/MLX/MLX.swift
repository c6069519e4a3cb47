import CMLX
import FoundationEssentials

/// The array library as a whole: where it computes, and with what.
package enum MLX {
  /// Whether there is a GPU that tensors can be computed on.
  package static var hasGPU: Bool { cmlx_has_gpu() }

  /// Chooses the device of all later operations. Throws if there is no GPU.
  package static func use(gpu: Bool) throws(TrainingError) {
    guard cmlx_use_gpu(gpu) else { throw Tensor.failure("choosing a device") }
  }

  /// Threads of the fused operations; 1 if nothing is said.
  package static func use(threads: Int) throws(TrainingError) {
    guard cmlx_set_threads(Int32(clamping: threads)) else { throw Tensor.failure("choosing threads") }
  }

  /// The library behind matrix products, with its version and the processor it chose its code for.
  package static var blas: String? { cmlx_blas().map { String(cString: $0) } }

  /// What makes matrix products slower than they need be, as a sentence; nil if all is well.
  package static var warning: String? {
    warning(blas: blas, coreType: ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"])
  }

  static func warning(blas: String?, coreType: String?) -> String? {
    guard blas != nil else {
      return "MLX found no OpenBLAS, so training is about ten times slower than it could be. Run scripts/deps again."
    }
    return coreType.map {
      "OPENBLAS_CORETYPE=\($0) keeps OpenBLAS from choosing its code for this processor. Unset it to train faster."
    }
  }

  /// The most bytes that tensors have held at once.
  package static var peakMemory: Int { cmlx_peak_memory() }

  package static func resetPeakMemory() { cmlx_reset_peak_memory() }
}
