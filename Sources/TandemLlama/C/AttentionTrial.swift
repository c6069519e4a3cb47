import CLlama
import Foundation
import TandemInference

/// How long the attention of one layer takes on this processor, fused (flash attention) and in separate operations.
///
/// Which is faster depends on the processor, the width and number of the heads, the cache's layout and how many sequences
/// write: docs/decisions/0035. The trial computes what llama.cpp computes, on numbers that mean nothing: a step of all
/// sequences, and a piece of a prompt.
public struct AttentionTrial: Sendable, Hashable, Codable {
  /// Seconds for each token, fused.
  public let fused: Double
  /// Seconds for each token, in separate operations.
  public let plain: Double

  /// Whether to use flash attention. What is nearly equal goes to it: it needs less memory.
  public var prefersFlashAttention: Bool { fused < 1.1 * plain }

  /// Measures a model, in some milliseconds; nil where there is nothing to choose: for one that a GPU runs, for quantised
  /// values, which need flash attention, and for other parts than a Llama's.
  ///
  /// - Parameters:
  ///   - file: The model.
  ///   - parameters: How it will be loaded.
  ///   - length: How many tokens a sequence holds in the middle of a run.
  public static func run(_ file: GGUFFile, _ parameters: LlamaParameters, length: Int) -> Self? {
    guard let shape = file.shape, !parameters.cacheTypeV.isQuantized, parameters.cacheTypeK != .f32,
      parameters.cacheTypeV != .f32, !parameters.isDeterministic
    else { return nil }
    LlamaBackend.start()
    guard parameters.gpuLayers == 0 || !llama_supports_gpu_offload() else { return nil }
    let steps = AttentionSample(shape, parameters, rows: min(parameters.sequences, 64), length: length).measure()
    let prompts = AttentionSample(shape, parameters, promptRows: 64, length: length).measure()
    return Self(fused: steps.fused + prompts.fused, plain: steps.plain + prompts.plain)
  }
}

/// One call of attention, of a size that is usual.
private struct AttentionSample {
  let shape: ModelShape
  let parameters: LlamaParameters
  /// How many caches there are, and how many tokens have their rows in each.
  let parts: Int
  let rows: Int
  /// How many of the cells of its cache each row sees.
  let depth: Int
  /// Cells of each cache.
  let cells: Int
  /// Whether the rows are one text, each of which sees those before it.
  let isPrompt: Bool

  /// A step in which each of `rows` sequences writes a token.
  init(_ shape: ModelShape, _ parameters: LlamaParameters, rows: Int, length: Int) {
    (self.shape, self.parameters, isPrompt) = (shape, parameters, false)
    // Not all of a long text of many: the trial is to take milliseconds.
    depth = max(32, min(1024, length, 8192 / rows))
    let isShared = parameters.cache == .shared
    (parts, self.rows) = isShared ? (1, rows) : (rows, 1)
    cells = Self.cells(isShared ? depth * rows : depth)
  }

  /// A piece of a prompt of one sequence.
  init(_ shape: ModelShape, _ parameters: LlamaParameters, promptRows: Int, length: Int) {
    (self.shape, self.parameters, isPrompt) = (shape, parameters, true)
    (parts, rows) = (1, promptRows)
    depth = max(promptRows, min(1024, length))
    cells = Self.cells(depth)
  }

  /// How many cells llama.cpp passes over for `used` cells. It takes whole blocks of 256, of which the last one is half
  /// empty in the mean. What is not fused computes the empty cells too.
  private static func cells(_ used: Int) -> Int { (used + 128 + 31) / 32 * 32 }

  /// The least seconds for each token that several rounds took, in turn.
  func measure() -> (fused: Double, plain: Double) {
    let graphs = [AttentionGraph(self, isFused: true), AttentionGraph(self, isFused: false)]
    var least = [Double.infinity, .infinity]
    let end = ContinuousClock.now + .milliseconds(60)
    for round in 0..<9 where round < 3 || .now < end {
      for (index, graph) in graphs.enumerated() { least[index] = min(least[index], graph.seconds()) }
    }
    let tokens = Double(parts * rows)
    return (least[0] / tokens, least[1] / tokens)
  }
}

/// The operations of a sample, as llama.cpp's `build_attn_mha` has them, with memory of their own.
private final class AttentionGraph {
  private let graph: TimedGraph

  init(_ sample: AttentionSample, isFused: Bool) {
    let (shape, cells, parts) = (sample.shape, Int64(sample.cells), Int64(sample.parts))
    let (heads, keyHeads, width) = (Int64(shape.heads), Int64(shape.keyValueHeads), Int64(shape.headWidth))
    let (rows, keys) = (Int64(sample.rows), sample.parameters.cacheTypeK.raw)
    let cacheBytes = 2 * Int(cells * parts * keyHeads * width) * 2
    let scoreBytes = Int(cells * parts * rows) * (shape.heads + 2) * 4 * 2
    let rowBytes = Int(rows * parts * heads * width) * 4 * 6
    graph = TimedGraph(bytes: cacheBytes + scoreBytes + rowBytes)
    let context = graph.context
    let filled = TimedGraph.filled
    let q = ggml_permute(
      context, filled(ggml_new_tensor_4d(context, GGML_TYPE_F32, width, heads, rows, parts)), 0, 2, 1, 3)
    let k = ggml_permute(
      context, filled(ggml_new_tensor_4d(context, keys, width, keyHeads, cells, parts)), 0, 2, 1, 3)
    let mask = ggml_new_tensor_4d(context, isFused ? GGML_TYPE_F16 : GGML_TYPE_F32, cells, rows, 1, parts)
    Self.fill(mask, sample, isFused: isFused)
    let scale = 1 / Float(width).squareRoot()
    let result: UnsafeMutablePointer<ggml_tensor>?
    if isFused {
      let v = ggml_permute(
        context, filled(ggml_new_tensor_4d(context, sample.parameters.cacheTypeV.raw, width, keyHeads, cells, parts)),
        0, 2, 1, 3)
      result = ggml_flash_attn_ext(context, q, k, v, mask, scale, 0, 0)
    } else {
      // llama.cpp then keeps the values of one number of a head side by side.
      let v = ggml_permute(
        context, filled(ggml_new_tensor_4d(context, GGML_TYPE_F16, cells, width, keyHeads, parts)), 0, 1, 2, 3)
      let scores = ggml_soft_max_ext(context, ggml_mul_mat(context, k, q), mask, scale, 0)
      let mixed = ggml_permute(context, ggml_mul_mat(context, v, scores), 0, 2, 1, 3)
      result = ggml_cont_2d(context, mixed, width * heads, rows * parts)
    }
    graph.compute(result)
  }

  /// Seconds for one computation.
  func seconds() -> Double { graph.seconds() }

  /// Lets each row see its own cells: those of its sequence in a shared cache, or those before it in a prompt.
  private static func fill(_ mask: UnsafeMutablePointer<ggml_tensor>?, _ sample: AttentionSample, isFused: Bool) {
    guard let data = mask?.pointee.data else { return }
    func fill<Number>(_ type: Number.Type, seen: Number, hidden: Number) {
      let numbers = data.assumingMemoryBound(to: type)
      numbers.update(repeating: hidden, count: sample.parts * sample.rows * sample.cells)
      for row in 0..<sample.parts * sample.rows {
        let first = sample.isPrompt || sample.rows == 1 ? 0 : row * sample.depth
        let count = sample.isPrompt ? sample.depth - sample.rows + row + 1 : sample.depth
        (numbers + row * sample.cells + first).update(repeating: seen, count: count)
      }
    }
    if isFused {
      fill(ggml_fp16_t.self, seen: ggml_fp32_to_fp16(0), hidden: ggml_fp32_to_fp16(-.infinity))
    } else {
      fill(Float.self, seen: 0, hidden: -.infinity)
    }
  }
}
