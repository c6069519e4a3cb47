import { Drafts } from "./drafts.js";
import { Timeline } from "./timeline.js";
import { byId, counted, digits, el, roles, shown, spokenAuthor } from "./text.js";
import { costOf, tokensOf, usageTable } from "./usage.js";

const endings = {
  stop: "Done", length: "The answer was cut at its limit", budget: "The thinking was cut at its budget",
  deadline: "The time was up", cancelled: "Cancelled", "tool-calls": "The model asks for a tool", error: "Failed",
};

/**
 * One run on the page: a fold over its events, which come live or from a file.
 *
 * Text that is being written stands at the end, piece by piece, until an event settles it: accepted, it becomes part of
 * the chain; rejected, it is folded in its place.
 */
export class RunView {
  constructor(title, prices = {}) {
    this.root = byId("run").content.cloneNode(true).firstElementChild;
    this.prices = prices;
    this.part = (name) => this.root.querySelector(name);
    this.boxes = { thinking: this.part(".thinking"), answer: this.part(".answer") };
    this.timeline = new Timeline(this.part(".time"));
    this.drafts = new Drafts(this.part(".drafts"));
    this.pieces = []; // written and not settled: {author, segment, text, node}
    this.spoken = { thinking: null, answer: null };
    this.lines = [];
    this.tokens = tokensOf(null);
    this.answer = "";
    this.part("h3").textContent = shown(title);
  }

  /** What the line of state says. It alone is read out when it changes. */
  say(text) {
    if (this.part(".state").textContent !== text) this.part(".state").textContent = text;
  }

  take(event) {
    this.timeline.at(event.at);
    if (event.event !== "text") this.lines.push(JSON.stringify(event));
    const handler = this[`on-${event.event}`];
    if (!handler) return;
    const box = this.boxes.thinking;
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    handler.call(this, event);
    if (isAtEnd && !this.isScrolling) {
      this.isScrolling = true;
      requestAnimationFrame(() => {
        this.isScrolling = false;
        box.scrollTop = box.scrollHeight;
      });
    }
  }

  ["on-started"]({ header }) {
    this.header = header;
    const settings = Object.entries(header.settings ?? {}).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    this.part("h3").textContent = shown(`${header.strategy} · seed ${header.seed}`);
    this.part("h3").title = shown(settings.join("\n"));
    this.names = { small: header.small, large: header.large };
    this.part(".end").disabled = false;
    this.part(".over").disabled = header.large == null || header.small == null;
    this.say("Thinking …");
    this.showUsage();
  }

  ["on-text"](delta) {
    if (delta.segment === "answer" && !delta.tentative) this.say("Answering …");
    if (delta.path != null) {
      this.drafts.write(delta);
      this.timeline.writing(delta.author);
      return;
    }
    let piece = this.pieces.at(-1);
    if (piece?.author !== delta.author || piece.segment !== delta.segment || piece.tentative !== delta.tentative) {
      const node = el("span", { className: `by ${delta.author} ${delta.tentative ? "tentative" : ""}` });
      piece = { author: delta.author, segment: delta.segment, tentative: delta.tentative, text: "", node };
      this.pieces.push(piece);
      this.boxOf(delta.segment, delta.tentative).append(node);
    }
    piece.node.append(this.visible(delta.segment, delta.text, piece.text));
    piece.text += delta.text;
    this.timeline.writing(delta.author);
  }

  ["on-accepted"]({ thought }) {
    const { author, segment, text } = thought;
    const node = el("span", { className: `by ${author}`, title: `${author}, ${counted(thought.tokens, "token")}` });
    if (this.spoken[segment] !== author && text.trim()) {
      node.append(spokenAuthor(author));
      this.spoken[segment] = author;
    }
    this.hand = null;
    node.append(this.visible(segment, text));
    if (segment === "answer") this.answer += text;
    this.place(thought, node, true);
    this.drafts.settle(thought, true);
    this.count(thought, segment);
    this.timeline.add(thought, true, "", node);
  }

  ["on-rejected"]({ thought, reason }) {
    const isDraft = this.drafts.settle(thought, false);
    const node = isDraft ? null : this.fold(thought, reason);
    if (!isDraft) this.drafts.drop();
    this.count(thought, "discarded");
    this.timeline.add(thought, false, reason, node);
  }

  /** Shows a thought that was not kept, folded; several in a row for the same reason together. */
  fold(thought, reason) {
    const text = el("del", { className: `by ${thought.author}` }, shown(thought.text));
    let node = el("details", { className: "not-kept" }, el("summary"), text);
    this.place(thought, node, false);
    // What made a model take over comes after the hand-over, and is shown before it.
    if (this.hand && this.hand.to !== thought.author) this.hand.node.before(node);
    const before = node.previousSibling;
    node.fold = { key: `${thought.author}, not kept: ${reason}`, count: 0, tokens: 0 };
    if (before?.fold?.key === node.fold.key) {
      node.remove();
      node = before;
      node.append(text);
    }
    const { fold } = node;
    fold.count += 1;
    fold.tokens += thought.tokens;
    const times = fold.count > 1 ? `${fold.count} × ` : "";
    node.firstChild.textContent = shown(`${times}${fold.key}, ${counted(fold.tokens, "token")}`);
    return node;
  }

  ["on-handed-over"]({ to, reason }) {
    this.timeline.handOver();
    const node = this.chip(shown(`→ ${to}: ${reason}`), `The ${to} model continues: ${shown(reason)}`, to);
    this.hand = { to, node };
  }

  ["on-selected"]({ selection }) {
    const { scores, chosen, method } = selection;
    if (scores.length > 1) {
      this.timeline.addDrafts(scores.length, "small");
      this.drafts.choose(selection);
      const score = chosen == null ? "" : `, score ${digits(scores[chosen])}`;
      const draft = chosen == null ? "none" : `draft ${chosen + 1}`;
      const choice = `${draft} of ${scores.length}${score}`;
      this.chip(shown(`${method}: ${choice}`), `A choice by ${shown(method)}`, "choice");
    } else {
      const score = scores.length ? digits(scores[0]) : "no choice";
      this.chip(shown(`${method}: ${score}`), `A judgement by ${shown(method)}`, "choice");
    }
  }

  ["on-finished"]({ outcome }) {
    this.outcome = outcome;
    this.end();
    if (!this.boxes.answer.textContent && outcome.answer) {
      this.answer = outcome.answer;
      this.boxes.answer.append(shown(outcome.answer));
    }
    const ending = endings[outcome.finish] ?? outcome.finish;
    const cut = outcome.isTruncated && outcome.finish !== "budget" ? ", thinking cut" : "";
    const phases = Object.entries(outcome.phases ?? {}).map(([name, seconds]) => `, ${name} ${seconds.toFixed(2)} s`);
    this.say(shown(`${ending}${cut} · ${outcome.seconds.toFixed(2)} s${phases.join("")}`));
    this.tokens = tokensOf(outcome.usage);
    this.showUsage();
    this.isDone = true;
  }

  ["on-failed"]({ message }) {
    this.fail(message);
  }

  /** The run is over without an outcome, or with one that a failure follows. */
  fail(message) {
    this.end();
    this.isDone = true;
    this.root.classList.add("failed");
    this.say(shown(`Failed: ${message}`));
  }

  /** The reader stopped the run and hung up, so that no outcome comes. */
  stop() {
    this.end();
    this.isDone = true;
    this.say("Cancelled");
  }

  /** Nothing more will be written. */
  end() {
    this.pieces = [];
    this.timeline.writing(null);
    this.part(".controls").hidden = true;
    this.part(".keep").hidden = !this.lines.length;
    const link = this.part(".keep a");
    link.onclick = () => {
      const file = new Blob(this.lines.map((line) => `${line}\n`), { type: "application/jsonl" });
      link.href = URL.createObjectURL(file);
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    };
    link.href = "#";
  }

  /** Where text is shown. A trial of an answer belongs to the thinking in which it was made. */
  boxOf(segment, isTentative) {
    return isTentative && !this.answer ? this.boxes.thinking : this.boxes[segment];
  }

  /** Puts a settled thought in the place of what was streamed of it, or else before all that is not settled. */
  place(thought, node, isKept) {
    const box = this.boxOf(thought.segment, !isKept);
    const same = (piece) => piece.author === thought.author && piece.segment === thought.segment;
    const own = this.pieces.filter(same);
    let rest = thought.text;
    if (!own.length || !(own[0].text.startsWith(rest) || rest.startsWith(own[0].text))) {
      box.insertBefore(node, this.pieces.find((piece) => piece.node.parentNode === box)?.node ?? null);
      return;
    }
    box.insertBefore(node, own[0].node.parentNode === box ? own[0].node : null);
    while (own.length && (rest || !own[0].text)) {
      const piece = own[0];
      const length = Math.min(piece.text.length, rest.length);
      rest = rest.slice(length);
      piece.text = piece.text.slice(length);
      if (piece.text) piece.node.replaceChildren(shown(piece.text));
      else {
        piece.node.remove();
        this.pieces.splice(this.pieces.indexOf(piece), 1);
        own.shift();
      }
    }
  }

  /** The text as it is shown: without blank lines at the very beginning of the answer. */
  visible(segment, text, before = "") {
    const isBegun = segment !== "answer" || (this.answer + before).trim();
    return shown(isBegun ? text : text.replace(/^\n+/, ""));
  }

  chip(text, title, kind) {
    const node = el("span", { className: `hand ${kind}`, title, tabIndex: -1 }, text);
    this.boxes.thinking.append(node, " ");
    return node;
  }

  count({ author, tokens, segment }, kind) {
    if (!roles.includes(author)) return;
    this.tokens[author][kind === "discarded" ? "discarded" : segment] += tokens;
    this.showUsage();
  }

  showUsage() {
    if (this.isShowing) return;
    this.isShowing = true;
    requestAnimationFrame(() => {
      this.isShowing = false;
      usageTable(this.part("table"), this.tokens, this.names ?? {}, this.prices);
      const { small, large } = this.tokens;
      const thinking = small.thinking + large.thinking;
      const share = thinking && small.thinking && large.thinking
        ? `The large model wrote ${Math.round((100 * large.thinking) / thinking)} % of the thinking.` : "";
      const cost = costOf(this.tokens, this.prices);
      this.part(".share").textContent = [share, cost == null ? "" : `Cost: ${digits(cost)}`].filter(Boolean).join(" ");
    });
  }
}
