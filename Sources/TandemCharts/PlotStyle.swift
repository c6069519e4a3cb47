/// How plots look, as a style sheet: eight colours that can be told apart with any kind of colour vision (after Okabe
/// and Ito 2008), darkened or lightened to 4.5 : 1 against the page, since labels are in them too.
package enum PlotStyle {
  /// The class of the `index`-th series.
  package static func series(_ index: Int) -> String { "s\(index % 8)" }

  package static let sheet = Markup.Style(
    """
    :root { --ink: #1b1f24; --soft: #59626d; --rule: #d5dae0; --page: #ffffff; --panel: #f5f7f9;
      --c0: #0062b1; --c1: #b84a00; --c2: #00754f; --c3: #8b3f9c; --c4: #7d6200; --c5: #c2185b; --c6: #00717f; --c7: #5b6168; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e6eaef; --soft: #a3adb8; --rule: #3a424c; --page: #14181d;
      --panel: #1c2229; --c0: #6cb4ff; --c1: #ff9d5c; --c2: #4ccf9f; --c3: #d9a3e6; --c4: #e0c050; --c5: #ff86ab;
      --c6: #5dd0df; --c7: #b5bcc4; } }
    .s0 { --c: var(--c0); } .s1 { --c: var(--c1); } .s2 { --c: var(--c2); } .s3 { --c: var(--c3); }
    .s4 { --c: var(--c4); } .s5 { --c: var(--c5); } .s6 { --c: var(--c6); } .s7 { --c: var(--c7); }
    svg.plot { display: block; width: 100%; max-width: 560px; height: auto; overflow: visible; font: 12px system-ui, sans-serif; }
    svg.plot text { fill: var(--ink); }
    svg.plot .tick { fill: var(--soft); }
    svg.plot .title { font-weight: 600; }
    svg.plot .label { paint-order: stroke; stroke: var(--page); stroke-width: 3px; stroke-linejoin: round; }
    svg.plot .marks .label { fill: var(--c); }
    svg.plot .grid { stroke: var(--rule); stroke-width: 1; }
    svg.plot .axis { stroke: var(--soft); stroke-width: 1; }
    svg.plot .marker { fill: var(--c); stroke: var(--page); stroke-width: 1; }
    svg.plot .error { stroke: var(--c); stroke-width: 1.5; stroke-opacity: .55; }
    svg.plot .leader { stroke: var(--c); stroke-width: .75; stroke-opacity: .7; }
    svg.plot .curve { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; }
    svg.plot .bar { fill: var(--c); }
    svg.plot .frontier { fill: none; stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 5 4; }
    """)

  /// The page around the plots: text, tables, figures.
  package static let page = Markup.Style(
    """
    body { margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--page); color: var(--ink);
      font: 16px/1.5 system-ui, sans-serif; }
    h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.3rem; margin-top: 2.5rem; }
    h3 { font-size: 1rem; margin: 1.75rem 0 .4rem; }
    .runs, .methods, .notes, figcaption { color: var(--soft); font-size: .875rem; }
    .runs, .methods, .notes, .notices, figcaption, h3 { overflow-wrap: anywhere; }
    .methods { margin-top: 3rem; max-width: 60rem; }
    .notices { background: var(--panel); border-left: 4px solid var(--c1); padding: .6rem 1rem .6rem 2rem; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
    th, td { padding: .3rem .7rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
    th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
    td { vertical-align: top; }
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
