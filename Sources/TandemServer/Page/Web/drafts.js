import { counted, digits, el, shown } from "./text.js";

// Drafts that are written at once, side by side, with the scores among which one was chosen.

/** The drafts of a run. A card is a draft's index, in the order in which they were drawn. */
export class Drafts {
  constructor(section) {
    this.section = section;
    this.list = section.querySelector("ol");
    this.heading = section.querySelector("h4");
    this.clear();
  }

  clear() {
    this.cards = [];
    this.selection = null;
    this.list.replaceChildren();
    this.section.hidden = true;
  }

  card(index) {
    while (this.cards.length <= index) {
      const number = this.cards.length + 1;
      const score = el("p", { className: "score" }, `draft ${number}`);
      const text = el("div", { className: "text", tabIndex: 0, role: "region", ariaLabel: `Draft ${number}` });
      const node = el("li", {}, score, text);
      this.list.append(node);
      this.cards.push({ node, score, text, segments: new Set() });
    }
    this.section.hidden = false;
    return this.cards[index];
  }

  /** Text of a draft as it is being written. */
  write(delta) {
    if (this.selection) this.clear(); // a later choice: its drafts replace those of the earlier one
    if (!this.cards.length) this.heading.textContent = "Drafts, written at once";
    const { text } = this.card(delta.path);
    const last = text.lastElementChild;
    const key = `by ${delta.author} in-${delta.segment}`;
    if (last?.className === key) last.append(shown(delta.text));
    else text.append(el("span", { className: key }, shown(delta.text)));
    text.scrollTop = text.scrollHeight;
  }

  /** The choice: every draft gets its score. */
  choose(selection) {
    if (this.selection) this.clear();
    this.selection = selection;
    const { scores, chosen, method } = selection;
    const choice = chosen == null ? "none was chosen" : `draft ${chosen + 1} was chosen`;
    const none = selection.rejection == null ? "" : `; all wrong: ${digits(selection.rejection)}`;
    this.heading.textContent = shown(`${scores.length} drafts, by ${method}: ${choice}${none}`);
    const [least, most] = [Math.min(...scores), Math.max(...scores)];
    scores.forEach((value, index) => {
      const { node, score } = this.card(index);
      const meter = el("meter", { min: Math.min(0, least), max: Math.max(most, 0), value });
      meter.setAttribute("aria-label", "score");
      const draft = selection.drafts?.[index];
      const facts = [digits(value), draft && counted(draft.tokens, "token"), draft && !draft.isComplete && "cut"];
      const name = `draft ${index + 1}${index === chosen ? ", chosen" : ""} `;
      score.replaceChildren(name, meter, ` ${facts.filter(Boolean).join(", ")}`);
      node.classList.toggle("chosen", index === chosen);
    });
    // What was streamed is replaced by the whole drafts, which follow as thoughts.
    this.others = scores.map((_, index) => index).filter((index) => index !== chosen);
    this.current = null;
    this.isAccepting = false;
  }

  /**
   * A thought that follows the choice: those of the other drafts, in the order in which they were drawn, then those of
   * the chosen one. Returns whether it belongs to a draft.
   */
  settle(thought, kept) {
    if (!this.selection) return false;
    if (kept) {
      this.isAccepting = true;
      if (this.selection.chosen != null) this.fill(this.selection.chosen, thought);
      return true;
    }
    if (this.isAccepting) {
      if (this.selection.chosen == null || thought.segment !== "answer") return false;
      this.fill(this.selection.chosen, thought);
      return true;
    }
    const before = this.current == null ? null : this.cards[this.current].segments;
    const belongs = thought.segment === "answer" && before?.has("thinking") && !before.has("answer");
    if (!belongs) this.current = this.others.shift() ?? null;
    if (this.current == null) return false;
    this.fill(this.current, thought);
    return true;
  }

  fill(index, thought) {
    const { text, segments } = this.card(index);
    if (!segments.size) text.replaceChildren();
    segments.add(thought.segment);
    text.append(el("span", { className: `by ${thought.author} in-${thought.segment}` }, shown(thought.text)));
  }

  /** A draft that was rejected without a choice: its card goes, and the thinking shows it folded. */
  drop() {
    if (this.selection || !this.cards.length) return;
    this.cards.shift().node.remove();
    if (!this.cards.length) this.clear();
  }
}
