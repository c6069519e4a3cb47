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

  @Test func `changes the coefficients of a reward, those of a group too`() throws {
    let laser = ["--reward", "laser-d"]
    // What is wrong with --group-size is found when the reward is right.
    let right = try train(laser + ["--set", "targets.easy=0.3", "--group-size", "1"])
    #expect(right.status == 64 && right.errors.contains("group-size must be from 2"), "\(right.errors)")
    let unknown = try train(laser + ["--set", "targets.none=0.3"])
    #expect(unknown.status == 64 && unknown.errors.contains("targets.easy"), "\(unknown.errors)")
    let text = try train(laser + ["--set", "targets.easy=much"])
    #expect(text.status == 64 && text.errors.contains("--set takes name=number"), "\(text.errors)")
  }
}
