import Foundation
import Testing

@Suite struct `tandem train tldr` {
  private func train(_ arguments: [String]) throws -> Tool {
    try Tool.withTemporaryFile("run") { folder in
      try Tool.run(list: ["train", "tldr", "--model", "nano-small", "--output", folder] + arguments)
    }
  }

  @Test(arguments: [["--rank", "4"], ["--alpha", "16"], ["--targets", "all"]])
  func `refuses the size of an adapter that it does not train`(option: [String]) throws {
    let tool = try train(option)
    #expect(tool.status == 64)
    #expect(tool.errors.contains("--rank, --alpha and --targets have no effect without --lora"), "\(tool.errors)")
  }

  @Test(arguments: [
    (["--floor=7"], "--floor must be from 0"), (["--level-tokens=-1"], "--level-tokens must be from 0"),
    (["--level-tokens", "2048", "--level-learning-rate=-1"], "--level-learning-rate must be from 0"),
    (["--level-learning-rate", "0.01"], "--level-learning-rate has no effect without --level-tokens"),
    (["--reward", "l1-max", "--short-budget=-5"], "--medium-budget and --long-budget must be at least 1"),
    (["--short-budget", "90"], "--medium-budget and --long-budget have no effect with --reward tldr"),
    (["--limit", "3000", "--problems", "4"], "--limit can be at most 4"),
    (["--reward", "soft-overlong", "--set", "cache=0"], "soft-overlong is not always a number with its coefficients"),
    (["--reward", "aalc", "--set", "targetAccuracy=0"], "aalc is not always a number with its coefficients"),
  ])
  func `refuses numbers that make no sense or no difference`(options: [String], message: String) throws {
    let tool = try train(options)
    #expect(tool.status == 64)
    #expect(tool.errors.contains(message), "\(tool.errors)")
  }

  @Test func `changes the coefficients of a reward, those of a group too`() throws {
    let laser = ["--reward", "laser-d"]
    // What is wrong with --group-size is found when the reward is right.
    let right = try train(laser + ["--set", "targets.easy=0.3", "--group-size", "1"])
    #expect(right.status == 64 && right.errors.contains("--group-size must be from 2"), "\(right.errors)")
    let unknown = try train(laser + ["--set", "targets.none=0.3"])
    #expect(unknown.status == 64 && unknown.errors.contains("targets.easy"), "\(unknown.errors)")
    let text = try train(laser + ["--set", "targets.easy=much"])
    #expect(text.status == 64 && text.errors.contains("--set takes name=number"), "\(text.errors)")
  }
}
