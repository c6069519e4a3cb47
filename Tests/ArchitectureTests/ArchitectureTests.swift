import Foundation
import Testing

/// `docs/architecture.md` draws who may depend on whom. These tests hold the imports and Package.swift to it.
@Suite struct ArchitectureTests {
  private let drawing: Drawing

  init() throws { drawing = try Drawing() }

  /// The targets of Swift code.
  private static func targets() throws -> [String] {
    try Checkout.folders(in: "Sources").filter { !Checkout.files(in: "Sources/\($0)", ["swift"]).isEmpty }
  }

  @Test func `every target stands in the drawing`() throws {
    #expect(try Self.targets() == drawing.mayImport.keys.sorted())
  }

  @Test func `a file imports only those of our modules that the drawing allows its target`() throws {
    let ours = Set(try Checkout.folders(in: "Sources"))
    for target in try Self.targets() {
      for file in Checkout.files(in: "Sources/\(target)", ["swift"]) {
        let imported = ours.intersection(try Checkout.imports(of: file))
        #expect(imported.subtracting(drawing.mayImport[target] ?? []).isEmpty, "\(file)")
      }
    }
  }

  @Test func `the drawing allows a target nothing that it does not import`() throws {
    for (target, allowed) in drawing.mayImport {
      let used = Set(try Checkout.files(in: "Sources/\(target)", ["swift"]).flatMap { try Checkout.imports(of: $0) })
      #expect(allowed.subtracting(used).isEmpty, "\(target)")
    }
  }

  @Test func `some modules are imported in some folders only`() throws {
    #expect(!drawing.restrictions.isEmpty)
    for file in Checkout.files(in: "Sources", ["swift"]) {
      let imports = try Checkout.imports(of: file)
      for rule in drawing.restrictions where !rule.allows(file) {
        #expect(!imports.contains { rule.modules.contains($0) }, "\(file) imports one of \(rule.modules).")
      }
    }
  }

  @Test func `Package.swift gives each target the dependencies in the drawing`() throws {
    let package = try Checkout.text("Package.swift")
    let ours = Set(try Checkout.folders(in: "Sources"))
    for (target, allowed) in drawing.mayImport {
      let name = NSRegularExpression.escapedPattern(for: target)
      let pattern = try Regex(#"arget\(\s*name: "\#(name)",(?:\s*dependencies: \[([^\]]*)\])?"#)
      let match = try #require(package.firstMatch(of: pattern), "Package.swift has no target \(target).")
      let list = match.output[1].substring.map(String.init) ?? ""
      let names = list.matches(of: /"([\w-]+)"/).map { String($0.1) }
      #expect(ours.intersection(names) == allowed, "\(target)")
    }
  }

  @Test(arguments: ["TandemServer", "TandemSetup", "TandemEvaluation", "TandemRewards", "TandemModels"])
  func `neither llama.cpp nor MLX comes with`(_ target: String) {
    #expect(drawing.closure(of: target).isDisjoint(with: ["CLlama", "CJinja", "CMLX"]))
  }

  @Test func `the program that solves does not link the trainer`() {
    #expect(!drawing.closure(of: "tandem-cli").contains("CMLX"))
    #expect(drawing.closure(of: "tandem-train").contains("CMLX"))
  }

  @Test func `no module imports itself through others`() {
    for target in drawing.mayImport.keys { #expect(!drawing.closure(of: target).contains(target), "\(target)") }
  }

  @Test func `C pointers stay where the drawing has them`() throws {
    let folders = ["Sources/TandemLlama/C", "Sources/TandemTraining/MLX"]
    for file in Checkout.files(in: "Sources", ["swift"]) where !folders.contains(where: { file.hasPrefix($0 + "/") }) {
      let text = try Checkout.text(file)
      #expect(!text.contains("OpaquePointer") && !text.contains("UnsafeMutablePointer<"), "\(file)")
    }
  }

  @Test func `the shared helpers stay small`() throws {
    let lines = try Checkout.files(in: "Sources/TandemSupport", ["swift"]).map {
      try Checkout.text($0).count(where: \.isNewline)
    }
    #expect(lines.reduce(0, +) <= 360, "TandemSupport is for what several targets need, and is no attic.")
  }
}
