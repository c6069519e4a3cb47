import CLlama

/// Copies the output of one layer out of the passes of a context: llama.cpp's `l_out`, after the layer's control vector.
///
/// llama.cpp asks for each operation of a pass whether it is to be shown, and stops there until it was.
final class LayerObserver {
  let layer: Int
  private let name: String
  /// The numbers of all rows since `clear()`, and how many rows they are.
  private(set) var numbers: [Float] = []
  private(set) var rowCount = 0

  /// - Parameter layer: Counted from 0.
  init(layer: Int) {
    self.layer = layer
    name = "l_out-\(layer)"
  }

  func clear() { (numbers, rowCount) = ([], 0) }

  func row(_ index: Int) -> [Float] {
    let width = numbers.count / rowCount
    return Array(numbers[index * width..<(index + 1) * width])
  }

  /// Has the passes of a context that is about to be made shown to this observer, which must outlive it.
  func attach(to parameters: inout llama_context_params) {
    parameters.cb_eval = { tensor, isAsking, observer in
      guard let tensor, let observer else { return true }
      return Unmanaged<LayerObserver>.fromOpaque(observer)._withUnsafeGuaranteedRef { $0.see(tensor, isAsking) }
    }
    parameters.cb_eval_user_data = Unmanaged.passUnretained(self).toOpaque()
  }

  /// Whether the tensor is to be shown; when it is, true again, for the pass to go on.
  private func see(_ tensor: UnsafeMutablePointer<ggml_tensor>, _ isAsking: Bool) -> Bool {
    let isWanted = String(cString: ggml_get_name(tensor)) == name
    guard !isAsking, isWanted, tensor.pointee.type == GGML_TYPE_F32, ggml_is_contiguous(tensor) else {
      return isAsking ? isWanted : true
    }
    let count = Int(ggml_nelements(tensor))
    numbers += [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      ggml_backend_tensor_get(tensor, buffer.baseAddress, 0, ggml_nbytes(tensor))
      filled = count
    }
    rowCount += Int(ggml_nrows(tensor))
    return true
  }
}
