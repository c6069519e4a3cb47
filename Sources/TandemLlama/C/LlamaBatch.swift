import CLlama
import TandemInference

/// The rows of one forward pass. Owns a `llama_batch`; freed with it.
struct LlamaBatch: ~Copyable {
  private(set) var raw: llama_batch
  /// Rows that want logits.
  private(set) var outputs = 0
  private let capacity: Int

  init(capacity: Int) {
    raw = llama_batch_init(Int32(capacity), 0, 1)
    self.capacity = capacity
  }

  deinit { llama_batch_free(raw) }

  var count: Int { Int(raw.n_tokens) }
  var room: Int { capacity - count }

  mutating func clear() {
    raw.n_tokens = 0
    outputs = 0
  }

  /// Adds a token at `position` of `sequence`; returns its row. The caller keeps within `room`.
  @discardableResult
  mutating func add(_ token: Token, position: Int, sequence: Int32, wantsLogits: Bool) -> Int {
    precondition(count < capacity, "llama.cpp aborts on a batch larger than n_batch")
    let row = count
    raw.token[row] = token.rawValue
    raw.pos[row] = Int32(position)
    raw.n_seq_id[row] = 1
    raw.seq_id[row]?[0] = sequence
    raw.logits[row] = wantsLogits ? 1 : 0
    raw.n_tokens += 1
    if wantsLogits { outputs += 1 }
    return row
  }
}
