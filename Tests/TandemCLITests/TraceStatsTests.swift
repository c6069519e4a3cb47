import Foundation
import Testing

@Suite struct `tandem trace stats` {
  @Test func `says what the thinking told about the answers, of one run and of several`() throws {
    try Tool.withTemporaryFile("run.jsonl") { path in
      let solved = try Tool.run(
        "solve", "--strategy", "entropy-stop", "--set", "paragraphCharacters=20", "--set", "candidateText=", "--set",
        "candidateTokens=40", "--set", "candidateEnds=[]", "--set", "ratio=0.001", "--trace", path,
        "Use 3, 7, 5, 2 to make 24.")
      #expect(solved.status == 0, "\(solved.errors)")
      let stats = try Tool.run("trace", "stats", path).output
      #expect(stats.contains(/look, in bits: [0-9.]+ [0-9. ]+\ninformation gained [a-z ]+: -?[0-9.]+/), "\(stats)")
      let summary = try Tool.run("trace", "stats", "--summary", path, path)
      #expect(summary.output.contains(/information gained [a-z ]+: -?[0-9.]+ bits\n/), "\(summary.output)")
      let json = try Tool.run("trace", "stats", "--summary", "--format", "json", path)
      let tree = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect(tree["informationGain"] is Double)
    }
    #expect(try Tool.run("help", "trace", "stats").output.contains("InfoGain"))
  }
}
