import Foundation
import Testing

/// Commands of the papers that learn, each from one end to the other on the nano pair.
@Suite struct `Learning` {
  private let pairs = [
    (3, 7, "3 + 7 = 10"), (8, 2, "8 + 2 = 10"), (6, 4, "6 + 4 = 10"), (9, 1, "9 + 1 = 10"),
  ].map { a, b, right in
    let (short, long) = (
      "<think>\\n\(right).\\n\\n</think>\\n\\nAnswer: \(right).", "Try \(a) * \(b) = \(a * b).\\n\\n"
    )
    return
      #"{"prompt": "Use \#(a), \#(b) to make 10.", "chosen": "\#(short)", "rejected": "<think>\n\#(long)\#(long)"}"#
  }.joined(separator: "\n")

  private let chats = #"""
    {"messages": [{"role": "user", "content": "Use 3, 7 to make 10."}, {"role": "assistant", "content": "<think>\n3 + 7 = 10.\n\n</think>\n\nAnswer: 3 + 7 = 10."}]}
    """#

  private func withFiles(_ body: (_ folder: String) throws -> Void) throws {
    try Tool.withTemporaryFile("learning") { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try pairs.write(toFile: folder + "/pairs.jsonl", atomically: true, encoding: .utf8)
      try chats.write(toFile: folder + "/chats.jsonl", atomically: true, encoding: .utf8)
      try body(folder)
    }
  }

  @Test(arguments: [["--loss", "dpo"], ["--loss", "simpo", "--full"]])
  func `dpo makes a model prefer the chosen answers`(_ arguments: [String]) throws {
    try withFiles { folder in
      let tool = try Tool.run(
        list: [
          "train", "dpo", "--model", "nano-small", "--pairs", folder + "/pairs.jsonl", "--output", folder + "/run",
          "--epochs", "20", "--batch", "256", "--learning-rate", "1e-3",
        ] + arguments)
      #expect(tool.status == 0, "\(tool.errors)")
      let result = arguments.contains("--full") ? "model.gguf" : "adapter.gguf"
      #expect(FileManager.default.fileExists(atPath: folder + "/run/" + result))
      let log = try String(contentsOfFile: folder + "/run/log.jsonl", encoding: .utf8)
      #expect(log.split(separator: "\n").last?.contains(#""preference":{"accuracy":1"#) == true, "\(log)")
    }
  }

  @Test func `dpo names the line of a pair that prefers nothing`() throws {
    try withFiles { folder in
      try #"{"prompt": "1", "chosen": "<think>a", "rejected": "<think>a"}"#
        .write(toFile: folder + "/pairs.jsonl", atomically: true, encoding: .utf8)
      let tool = try Tool.run(
        "train", "dpo", "--model", "nano-small", "--pairs", folder + "/pairs.jsonl", "--output", folder + "/run")
      #expect(tool.status == 65)
      #expect(tool.errors.contains("pairs.jsonl:1 can't be used: chosen and rejected are equal"), "\(tool.errors)")
      let beta = try Tool.run(
        "train", "dpo", "--model", "nano-small", "--pairs", "none", "--output", "none", "--beta", "0")
      #expect(beta.status == 64 && beta.errors.contains("--beta must be above 0"), "\(beta.errors)")
    }
  }

  @Test func `wspo teaches a large model what a small one learnt`() throws {
    try withFiles { folder in
      func train(_ base: String) throws -> Tool {
        try Tool.run(
          "train", "wspo", "--model", "nano-large", "--aligned", "nano-small-tldr", "--base", base, "--data",
          folder + "/chats.jsonl", "--output", folder + "/run", "--epochs", "10", "--batch", "64")
      }
      let tool = try train("nano-small")
      #expect(tool.status == 0, "\(tool.errors)")
      #expect(FileManager.default.fileExists(atPath: folder + "/run/adapter.gguf"))
    }
  }

  @Test func `merge makes a model that runs`() throws {
    try withFiles { folder in
      let merged = folder + "/merged.gguf"
      let tool = try Tool.run(
        "models", "merge", "nano-small", "nano-small-tldr", "--weights", "0.7,0.3", "--output", merged)
      #expect(tool.status == 0, "\(tool.errors)")
      let solved = try Tool.run(
        "solve", "--small", merged, "--strategy", "small-only", "-q", "Use 3, 7, 5, 2 to make 24.")
      #expect(solved.status == 0 && !solved.output.isEmpty, "\(solved.errors)")
      let different = try Tool.run("models", "merge", "nano-small", "nano-large", "--output", folder + "/other.gguf")
      let difference = "is [128] in the first and [64] in the second"
      #expect(different.status == 65 && different.errors.contains(difference), "\(different.errors)")
      #expect(try Tool.run("models", "merge", "nano-small", "nano-small", "--output", merged).status == 64)
    }
  }

  @Test func `drafts of two efforts become conversations, and pairs`() throws {
    try withFiles { folder in
      for effort in ["low", "high"] {
        let tool = try Tool.run(
          "train", "scot-data", "--model", "nano-small", "--problems", "12", "--drafts", "4", "--effort", effort,
          "--output", "\(folder)/\(effort).jsonl")
        #expect(tool.status == 0, "\(tool.errors)")
      }
      let tops = try Tool.run(
        "train", "select", "tops", folder + "/low.jsonl", folder + "/high.jsonl", "--output", folder + "/tops.jsonl")
      #expect(tops.status == 0 && tops.output.contains("of 12 problems have a right draft"), "\(tops.errors)")
      let pairs = try Tool.run(
        "train", "select", "adar1", "--long", folder + "/high.jsonl", "--short", folder + "/low.jsonl", "--output",
        folder + "/adar1.jsonl")
      #expect(pairs.status == 0, "\(pairs.errors)")
      let trained = try Tool.run(
        "train", "dpo", "--model", "nano-small", "--pairs", folder + "/adar1.jsonl", "--output", folder + "/run",
        "--epochs", "1")
      #expect(trained.status == 0, "\(trained.errors)")
    }
  }

  @Test func `a pruned trace is a conversation to learn from`() throws {
    try withFiles { folder in
      let trace = folder + "/run.jsonl"
      #expect(
        try Tool.run(
          "solve", "--strategy", "large-only", "--seed", "1", "--trace", trace, "-q", "Use 3, 7, 5, 2 to make 24."
        ).status == 0)
      let tool = try Tool.run(
        "trace", "prune", "--model", "nano-large", "--output", folder + "/pruned.jsonl", trace)
      #expect(tool.status == 0 && tool.output.contains("1 runs, "), "\(tool.output) \(tool.errors)")
      let chat = try String(contentsOfFile: folder + "/pruned.jsonl", encoding: .utf8)
      #expect(chat.contains(#""content":"Use 3, 7, 5, 2 to make 24.""#) && chat.contains("<think>\\n"), "\(chat)")
      #expect(
        try Tool.run("trace", "prune", "--model", "nano-large", "--output", "x", "--share", "2", trace).status == 64)
      let judged = try Tool.run(
        "trace", "prune", "--model", "nano-large", "--classifier", "nano-small", "--output", folder + "/judged.jsonl",
        trace)
      #expect(judged.status == 0 && judged.output.contains("1 runs, "), "\(judged.output) \(judged.errors)")
      let missing = try Tool.run(
        "trace", "prune", "--model", "nano-large", "--classifier", "none.gguf", "--output", "x", trace)
      #expect(missing.status == 66 && missing.errors.contains("none.gguf"), "\(missing.errors)")
    }
  }

  @Test func `a searched trace is a conversation to learn from, and a search continues from its journal`() throws {
    try withFiles { folder in
      // A right answer, found after two switches.
      let chat = #"""
        {"messages": [{"role": "user", "content": "Use 3, 7 to make 10."}, {"role": "assistant", "content": "<think>\n\#
        Try 7 - 3 = 4. Now 4.\n\nWait, back to 3, 7.\n\nTry 3 + 7 = 10. Now 10.\n\nWait, let me check again: 3 + 7 = 10. \#
        Correct.\n\nYes, that makes 10.\n\n</think>\n\nAnswer: 3 + 7 = 10."}]}
        """#
      try chat.write(toFile: folder + "/right.jsonl", atomically: true, encoding: .utf8)
      func search(_ arguments: String...) throws -> Tool {
        try Tool.run(
          list: [
            "trace", "search", "--model", "nano-large", "--chats", folder + "/right.jsonl", "--output",
            folder + "/revised.jsonl",
          ] + arguments)
      }
      let tool = try search("--rollouts", "2")
      #expect(tool.status == 0 && tool.output.contains("1 of 1 runs are right"), "\(tool.output) \(tool.errors)")
      let revised = try String(contentsOfFile: folder + "/revised.jsonl", encoding: .utf8)
      #expect(revised.contains("<think>\\n") && revised.contains("Answer: "), "\(revised)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/revised.jsonl.journal"))
      let trained = try Tool.run(
        "train", "sft", "--model", "nano-small", "--data", folder + "/revised.jsonl", "--output", folder + "/run",
        "--epochs", "1")
      #expect(trained.status == 0, "\(trained.errors)")

      // A journal of the same search is taken over; that of another one is left as it is.
      let conditions = #"""
        {"answerTokens":1024,"discount":0.9,"model":"m","rollouts":1,"seed":0,"temperature":0.6,"thinkingTokens":4096,"topP":0.95,"words":[]}
        """#
      try (conditions + "\n").write(toFile: folder + "/revised.jsonl.journal", atomically: true, encoding: .utf8)
      let other = try search()
      #expect(other.status == 65 && other.errors.contains("another model or other options"), "\(other.errors)")
      #expect(try String(contentsOfFile: folder + "/revised.jsonl.journal", encoding: .utf8) == conditions + "\n")
      #expect(try search("--discount", "0").errors.contains("--discount must be above 0"))
      #expect(try search("--words", ",").status == 64)
    }
  }

  @Test func `a search names the chat that it can't use`() throws {
    try withFiles { folder in
      for (line, reason) in [
        (#"{"messages": [{"role": "user", "content": "2 + 2?"}]}"#, "must be the assistant's"),
        (
          #"{"messages": [{"role": "user", "content": "2 + 2?"}, {"role": "assistant", "content": "4"}], "answer": "4"}"#,
          "must have thinking"
        ),
        (
          #"{"messages": [{"role": "user", "content": "2 + 2?"}, {"role": "assistant", "content": "<think>2</think>4"}]}"#,
          "'answer' must be the right answer"
        ),
        ("{", "it is not JSON"),
      ] {
        try line.write(toFile: folder + "/bad.jsonl", atomically: true, encoding: .utf8)
        let tool = try Tool.run(
          "trace", "search", "--model", "nano-small", "--chats", folder + "/bad.jsonl", "--output", folder + "/out")
        #expect(tool.status == 65 && tool.errors.contains("bad.jsonl:1 can't be used: "), "\(tool.errors)")
        #expect(tool.errors.contains(reason), "\(tool.errors)")
      }
      #expect(try Tool.run("trace", "search", "--model", "nano-small", "--output", "x").status == 64)
    }
  }

  @Test func `stepwise trails become two sets of pairs, and two models one`() throws {
    try withFiles { folder in
      let sampled = try Tool.run(
        "train", "recut-data", "--model", "nano-small", "--problems", "8", "--steps", "2", "--output",
        folder + "/trails.jsonl")
      #expect(sampled.status == 0 && sampled.output.contains("problems, "), "\(sampled.errors)")
      let selected = try Tool.run(
        "train", "select", "recut", folder + "/trails.jsonl", "--accuracy", folder + "/a.jsonl", "--length",
        folder + "/l.jsonl")
      #expect(selected.status == 0 && selected.output.contains("pairs for accuracy"), "\(selected.errors)")
      for set in ["a", "l"] {
        let tool = try Tool.run(
          "train", "dpo", "--model", "nano-small", "--pairs", "\(folder)/\(set).jsonl", "--full", "--output",
          "\(folder)/\(set)", "--epochs", "1")
        #expect(tool.status == 0, "\(tool.errors)")
      }
      let merged = try Tool.run(
        "models", "merge", folder + "/a/model.gguf", folder + "/l/model.gguf", "--base", "nano-small", "--method",
        "dare-ties", "--output", folder + "/recut.gguf")
      #expect(merged.status == 0, "\(merged.errors)")
      let hopeless = #"""
        {"question":"Use 3, 7 to make 10.","drafts":[{"text":"a","tokenCount":1,"isComplete":true,"isRight":false,\#
        "answer":"b"}]}
        """#
      try hopeless.write(toFile: folder + "/none.jsonl", atomically: true, encoding: .utf8)
      let none = try Tool.run(
        "train", "select", "recut", folder + "/none.jsonl", "--accuracy", folder + "/x", "--length", folder + "/y")
      #expect(none.status == 65 && none.errors.contains("no problem has a right and a wrong one"), "\(none.errors)")
    }
  }

  @Test func `smartthinker trains as grpo does`() throws {
    try withFiles { folder in
      let tool = try Tool.run(
        "train", "tldr", "--model", "nano-small", "--output", folder + "/run", "--objective", "smartthinker", "--steps",
        "1", "--groups", "2", "--group-size", "4", "--problems", "8", "--evaluate", "0", "--set", "short=0", "--set",
        "medium=0")
      #expect(tool.status == 0, "\(tool.errors)")
      #expect(FileManager.default.fileExists(atPath: folder + "/run/nano-small-tldr.gguf"))
      let alone = try Tool.run(
        "train", "tldr", "--model", "nano-small", "--output", folder + "/other", "--step-weight", "1")
      #expect(alone.status == 64 && alone.errors.contains("--objective smartthinker"), "\(alone.errors)")
    }
  }

  @Test func `oreal trains as grpo does`() throws {
    try withFiles { folder in
      let tool = try Tool.run(
        "train", "tldr", "--model", "nano-small", "--output", folder + "/run", "--objective", "oreal", "--steps", "1",
        "--groups", "2", "--group-size", "4", "--problems", "8", "--evaluate", "0", "--kl", "0.01")
      #expect(tool.status == 0, "\(tool.errors)")
      #expect(FileManager.default.fileExists(atPath: folder + "/run/nano-small-tldr.gguf"))
    }
  }
}
