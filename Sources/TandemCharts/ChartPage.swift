/// An HTML page that needs nothing else: no network, no script. It follows the reader's light or dark colours.
package struct ChartPage: Sendable {
  package var title: String
  package var body: [Markup]

  package init(title: String, body: [Markup]) { (self.title, self.body) = (title, body) }

  package var html: String {
    let head: [Markup] = [
      .element("meta", ["charset": "utf-8"]),
      .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      .element("meta", ["name": "color-scheme", "content": "light dark"]),
      .element("title", [:], title), .style(PlotStyle.sheet), .style(PlotStyle.page),
    ]
    let page = Markup.element("html", ["lang": "en"], [.element("head", [:], head), .element("body", [:], body)])
    return "<!DOCTYPE html>\n\(page.rendered)\n"
  }

  /// Plots side by side, each under its title; nothing if there is none.
  package static func figures(_ plots: [(title: String, markup: Markup)]) -> [Markup] {
    guard !plots.isEmpty else { return [] }
    let figures = plots.map { Markup.element("figure", [:], [.element("figcaption", [:], $0.title), $0.markup]) }
    return [.element("div", ["class": "plots"], figures)]
  }
}
