package import Foundation
import TandemSupport

/// The files of the built-in pair of models.
package enum NanoResources {
  /// Finds one of Tandem's own files, or throws `resourceMissing` with the places that were searched.
  package static func url(
    of file: String, environment: [String: String] = ProcessInfo.processInfo.environment,
    program: URL? = Bundle.main.executableURL
  ) throws(ModelError) -> URL {
    let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let own = OwnFiles(
      "Nano", of: "TandemModels", environment: environment, program: program, checkout: checkout.appending(path: "Nano")
    )
    guard let url = own.url(of: file) else {
      throw .resourceMissing(name: file, searched: own.folders.map(\.path))
    }
    return url
  }
}
