import CLlama
public import TandemInference

/// The number formats that a model can be converted to.
public enum Quantization: String, Sendable, CaseIterable {
  case f16 = "F16"
  case q8_0 = "Q8_0"
  case q4_0 = "Q4_0"
  case q4_1 = "Q4_1"
  case q4_K_M = "Q4_K_M"

  private var raw: llama_ftype {
    switch self {
    case .f16: LLAMA_FTYPE_MOSTLY_F16
    case .q8_0: LLAMA_FTYPE_MOSTLY_Q8_0
    case .q4_0: LLAMA_FTYPE_MOSTLY_Q4_0
    case .q4_1: LLAMA_FTYPE_MOSTLY_Q4_1
    case .q4_K_M: LLAMA_FTYPE_MOSTLY_Q4_K_M
    }
  }

  /// Writes the model at `source` to `target` in this format, quantised weights included.
  ///
  /// Throws `modelNotFound` or `modelInvalid`; a partly written target is left for the caller to remove.
  public func convert(from source: String, to target: String) throws(EngineError) {
    _ = try GGUFFile(path: source)
    LlamaBackend.start()
    _ = LlamaBackend.takeError()
    var parameters = llama_model_quantize_default_params()
    parameters.ftype = raw
    parameters.allow_requantize = true
    guard llama_model_quantize(source, target, &parameters) == 0 else {
      throw .modelInvalid(path: source, reason: LlamaBackend.takeError() ?? "llama.cpp could not convert it")
    }
  }
}
