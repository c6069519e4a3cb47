import Foundation

/// What the environment says about Hugging Face, read as the Python client `huggingface_hub` reads it.
struct HubSettings: Sendable {
  private let environment: [String: String]

  init(_ environment: [String: String]) { self.environment = environment }

  /// The folder of all repositories: `HF_HUB_CACHE`, or `hub` in `HF_HOME`.
  var cache: URL {
    let given = path("HF_HUB_CACHE") ?? path("HUGGINGFACE_HUB_CACHE")
    return given ?? home.appending(path: "hub", directoryHint: .isDirectory)
  }

  /// What `hf auth login` stored, unless `HF_TOKEN` overrides it.
  var token: String? {
    if let given = text("HF_TOKEN") ?? text("HUGGING_FACE_HUB_TOKEN") { return given }
    guard !isSet("HF_HUB_DISABLE_IMPLICIT_TOKEN") else { return nil }
    let file = path("HF_TOKEN_PATH") ?? home.appending(path: "token")
    return (try? String(contentsOf: file, encoding: .utf8)).flatMap(Self.cleaned)
  }

  /// Whether no server may be asked.
  var isOffline: Bool { isSet("HF_HUB_OFFLINE") || isSet("TRANSFORMERS_OFFLINE") }

  /// Whether files lie under their names in the cache, rather than links to them.
  var avoidsLinks: Bool { isSet("HF_HUB_DISABLE_SYMLINKS") }

  /// Where files are fetched from; throws `invalidEndpoint`.
  func endpoint() throws(ModelError) -> URL {
    let text = text("HF_ENDPOINT") ?? "https://huggingface.co"
    guard let url = URL(string: text), ["http", "https"].contains(url.scheme?.lowercased()), url.host() != nil,
      url.query() == nil, url.fragment() == nil  // a path after these would be a part of them
    else {
      throw .invalidEndpoint(text: text.addressWithoutSecrets)
    }
    return url
  }

  private var home: URL {
    if let given = path("HF_HOME") { return given }
    let caches = path("XDG_CACHE_HOME") ?? userHome.appending(path: ".cache", directoryHint: .isDirectory)
    return caches.appending(path: "huggingface", directoryHint: .isDirectory)
  }

  private var userHome: URL { URL(filePath: text("HOME") ?? NSHomeDirectory(), directoryHint: .isDirectory) }

  private func text(_ name: String) -> String? { environment[name].flatMap(Self.cleaned) }

  private func path(_ name: String) -> URL? {
    guard let text = text(name) else { return nil }
    guard text == "~" || text.hasPrefix("~/") else { return URL(filePath: text).absoluteURL }
    return userHome.appending(path: String(text.dropFirst(2)))
  }

  private func isSet(_ name: String) -> Bool {
    ["1", "ON", "YES", "TRUE"].contains(environment[name]?.uppercased())
  }

  private static func cleaned(_ text: String) -> String? {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    return trimmed.isEmpty ? nil : trimmed
  }
}
