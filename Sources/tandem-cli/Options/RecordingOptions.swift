import ArgumentParser
import Tandem
import TandemCommandLine
import TandemInference
import TandemSetup

/// Where a draft model's rejected guesses are recorded.
struct RecordingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Record what the large model rejects of the small model's drafts, for `tandem train draft`.", valueName: "file"))
  var recordRejections: String?

  @Option(help: "The most MiB of that file; older lines go first. Default: 64.")
  var recordLimit: Int?

  func validate() throws {
    guard recordLimit == nil || recordRejections != nil else {
      throw ValidationError("--record-limit has no effect without --record-rejections.")
    }
    guard (1...1_048_576).contains(recordLimit ?? 64) else {
      throw ValidationError("--record-limit must be from 1 to 1048576.")
    }
  }

  /// Opens the file; nil if none is asked for.
  ///
  /// - Parameter large: How large models are used: one of them must have drafts by the small model.
  ///
  /// Throws `FileFault` if it can't be written.
  func recording(for large: [RoleSettings?]) throws -> DraftRecording? {
    guard let path = recordRejections else { return nil }
    guard large.contains(where: { $0?.draft?.needsSmall == true }) else {
      throw ValidationError(
        "--record-rejections needs a large model whose tokens the small model drafts: draft small or cascade.")
    }
    let file = try RejectionFile(path, limit: (recordLimit ?? 64) << 20) { fault in
      Console.write("Warning: \(fault) Answers are written all the same.\n", to: .standardError)
    }
    return file.recording
  }
}
