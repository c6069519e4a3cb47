import Foundation
import TandemModels
import Testing

@testable import TandemSetup

@Suite("A file that a user named") struct UserFileTests {
  @Test func `is said to be a folder if it is one`() {
    let folder = FileManager.default.temporaryDirectory.path
    let error = #expect(throws: ModelError.self) { try UserFile.contents(of: folder) }
    #expect(error == .unreadable(path: folder, reason: "is a directory"))
  }

  @Test func `is not found if there is none`() {
    let error = #expect(throws: ModelError.self) { try UserFile.contents(of: "/no/such/file") }
    #expect(error == .fileNotFound(path: "/no/such/file", hint: nil))
  }
}
