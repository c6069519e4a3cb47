public import TandemInference

extension SpeculativeThinking {
  public static let name = "speculative-thinking"
  public static let requirements: [Role: EngineCapabilities] = [.small: [], .large: []]
  public static let about = StrategyDescription(
    summary: "The small model thinks; the large one takes over at reflection, affirmation and verification.",
    paper: "Speculative Thinking, arXiv:2504.12329",
    settings: [
      "affirmationWords": "words that affirm", "reflectionWords": "words that reflect",
      "verificationWords": "words that announce a check; they count as reflection too",
      "matching": "how words are found: substring (paper) or word",
      "probeTokens": "tokens of the small model that are looked at after a blank line",
      "takeoverTokens": "n1: tokens of the large model after a cue",
      "takeoverUnit": "tokens (released code) or thought (stop at the next blank line)",
      "verificationTokens": "n2: tokens of the large model after a word of verification",
      "excessTokens": "n3: tokens of the large model after too many reflections",
      "excessIncrement": "how much n3 grows each time", "excessMaximum": "where n3 stops growing",
      "excessThreshold": "how many reflections are too many",
      "thresholdIncrement": "how much that grows each time", "thresholdMaximum": "where that stops growing",
      "excessText": "what is inserted then", "nonReasoning": "take over after every blank line",
      "openingTokens": "tokens of the large model before all else (paper: 100 for instruct models)",
      "segmentTokens": "most tokens of the small model between two blank lines",
      "prefersLarge": "whether the large model's text always replaces the probe, or only where they disagree",
      "statements": "probes without a cue: discard (released code) or keep",
      "scope": "everything (released code) or thinking", "answeredBy": "who writes the answer: small or large",
      "timeOut": "seconds after which the run is concluded; -1 is never",
    ],
    tested: "golden vectors of the paper; on the nano pair, SmolLM2, and pairs of different tokenizers")

  public func validate() throws(ReasoningError) {
    let counts = [
      ("probeTokens", probeTokens, 1), ("takeoverTokens", takeoverTokens, 1), ("segmentTokens", segmentTokens, 1),
      ("verificationTokens", verificationTokens, 0), ("excessTokens", excessTokens, 0),
      ("excessIncrement", excessIncrement, 0), ("excessMaximum", excessMaximum, 0),
      ("excessThreshold", excessThreshold, 1), ("thresholdIncrement", thresholdIncrement, 0),
      ("thresholdMaximum", thresholdMaximum, 1), ("openingTokens", openingTokens, 0),
    ]
    for (name, value, least) in counts where value < least {
      throw .invalidSetting(name: name, reason: "must be at least \(least), not \(value)")
    }
    guard timeOut == -1 || timeOut > 0 else {
      throw .invalidSetting(name: "timeOut", reason: "must be above 0, or -1 for never, not \(timeOut)")
    }
  }

  /// The keys of the released YAML files, by the names of our settings.
  private static let releasedKeys = [
    "max_target_tokens": "takeoverTokens", "original_recap_token_num": "excessTokens",
    "add_each_recap": "excessIncrement", "max_recap_token_num": "excessMaximum",
    "recap_after_negative_num": "excessThreshold", "add_each_neg": "thresholdIncrement",
    "max_negative_num": "thresholdMaximum", "help_recap_words": "excessText", "not_reasoning": "nonReasoning",
    "choose_large": "prefersLarge", "time_out": "timeOut",
  ]
  /// Keys that place the models on machines; here the command line does that.
  private static let servingKeys: Set = [
    "mode", "target_model_name", "speculative_model_name", "target_model_gpu", "speculative_model_gpu",
  ]

  /// Reads the keys of the released YAML files beside our own.
  public static func translate(_ settings: [String: Setting]) throws(ReasoningError) -> [String: Setting] {
    var (own, begins, opening) = ([String: Setting](), Setting?.none, Setting.integer(100))
    for (key, value) in settings {
      switch key {
      case "TRIGGER_TOKENS":
        guard value == .list([.text("\n\n")]) else {
          throw .invalidSetting(name: key, reason: #"can only be ["\n\n"]"#)
        }
      case "TARGET_VALIDATION_KEYWORDS": own.merge(try words(value)) { $1 }
      case "help_think_word":
        guard value == .none else {
          throw .invalidSetting(name: key, reason: "is not used by the method; leave it out")
        }
      case "begin": begins = value
      case "begin_token_num": opening = value
      case _ where servingKeys.contains(key): continue
      default:
        let name = releasedKeys[key] ?? key
        guard name == key || settings[name] == nil else {
          throw .invalidSetting(name: key, reason: "is another name of \(name); give one of them")
        }
        own[name] = value
      }
    }
    if begins == nil, settings["begin_token_num"] != nil {
      throw .invalidSetting(name: "begin_token_num", reason: "has no effect without begin: true")
    }
    if let begins {
      guard case .flag(let isOn) = begins else {
        throw .invalidSetting(name: "begin", reason: "must be true or false, not \(begins)")
      }
      own["openingTokens"] = isOn ? opening : .integer(0)
    }
    // One number of the released files is two of the paper's: n2, and n3 to begin with.
    if let length = settings["original_recap_token_num"], own["verificationTokens"] == nil {
      own["verificationTokens"] = length
    }
    if let length = settings["max_target_tokens"], own["probeTokens"] == nil { own["probeTokens"] = length }
    return own
  }

  private static func words(_ value: Setting) throws(ReasoningError) -> [String: Setting] {
    let names = ["positive": "affirmationWords", "negative": "reflectionWords", "verify": "verificationWords"]
    guard case .dictionary(let lists) = value, lists.keys.allSatisfy({ names[$0] != nil }) else {
      throw .invalidSetting(
        name: "TARGET_VALIDATION_KEYWORDS", reason: "must have lists called positive, negative and verify")
    }
    return Dictionary(uniqueKeysWithValues: lists.map { (names[$0] ?? $0, $1) })
  }
}
