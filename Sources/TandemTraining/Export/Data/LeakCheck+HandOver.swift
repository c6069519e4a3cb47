import TandemInference
package import TandemRewards
import TandemTasks

extension LeakCheck {
  /// Throws `fileInvalid` for the first prompt of `path` in which a user asks what evaluation asks, or may ask.
  ///
  /// - Parameter check: Of the answers; Countdown's name the problem, whatever words it is put in.
  package func check(
    _ prompts: some Sequence<ExportedPrompt>, _ check: AnswerCheck, from path: String
  ) throws(TrainingError) {
    for prompt in prompts {
      var questions = prompt.messages.filter { $0.role == .user }.map(\.content)
      if check == .countdown, let problem = Countdown(id: prompt.answer) { questions.append(problem.question) }
      try self.check(questions.map { DraftedProblem(question: $0, drafts: []) }, from: path)
    }
  }
}
