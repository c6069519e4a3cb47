import Foundation
import Testing

@Suite struct `tandem train sft` {
  @Test func `refuses what only an adapter has where all weights are trained`() throws {
    let tool = try Tool.run(
      "train", "sft", "--model", "nano-small", "--data", "none.jsonl", "--output", "none", "--full", "--dropout", "0.3")
    #expect(tool.status == 64)
    #expect(tool.errors.contains("--targets and --dropout have no effect with --full"), "\(tool.errors)")
  }

  @Test func `names the number formats that it reads where a model has another`() throws {
    try Tool.withTemporaryFile("run") { folder in
      let (model, data) = (folder + ".gguf", folder + ".jsonl")
      #expect(try Tool.run("models", "quantize", "nano-small", "--type", "q4_k_m", "--output", model).status == 0)
      try #"{"messages": [{"role": "user", "content": "1?"}, {"role": "assistant", "content": "<think>1</think>1"}]}"#
        .write(toFile: data, atomically: true, encoding: .utf8)
      let tool = try Tool.run("train", "sft", "--model", model, "--data", data, "--output", folder)
      #expect(tool.status == 65)
      #expect(tool.errors.contains("F32, F16, Q8_0, Q4_0 and Q4_1 can"), "\(tool.errors)")
    }
  }
}

@Suite struct `tandem train scot-data` {
  @Test func `has no more held-out problems than there are`() throws {
    try Tool.withTemporaryFile("drafts.jsonl") { path in
      let tool = try Tool.run(
        "train", "scot-data", "--model", "nano-small", "--split", "held-out", "--problems", "1001", "--output", path)
      #expect(tool.status == 64)
      #expect(tool.errors.contains("--problems can be at most 1000 with --split held-out"), "\(tool.errors)")
    }
  }

  @Test func `finds out that its file can't be written before it thinks`() throws {
    try Tool.withTemporaryFile("none") { folder in
      let path = folder + "/d.jsonl"
      // So many that it would not end.
      let tool = try Tool.run(
        "train", "scot-data", "--model", "nano-small", "--problems", "10000", "--drafts", "8", "--output", path)
      #expect(tool.status == 1)
      #expect(tool.errors.contains(path) && tool.errors.contains("No such file or directory"), "\(tool.errors)")
      #expect(!tool.errors.contains("NSCocoaErrorDomain") && !tool.errors.contains("drafts"), "\(tool.errors)")
    }
  }
}
