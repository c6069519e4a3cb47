import TandemInference

/// A model whose engine does all the work, while a schedule says what is written.
///
/// Every token is evaluated and drawn by the engine, every prompt read, every score computed; only what comes out is
/// replaced: the text, where it stops, how certain the model is of it, and which of a judge's labels is the likeliest.
/// The engine's cache holds other tokens than its user sees, as many and at the same places. So what a strategy costs on
/// two models can be measured before they have weights that are worth asking.
///
/// Processors, temperature and filters are applied to the engine's own logits, so drawing takes what it takes. Draft
/// tokens can only be right or wrong as the schedule says if the target draws what is expected: there, and only there,
/// its logits are overwritten, which costs a copy of the row.
final class ScheduledModel: LanguageModel {
  /// What it writes.
  enum Part: Sendable {
    /// The schedule's text.
    case writer
    /// Any words: what it drafts is right as often as its target's schedule says.
    case drafter
  }

  let inner: any LanguageModel
  let role: Role
  let part: Part
  let text: ScheduledText
  let progress: ScheduleProgress
  let times: CallTimes

  /// Throws `unsuitable` for a vocabulary that has no plain words.
  init(
    _ inner: any LanguageModel, as role: Role, part: Part = .writer, _ schedule: WritingSchedule,
    format: ReasoningFormat, progress: ScheduleProgress, times: CallTimes
  ) throws {
    self.inner = inner
    self.role = role
    self.part = part
    text = try ScheduledText(schedule, for: inner, format: format)
    self.progress = progress
    self.times = times
  }

  var name: String { inner.name }
  var tokenizer: any Tokenizer { inner.tokenizer }
  var template: any ChatTemplate { inner.template }
  var contextSize: Int { inner.contextSize }
  var shape: ModelShape? { inner.shape }
  var counters: EngineCounters { inner.counters }

  /// The engine's, without those whose results would tell what is really in its cache.
  var capabilities: EngineCapabilities { inner.capabilities.subtracting([.embeddings, .state]) }

  func checkAvailability() async throws { try await inner.checkAvailability() }

  func makeSession(adapter: Adapter?) async throws -> ScheduledSession {
    ScheduledSession(try await inner.makeSession(adapter: adapter), of: self)
  }
}
