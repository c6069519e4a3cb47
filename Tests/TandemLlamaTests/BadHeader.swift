import Testing

/// Headers that llama.cpp aborts on, in one way or another.
enum BadHeader: String, CaseIterable, Codable {
  case noVocabulary, unlistedVocabulary, encoderVocabulary, twoEqualTokens, bytesWithoutToken, negativeEpsilon
  case tooManyLayers, noLayers

  var reason: String {
    switch self {
    case .noVocabulary, .unlistedVocabulary: "no vocabulary"
    case .encoderVocabulary: "encoder"
    case .twoEqualTokens: "two tokens"
    case .bytesWithoutToken: "no tokens for"
    case .negativeEpsilon: "epsilon"
    case .tooManyLayers, .noLayers: "layers"
    }
  }

  func applied(to file: [UInt8]) throws -> [UInt8] {
    var file = file
    func value(of key: String) throws -> Int {
      let place = try #require(file.firstRange(of: Array(key.utf8)), "\(key)")
      return place.upperBound + 4  // behind the type
    }
    func rename(_ key: String) throws {
      let place = try #require(file.firstRange(of: Array(key.utf8)), "\(key)")
      file[place.upperBound - 1] = UInt8(ascii: "_")
    }
    func replaceText(of key: String, with text: String) throws {
      let start = try value(of: key)
      let old = Int(file[start])
      file.replaceSubrange(start..<start + 8 + old, with: [UInt8(text.utf8.count)] + [0, 0, 0, 0, 0, 0, 0] + text.utf8)
      // Nothing behind it may move, as weights lie at multiples of 32 bytes.
      let pad = try #require(file.firstRange(of: Array("general.name".utf8))).upperBound + 4
      let length = Int(file[pad])
      let change = old - text.utf8.count
      file[pad] = UInt8(length + change)
      if change > 0 { file.insert(contentsOf: repeatElement(UInt8(ascii: "-"), count: change), at: pad + 8) }
      if change < 0 { file.removeSubrange(pad + 8..<pad + 8 - change) }
    }
    switch self {
    case .noVocabulary: try replaceText(of: "tokenizer.ggml.model", with: "none")
    case .unlistedVocabulary: try rename("tokenizer.ggml.tokens")
    case .encoderVocabulary: try replaceText(of: "tokenizer.ggml.model", with: "bert")
    case .twoEqualTokens:
      let start = try value(of: "tokenizer.ggml.tokens") + 12
      let first = try #require(file[start...].firstRange(of: Array("<|im_start|>".utf8)))
      file.replaceSubrange(first, with: Array("<|im_endx|>a".utf8))
      let second = try #require(file[start...].firstRange(of: Array("<|endoftext|>".utf8)))
      file[second.lowerBound - 8] = 12
      file.replaceSubrange(second, with: Array("<|im_endx|>a".utf8))
      let name = try #require(file.firstRange(of: Array("general.name".utf8))).upperBound + 4
      file[name] += 1
      file.insert(UInt8(ascii: "-"), at: name + 8)
    case .bytesWithoutToken: try replaceText(of: "tokenizer.ggml.model", with: "llama")
    case .negativeEpsilon: file[try value(of: "llama.attention.layer_norm_rms_epsilon") + 3] |= 0x80
    case .tooManyLayers: file[try value(of: "llama.block_count") + 1] = 4
    case .noLayers: file[try value(of: "llama.block_count")] = 0
    }
    return file
  }
}
