// Read a trace: who wrote what, and how much was thrown away. `tandem solve --trace run.jsonl "…"` writes one.

import Foundation
import Tandem

guard CommandLine.arguments.count == 2 else {
  print("usage: ReadATrace run.jsonl")
  exit(64)
}
let trace = try Trace(lines: String(contentsOfFile: CommandLine.arguments[1], encoding: .utf8))

print(trace)  // the run as a script, one line a thought
let statistics = TraceStatistics(trace)
print("kept:", statistics.small.tokens, "+", statistics.large.tokens, "tokens")
print("not kept:", statistics.small.rejectedTokens, "+", statistics.large.rejectedTokens, "tokens")
print("hand-overs:", statistics.handOvers)
