import Crypto
import Foundation

/// A file of the page. It is compiled into the program, so that it is found wherever the program lies.
struct PageFile: Sendable {
  let name: String
  let contents: [UInt8]

  init(_ name: String, _ contents: [UInt8]) {
    self.name = name
    self.contents = contents
  }

  /// Where the server has it.
  var path: String { name == "index.html" ? "/" : "/page/" + name }

  var text: String { String(decoding: contents, as: UTF8.self) }

  /// What `ETag` says: the same for the same contents.
  var tag: String { "\"\(Data(SHA256.hash(data: contents)).base64EncodedString().prefix(20))\"" }

  /// What `Content-Type` says.
  var type: String {
    switch name.split(separator: ".").last {
    case "html": "text/html; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    default: "image/svg+xml"
    }
  }
}

extension PageFile {
  static let index = Self("index.html", PackageResources.index_html)
  static let style = Self("page.css", PackageResources.page_css)

  /// What shows runs that are over, each file after those that it imports.
  static let viewer = [
    Self("text.js", PackageResources.text_js), Self("timeline.js", PackageResources.timeline_js),
    Self("drafts.js", PackageResources.drafts_js), Self("usage.js", PackageResources.usage_js),
    Self("view.js", PackageResources.view_js), Self("files.js", PackageResources.files_js),
    Self("keys.js", PackageResources.keys_js), Self("viewer.js", PackageResources.viewer_js),
  ]

  static let all =
    [index, style] + viewer + [
      Self("icon.svg", PackageResources.icon_svg), Self("page.js", PackageResources.page_js),
      Self("server.js", PackageResources.server_js), Self("settings.js", PackageResources.settings_js),
    ]

  /// The paths of all of them.
  static let paths = Set(all.map(\.path))
}
