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
}
