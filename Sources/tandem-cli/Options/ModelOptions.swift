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

  @Option(help: "Flash attention: auto, on or off. Default: auto.")
  var flashAttn: FlashAttention?

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
      flashAttention: flashAttn, isDeterministic: deterministic
    ).merging(over: pair.options)
  }
}
