// Everything that a model or a file wrote goes into the page as text. Nothing is ever parsed as HTML.

/** An element with properties and children. Children that are strings become text. */
export function el(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** The two models of a pair. */
export const roles = ["small", "large"];

export const byId = (id) => document.getElementById(id);

// Controls, what turns the direction of text round, and what can't be seen: zero-width characters and tags.
const unseen =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/** The text with a sign in place of each character that would be obeyed or not be seen, as on the terminal. */
export function shown(text) {
  return String(text).replaceAll("\r\n", "\n").replace(unseen, (character) => {
    const code = character.codePointAt(0);
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return "\u2421";
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

/** A number with few digits, for people. */
export function digits(value, most = 3) {
  if (!Number.isFinite(value)) return "–";
  return value.toLocaleString("en", { maximumSignificantDigits: most, useGrouping: false });
}

/** A reader of the screen is told who writes where the author changes; a selection leaves it out. */
export const spokenAuthor = (author) => el("span", { className: "spoken" }, `${author}: `);

/** A number of things, in the singular for one. */
export const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
