public import TandemInference

/// What writing costs in operations and in memory traffic: the cost model of Kinetics (arXiv:2506.05333).
///
/// Each token that is written attends to all before it, so their keys and values pass from memory once more. Tries of one
/// question that are written together share the traffic of its prompt. That of the weights is left out, as in the released
/// code: a batch of many texts shares it.
public struct KineticCost: Sendable, Hashable, Codable {
  /// Floating-point operations: two for each weight and token, and those of attention.
  public var operations = 0.0
  /// Bytes of the prompt's keys and values that were read, once for all tries.
  public var promptBytes = 0.0
  /// Bytes of the keys and values of what was written that were read, for each try its own.
  public var writtenBytes = 0.0

  /// Nothing yet.
  public init() {}

  /// Bytes of keys and values that were read.
  public var bytes: Double { promptBytes + writtenBytes }

  /// eFLOPs: the operations, and those that a device could have made while the bytes were read.
  ///
  /// - Parameter intensity: Operations that the device makes in the time in which it reads a byte: see `tandem doctor`.
  public func equivalentOperations(intensity: Double) -> Double { operations + bytes * intensity }

  /// The cost of `tries` such texts that are written together, from one prompt.
  public func times(tries: Int) -> Self {
    var all = self
    all.operations *= Double(tries)
    all.writtenBytes *= Double(tries)
    return all
  }

  /// The costs of both.
  public static func + (a: Self, b: Self) -> Self {
    var sum = a
    sum.operations += b.operations
    sum.promptBytes += b.promptBytes
    sum.writtenBytes += b.writtenBytes
    return sum
  }

  /// The costs of a part of it.
  public static func / (cost: Self, divisor: Double) -> Self {
    var part = cost
    part.operations /= divisor
    part.promptBytes /= divisor
    part.writtenBytes /= divisor
    return part
  }
}

extension ModelShape {
  /// The cost of writing, in the paper's formulas: for each try 2ND + 2(2L + D)D·n·d operations, and for all of them
  /// together 2(2L + D·tries)D·m·d bytes of 16-bit keys and values, in which N counts the weights, L is the prompt, D is what
  /// a try writes, and n and m count the heads of queries and of keys in all layers, each of d numbers.
  ///
  /// - Parameters:
  ///   - count: D, tokens that each try writes.
  ///   - prompt: L, tokens before them.
  ///   - tries: How many texts are written after one prompt.
  ///   - numberBytes: Bytes of a number in the key-value cache.
  public func kineticCost(
    writing count: Double, after prompt: Double, tries: Int = 1, numberBytes: Double = 2
  ) -> KineticCost {
    var cost = KineticCost()
    let tries = Double(tries)
    cost.operations =
      tries
      * (2 * Double(activeParameters) * count + 2 * (2 * prompt + count) * count * Double(layers * heads * headWidth))
    let row = numberBytes * count * Double(layers * keyValueHeads * headWidth)
    cost.promptBytes = 2 * prompt * row
    cost.writtenBytes = count * tries * row
    return cost
  }
}

extension RoleUsage {
  /// The cost of a run's tokens: those that it sampled as `ModelShape.kineticCost(writing:after:tries:numberBytes:)` has
  /// it, after all that the model was given, and the operations of those that it read.
  ///
  /// It is an upper bound where what was given came between what was sampled, as the other model's thoughts do.
  ///
  /// - Parameters:
  ///   - shape: The model's layers and heads.
  ///   - tries: Among how many texts of the same beginning the sampled tokens are divided evenly.
  public func kineticCost(of shape: ModelShape, tries: Int = 1) -> KineticCost {
    let held = Double(prompt + cached + handedOver + inserted)
    var cost = shape.kineticCost(writing: Double(sampled) / Double(max(tries, 1)), after: held, tries: max(tries, 1))
    cost.operations += shape.operations(evaluating: max(prefilled, 0), after: cached)
    return cost
  }
}
