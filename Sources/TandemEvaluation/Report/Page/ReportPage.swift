extension Report {
  /// The report as one HTML page that needs nothing else: no network, no script.
  public var html: String {
    let names = runs.map(\.name).joined(separator: ", ")
    let head: [Markup] = [
      .element("meta", ["charset": "utf-8"]),
      .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      .element("meta", ["name": "color-scheme", "content": "light dark"]),
      .element("title", [:], "Tandem: \(names)"),
      .style(PlotStyle.sheet), .style(Self.pageStyle),
    ]
    var body: [Markup] = [.element("h1", [:], names), runList]
    body += noticeList
    body += tasks.map(\.markup)
    body.append(.element("p", ["class": "methods"], methods))
    let page = Markup.element("html", ["lang": "en"], [.element("head", [:], head), .element("body", [:], body)])
    return "<!DOCTYPE html>\n\(page.rendered)\n"
  }

  private var runList: Markup {
    .element(
      "p", ["class": "runs"],
      runs.map { "\($0.name): \($0.done) of \($0.jobs) jobs, \($0.program), \($0.machine)." }.joined(separator: " "))
  }

  private var noticeList: [Markup] {
    notices.isEmpty ? [] : [.element("ul", ["class": "notices"], notices.map { .element("li", [:], $0) })]
  }

  private static let pageStyle = Markup.Style(
    """
    body { margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--page); color: var(--ink);
      font: 16px/1.5 system-ui, sans-serif; }
    h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.3rem; margin-top: 2.5rem; }
    h3 { font-size: 1rem; margin: 1.75rem 0 .4rem; }
    .runs, .methods, .notes, figcaption { color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
    .methods { margin-top: 3rem; max-width: 60rem; }
    .notices { background: var(--panel); border-left: 4px solid var(--c1); padding: .6rem 1rem .6rem 2rem; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
    th, td { padding: .3rem .7rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
    th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
    th.word, td.word { text-align: left; white-space: normal; min-width: 6rem; overflow-wrap: anywhere; }
    td.word:first-child { min-width: 9rem; max-width: 18rem; }
    th:first-child, td:first-child { position: sticky; left: 0; background: var(--page); padding-left: .3rem; }
    tr.baseline td { background: var(--panel); }
    .plots { display: grid; margin-top: 1.5rem; gap: 1.5rem 2rem; grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr)); }
    figure { margin: 0; break-inside: avoid; }
    figcaption { margin-bottom: .3rem; color: var(--ink); font-weight: 600; }
    @media (max-width: 40rem) { td.word:first-child { min-width: 7rem; max-width: 9.5rem; } th, td { padding: .3rem .5rem; } }
    @media print { :root { --ink: #000; --soft: #444; --rule: #bbb; --page: #fff; --panel: #f2f2f2; --c0: #0062b1;
      --c1: #b84a00; --c2: #00754f; --c3: #8b3f9c; --c4: #7d6200; --c5: #c2185b; --c6: #00717f; --c7: #5b6168; }
      body { max-width: none; font-size: 11px; } table { font-size: 9px; } .scroll { overflow: visible; }
      th, td { padding: .2rem .4rem; white-space: normal; } tr { break-inside: avoid; } h3 { break-after: avoid; } }
    """)
}
