import ArgumentParser
import TandemInference
import TandemSetup

/// Which models, and how they run. Flags have llama-server's names if it has them.
///
/// No flag has a value unless it is given: what is not given comes from a plan, the preset, or the defaults.
struct ModelOptions: ParsableArguments {
  @OptionGroup var pair: PairOptions

  @Flag(
    inversion: .prefixedNo,
    help: "Let --ctx-size exceed what a model was trained with, for an adapter that was trained for more.")
  var extendContext: Bool?

  @Option(
    name: [.customShort("t"), .long],
    help: "Compute threads for each model. More than one helps only on an idle machine. Default: 1.")
  var threads: Int?

  @Option(
    help:
      "Layers to keep on a GPU; negative (the default) for all. No effect if llama.cpp was built for CPUs.")
  var gpuLayers: Int?

  @Option(help: "Flash attention: auto, on or off. Default: auto, which is what is faster on this processor.")
  var flashAttn: FlashAttention?

  @Option(
    help: """
      The most cells of each model's key-value cache, which all texts share. They are made when they are needed. Default: \
      enough for all texts to be full.
      """)
  var cells: Int?

  @Option(help: "The keys in the cache: f32, f16, q8_0 or q4_0. Default: f16.") var cacheTypeK: CacheType?
  @Option(help: "The values in the cache: the same. q8_0 and q4_0 need flash attention. Default: f16.")
  var cacheTypeV: CacheType?

  @Flag(
    inversion: .prefixedNo,
    help: "Make numbers independent of what else is running; slower with many sequences.")
  var deterministic: Bool?

  @Option(
    help: "How the models mark their thinking: auto, think, s1, bracketed, sky or none. Default: auto.",
    transform: { try ThinkingFormat(named: $0) })
  var thinkingFormat: ThinkingFormat?

  /// What the flags say.
  var options: RunOptions {
    RunOptions(
      extendsContext: extendContext, thinkingFormat: thinkingFormat, threads: threads, gpuLayers: gpuLayers,
      flashAttention: flashAttn, cells: cells, cacheTypeK: cacheTypeK, cacheTypeV: cacheTypeV,
      isDeterministic: deterministic
    ).merging(over: pair.options)
  }
}
