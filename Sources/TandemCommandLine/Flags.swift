/// The command line's names for the properties of the API that errors name.
package enum Flags {
  /// Flag by property. No strategy's setting may be called like one of these properties; a test checks that.
  package static let byProperty = [
    // LlamaParameters
    "contextSize": "--ctx-size", "extendsContext": "--extend-context", "sequences": "--parallel",
    "threads": "--threads",
    // RunConditions
    "gpuLayers": "--gpu-layers", "flashAttention": "--flash-attn", "cells": "--cells",
    "cacheTypeK": "--cache-type-k", "cacheTypeV": "--cache-type-v", "isDeterministic": "--deterministic",
    "thinkingFormat": "--thinking-format", "parallel": "--parallel", "seeds": "--seeds",
    // RunOptions.Servers
    "keyVariable": "--server-key-env", "keyFile": "--server-key-file", "certificates": "--server-ca",
    "proxy": "--server-proxy", "connectTimeout": "--server-connect-timeout", "readTimeout": "--server-read-timeout",
    "patience": "--server-patience", "reportedTokens": "--server-top", "looksAhead": "--server-look-ahead",
    "warmsUp": "--server-warm-up", "smallTokenizer": "--small-tokenizer", "largeTokenizer": "--large-tokenizer",
    // SamplingParameters
    "temperature": "--temp", "topK": "--top-k", "topP": "--top-p", "minP": "--min-p",
    "repetitionPenalty": "--repeat-penalty",
    // DraftLength
    "most": "--draft-max", "draftMax": "--draft-max",
    // RoleSettings
    "guideAlpha": "--guide-alpha",
    // Budget
    "thinkingTokens": "--reasoning-budget", "answerTokens": "--predict", "seconds": "--deadline",
    "landingTokens": "--landing-tokens", "whenSpent": "--when-spent", "landingText": "--landing-text",
    "answerPrefix": "--answer-prefix",
    // ServerOptions
    "port": "--port", "queue": "--queue", "drain": "--drain", "tlsCertificate": "--tls-cert", "tlsKey": "--tls-key",
    "origins": "--allow-origin", "keepTraces": "--keep-traces",
    // TrainingOptions, LoRAConfiguration
    "schedule.peak": "--learning-rate", "schedule.steps": "--steps", "schedule.warmUp": "--warm-up",
    "schedule.floor": "--floor", "optimizer.clip": "--clip", "batchesPerStep": "--batches",
    "rank": "--rank", "alpha": "--alpha", "dropout": "--dropout", "targets": "--targets",
    // PreferenceObjective
    "beta": "--beta", "margin": "--margin",
    // PolicyOptions, PolicyObjective
    "groupSize": "--group-size", "resamplings": "--resamplings", "updates": "--updates",
    "clipBelow": "--clip-below", "clipAbove": "--clip-above", "divergenceWeight": "--kl",
  ]

  /// A sentence about a property, in the words of the command line.
  ///
  /// - Parameter property: What the sentence begins with. In its other words only names that can't be English are
  ///   replaced.
  package static func spelling(_ sentence: String, about property: String) -> String {
    guard sentence.hasPrefix(property) else { return sentence }
    let rest = sentence.dropFirst(property.count).replacing(/\b[a-z]+[A-Z][A-Za-z]*\b/) { name in
      byProperty[String(name.0)] ?? String(name.0)
    }
    return (byProperty[property] ?? property) + rest
  }
}
