// Keys for those who read much. None acts while something is typed.

const keyActions = { e: "end", o: "over", d: "discarded", "/": "problem", "?": "help" };

/** Calls the actions at their keys; `other` gets the names of those that are not among them. */
export function listenToKeys(actions) {
  const act = (name) => (actions[name] ? actions[name]() : actions.other(name));
  addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return act("think");
    const isTyping = event.target.closest?.("input:not([type=checkbox]), textarea, select");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (keyActions[event.key]) act(keyActions[event.key]);
    else return;
    event.preventDefault();
  });
}

/** Moves to the next hand-over or choice, or the previous one, from the one that has the focus. */
function step(by) {
  const chips = [...document.querySelectorAll(".hand")];
  const now = chips.indexOf(document.activeElement);
  const next = now < 0 ? (by > 0 ? 0 : chips.length - 1) : Math.min(Math.max(now + by, 0), chips.length - 1);
  chips[next]?.focus({ preventScroll: true });
  chips[next]?.scrollIntoView({ block: "center" });
}
