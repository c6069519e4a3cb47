import Foundation
import Synchronization
import TandemInference
import TandemTasks
import TandemTesting
import Testing

@testable import Tandem
@testable import TandemEvaluation

/// Real traces, with numbers that another program counted: see Traces/LICENSE.md.
struct RealTrace: Decodable, CustomTestStringConvertible {
  let id: String
  let answer: String
  let thinking: String
  let response: String
  let paragraphs: Int
  let reflections: Int
  let cues: [String: Int]

  var testDescription: String { id }

  static let all: [RealTrace] = {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Traces/traces.jsonl")
    let lines = (try? String(contentsOf: url, encoding: .utf8))?.split(separator: "\n") ?? []
    return lines.compactMap { try? JSONDecoder().decode(RealTrace.self, from: Data($0.utf8)) }
  }()
}

@Suite struct `Real reasoning traces` {
  @Test func `are all there`() {
    #expect(RealTrace.all.count == 69)
    #expect(Set(RealTrace.all.map(\.id)).count == 69)
  }

  @Test func `have as many reflections as the paper's notebook counts`() {
    for trace in RealTrace.all {
      #expect(TraceStatistics.reflectionSegments(in: trace.thinking) == trace.reflections, "\(trace.id)")
    }
  }

  @Test func `have the cues that a plain count finds`() {
    let words = CueWords.paper
    for trace in RealTrace.all {
      var found: [String: Int] = [:]
      for word in trace.cues.keys { found[word] = trace.thinking.lowercased().components(separatedBy: word).count - 1 }
      #expect(found == trace.cues, "\(trace.id)")
      func count(_ list: [String], in text: String) -> Int {
        list.reduce(0) { $0 + text.components(separatedBy: $1).count - 1 }
      }
      // The beginning of a paragraph is as long as a probe.
      for paragraph in trace.thinking.components(separatedBy: "\n\n").prefix(15).map({ String($0.prefix(40)) }) {
        let text = paragraph.lowercased()
        let affirmations = count(words.affirmation, in: text)
        let reflections = count(words.reflection + words.verification, in: text)
        let expected: Cue = affirmations > reflections ? .affirmation : reflections > 0 ? .reflection : .statement
        #expect(words.cue(of: paragraph) == expected, "\(trace.id): \(paragraph)")
        #expect(words.asksToVerify(paragraph) == (count(words.verification, in: text) > 0))
      }
    }
  }

  /// A model that says what a trace says, one token a word, and a strategy that stops at each blank line.
  @Test func `are segmented into their paragraphs, and lose nothing`() async throws {
    for trace in RealTrace.all where trace.thinking.utf8.count < 1000 {
      let pieces = trace.thinking.split(separator: "\n\n", omittingEmptySubsequences: false)
      let text = trace.thinking + "</think>\n\n" + trace.response + "<|im_end|>"
      let tokenizer = ByteTokenizer(
        words: Set(trace.thinking.split(whereSeparator: \.isWhitespace).map { " \($0)" }).sorted())
      let model = ScriptedModel(scripts: ["": [text]], tokenizer: tokenizer)
      var strategy = RandomTakeover()
      strategy.probability = 0
      let solver = Solver(
        small: Participant(model), large: Participant(ScriptedModel(tokenizer: tokenizer)),
        budget: Budget(thinkingTokens: 4000, answerTokens: 4000))
      let events = Mutex<[TimedEvent]>([])
      let outcome = try await solver.solve(Problem(question: "Q"), with: strategy) { event in
        events.withLock { $0.append(event) }
      }
      let run = Trace(events.withLock { $0 })
      let thoughts = run.thoughts.filter { $0.segment == .thinking }
      #expect(thoughts.map(\.text).joined() == trace.thinking, "\(trace.id)")
      #expect(thoughts.count == pieces.count, "\(trace.id)")
      #expect(thoughts.dropLast().allSatisfy { $0.ending == .boundary && $0.text.hasSuffix("\n\n") })
      #expect(outcome.finish == .stop)
      #expect(TraceStatistics(run).reflections == trace.reflections, "\(trace.id)")
    }
  }

  /// Read by hand: seven of the answers are wrong, and two are right and said in words, where no policy looks.
  @Test func `are graded by their answer, and never by their thinking when it was cut`() {
    var notRight: Set<String> = []
    for trace in RealTrace.all {
      let gold = Gold.mathematics(.init([trace.answer]))
      let whole = gold.judge("<think>\n\(trace.thinking)</think>\n\n\(trace.response)", by: .standard)
      #expect(whole == gold.judge(trace.response, by: .standard), "\(trace.id)")
      if whole.verdict != .correct { notRight.insert(String(trace.id.dropFirst("markyx-".count))) }
      let cut = gold.judge("<think>\n\(trace.thinking)", by: .standard)
      #expect(cut.verdict == .unparsable && cut.answer == nil, "\(trace.id)")
    }
    let wrong: Set = [
      "math500_deepseek_r1-18", "pilot_math500_llama8b-7", "pilot_math500_llama8b-9", "pilot_math500_llama8b-11",
      "pilot_math500_llama8b-18", "pilot_math500_qwen7b-11", "pilot_math500_qwen7b-18",
    ]
    #expect(wrong.isSubset(of: notRight))
    #expect(notRight.subtracting(wrong).isSubset(of: ["math500_deepseek_r1-4", "pilot_math500_r1-4"]))
  }
}
