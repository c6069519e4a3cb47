import TandemCharts

extension Report {
  /// The report as one HTML page that needs nothing else: no network, no script.
  package var html: String {
    let names = runs.map(\.name).joined(separator: ", ")
    var body: [Markup] = [.element("h1", [:], names), runList]
    body += noticeList
    body += tasks.map(\.markup)
    body.append(.element("p", ["class": "methods"], methods))
    return ChartPage(title: "Tandem: \(names)", body: body).html
  }

  private var runList: Markup {
    .element(
      "p", ["class": "runs"],
      runs.map { "\($0.name): \($0.done) of \($0.jobs) jobs, \($0.program), \($0.machine)." }.joined(separator: " "))
  }

  private var noticeList: [Markup] {
    notices.isEmpty ? [] : [.element("ul", ["class": "notices"], notices.map { .element("li", [:], $0) })]
  }
}
