import CLlama

/// How fast a thread of this processor computes and reads memory, as the engine makes it do so: the intensity of Kinetics'
/// cost model (arXiv:2506.05333).
public struct DeviceTrial: Sendable, Hashable, Codable {
  /// Floating-point operations a second, of a product of matrices that stay in its caches.
  public let operationsPerSecond: Double
  /// Bytes a second that are read, of a product with one vector, for which a matrix passes from memory once.
  public let bytesPerSecond: Double

  /// Operations that it makes while it reads a byte.
  public var intensity: Double { operationsPerSecond / bytesPerSecond }

  /// Rates that were measured elsewhere.
  public init(operationsPerSecond: Double, bytesPerSecond: Double) {
    self.operationsPerSecond = operationsPerSecond
    self.bytesPerSecond = bytesPerSecond
  }

  /// Measures this processor with 16-bit numbers, in some tenths of a second; nil if a GPU would compute.
  ///
  /// - Parameter bytes: How large the matrix is that has to pass from memory: several times as large as the caches.
  public static func run(bytes: Int = 128 << 20) -> Self? {
    LlamaBackend.start()
    guard !llama_supports_gpu_offload() else { return nil }
    let (width, columns) = (1024, 128)
    let compute = seconds(width: width, rows: width, columns: columns)
    let read = seconds(width: 4096, rows: bytes / 8192, columns: 1)
    return Self(
      operationsPerSecond: Double(2 * width * width * columns) / compute,
      bytesPerSecond: Double(bytes / 8192 * 8192) / read)
  }

  /// The least seconds that the product of a matrix with `columns` vectors took.
  private static func seconds(width: Int, rows: Int, columns: Int) -> Double {
    let graph = TimedGraph(bytes: 2 * width * rows + 4 * columns * (width + rows))
    let matrix = TimedGraph.filled(ggml_new_tensor_2d(graph.context, GGML_TYPE_F16, Int64(width), Int64(rows)))
    let vectors = TimedGraph.filled(ggml_new_tensor_2d(graph.context, GGML_TYPE_F32, Int64(width), Int64(columns)))
    graph.compute(ggml_mul_mat(graph.context, matrix, vectors))
    return (0..<5).reduce(Double.infinity) { least, _ in min(least, graph.seconds()) }
  }
}
