/// How many bits the weights of a model file have.
public enum Quantization: String, Sendable, Hashable, CaseIterable, Codable {
  case f16 = "F16"
  case q8_0 = "Q8_0"
  case q4_0 = "Q4_0"
  case q4_1 = "Q4_1"
}
