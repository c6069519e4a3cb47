/// The sizes of a transformer, from which its cost follows.
public struct ModelShape: Sendable, Hashable, Codable {
  /// Layers of the transformer.
  public var layers: Int
  /// h: the size of a hidden state.
  public var width: Int
  /// n: heads of the queries.
  public var heads: Int
  /// Heads of keys and values; fewer than `heads` with grouped-query attention.
  public var keyValueHeads: Int
  /// The size of one head.
  public var headWidth: Int
  /// h′: the size of the feed-forward layer, which is gated: three matrices.
  public var feedForward: Int
  /// Rows of the embedding, padding included.
  public var vocabulary: Int
  /// Whether the output matrix is the embedding's.
  public var tiesEmbeddings: Bool

  /// A shape; what is left out follows from the rest.
  public init(
    layers: Int, width: Int, heads: Int, keyValueHeads: Int? = nil, headWidth: Int? = nil, feedForward: Int,
    vocabulary: Int, tiesEmbeddings: Bool = false
  ) {
    self.layers = layers
    self.width = width
    self.heads = heads
    self.keyValueHeads = keyValueHeads ?? heads
    self.headWidth = headWidth ?? width / heads
    self.feedForward = feedForward
    self.vocabulary = vocabulary
    self.tiesEmbeddings = tiesEmbeddings
  }

  /// The weights that one token is multiplied with: all matrices, the output's included, the embedding's look-up not.
  public var activeParameters: Int {
    let queries = width * heads * headWidth
    let keysAndValues = 2 * width * keyValueHeads * headWidth
    return layers * (2 * queries + keysAndValues + 3 * width * feedForward) + vocabulary * width
  }

  /// All weights, norms included.
  public var parameters: Int {
    activeParameters + (tiesEmbeddings ? 0 : vocabulary * width) + (2 * layers + 1) * width
  }

  /// Floating-point operations of evaluating `count` tokens after `position` others: two for each weight, and four for
  /// each number of a head and each token that is attended to, in each layer.
  public func operations(evaluating count: Int, after position: Int) -> Double {
    let attended = Double(count) * (Double(position) + Double(count + 1) / 2)
    return 2 * Double(activeParameters) * Double(count) + 4 * Double(layers * heads * headWidth) * attended
  }
}
