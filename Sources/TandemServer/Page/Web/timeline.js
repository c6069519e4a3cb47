import { counted, shown } from "./text.js";

// Who wrote when. The rule is the same for a live run and for a stored trace, whose text has no times of its own:
// a thought lasts from the end of what was before it to the event that settles it, or that takes the turn away.

/** Collects the stretches of a run and draws them. */
export class Timeline {
  constructor(root) {
    this.svg = root.querySelector("svg");
    this.end = root.querySelector(".end-time");
    this.stretches = [];
    this.clock = 0; // the end of the last stretch
    this.handedAt = null; // when the turn was taken away from what is not settled yet
    this.isTimed = false;
  }

  /** Notes the time of an event; nil in traces of earlier versions. */
  at(time) {
    if (time == null) return;
    this.now = time;
    this.isTimed = time > 0;
  }

  handOver() {
    this.handedAt = this.now ?? null;
    this.before = this.open; // whose turn it was
  }

  /** A settled thought, and the element that shows it. */
  add(thought, kept, reason, node) {
    const to = !kept && this.handedAt != null ? this.handedAt : (this.now ?? 0);
    this.stretches.push({
      author: thought.author, tokens: thought.tokens, from: Math.min(this.clock, to), to, kept, reason, node,
    });
    this.clock = Math.max(this.clock, to);
    this.handedAt = null;
    this.draw();
  }

  /** Several drafts at once, up to now. */
  addDrafts(count, author) {
    this.add({ author, tokens: 0 }, true, `${count} drafts at once`, null);
  }

  /** What is being written, with no end yet; null for nothing. */
  writing(author) {
    this.open = author;
    this.draw();
  }

  draw() {
    if (this.isDrawing) return;
    this.isDrawing = true;
    requestAnimationFrame(() => {
      this.isDrawing = false;
      this.redraw();
    });
  }

  redraw() {
    const stretches = [...this.stretches];
    if (this.open && this.isTimed) {
      const from = this.handedAt ?? this.clock;
      if (from > this.clock) stretches.push({ author: this.before, from: this.clock, to: from, kept: true });
      stretches.push({ author: this.open, from, to: this.now, kept: true });
    }
    let position = 0;
    const bars = stretches.map((stretch) => {
      const begin = this.isTimed ? stretch.from : position;
      const length = this.isTimed ? stretch.to - stretch.from : stretch.tokens;
      position += length;
      return { ...stretch, begin, length };
    });
    const whole = Math.max(1e-9, this.isTimed ? this.now : position);
    this.svg.setAttribute("aria-label", this.description(whole));
    this.end.textContent = this.isTimed ? `${whole.toFixed(2)} s` : counted(position, "token");
    const visible = bars.filter((bar) => bar.length > 0 || bar.author === "inserted");
    this.svg.replaceChildren(...visible.map((bar) => this.bar(bar, whole)));
  }

  bar(bar, whole) {
    const lane = bar.author === "large" ? 23 : 3;
    const rect = this.make("rect", {
      x: (bar.begin / whole) * 1000, width: Math.max(1, (bar.length / whole) * 1000 - 0.8),
      y: bar.kept ? lane : lane + 5, height: bar.kept ? 18 : 8, class: `${bar.author}${bar.kept ? "" : " discarded"}`,
    });
    const time = this.isTimed ? `, ${(bar.length * 1000).toFixed(0)} ms` : "";
    const tokens = bar.tokens ? `, ${counted(bar.tokens, "token")}` : "";
    const title = this.make("title", {});
    const reason = bar.reason ? `: ${bar.reason}` : "";
    title.textContent = shown(`${bar.author}${tokens}${time}${bar.kept ? "" : ", not kept"}${reason}`);
    rect.append(title);
    if (bar.node) rect.addEventListener("click", () => bar.node.scrollIntoView({ block: "center" }));
    return rect;
  }

  description(whole) {
    const share = (author) => {
      const own = this.stretches.filter((stretch) => stretch.author === author);
      const part = own.reduce((sum, one) => sum + (this.isTimed ? one.to - one.from : one.tokens), 0);
      return `${author} ${Math.round((100 * part) / whole)} %`;
    };
    return `Timeline by ${this.isTimed ? "seconds" : "tokens"}: ${share("small")}, ${share("large")}`;
  }

  make(tag, attributes) {
    const element = document.createElementNS(this.svg.namespaceURI, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }
}
