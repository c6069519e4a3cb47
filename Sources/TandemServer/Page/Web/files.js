import { RunView } from "./view.js";
import { counted, digits, el, shown } from "./text.js";

// Files of `tandem solve --trace` and `tandem evaluate`: traces, and records of runs with or without their traces.

/** The events of a trace's text; a last line that was cut off, because its writer was stopped, is left out. */
export function events(text) {
  const lines = text.split("\n").filter((line) => line.trim());
  return lines.flatMap((line, index) => {
    try {
      return [JSON.parse(line)];
    } catch {
      if (index === lines.length - 1 && index > 0) return [];
      throw new Error(`Line ${index + 1} is not JSON.`);
    }
  });
}

/** The view of a trace. */
export function traceView(name, lines, prices) {
  const view = new RunView(name, prices);
  for (const event of lines) view.take(event);
  if (!view.isDone) view.say("This trace has no end: its writer was stopped.");
  view.end();
  return view;
}

/** The view of a record: what became of a run, without its text. */
function recordView(record, prices) {
  const view = new RunView(record.row, prices);
  const { strategy, seed, settings, small, large, finish, isTruncated, usage, seconds, phases, selection } = record;
  view.take({ event: "started", header: { strategy, seed, settings, small, large } });
  if (selection) view.take({ event: "selected", selection });
  const outcome = { finish: finish ?? "error", isTruncated, usage, seconds, phases, answer: record.answer };
  view.take({ event: "finished", outcome });
  view.say(shown(`${record.grade}: ${record.reason} · gold ${record.gold} · ${seconds.toFixed(2)} s`));
  view.lines = [];
  view.end();
  return view;
}

const recordCells = [
  ["problem", (record) => record.problem], ["row", (record) => record.row], ["seed", (record) => record.seed],
  ["grade", (record) => record.grade], ["answer", (record) => record.answer ?? ""], ["gold", (record) => record.gold],
  ["thinking", (record) => record.thinkingTokens], ["seconds", (record) => digits(record.seconds)],
];
const mostRows = 1000;

/** A table of records. `open` gets the views of those that are selected; `traceOf` finds a record's trace, or null. */
export function recordTable(records, traceOf, open, prices) {
  const rows = records.slice(0, mostRows).map((record) => {
    const box = el("input", { type: "checkbox" });
    box.setAttribute("aria-label", shown(`${record.problem}, ${record.row}, seed ${record.seed}`));
    const values = recordCells.map(([, value]) => el("td", {}, shown(value(record))));
    return { record, box, node: el("tr", { className: record.grade }, el("td", {}, box), ...values) };
  });
  const head = el("tr", {}, el("th", {}), ...recordCells.map(([name]) => el("th", { scope: "col" }, name)));
  const button = el("button", { type: "button" }, "Open the selected ones");
  button.onclick = async () => {
    const chosen = rows.filter(({ box }) => box.checked).map(({ record }) => record);
    open(await Promise.all(chosen.map(async (record) => {
      const file = traceOf(record);
      return file ? traceView(record.row, events(await file.text()), prices()) : recordView(record, prices());
    })));
  };
  const note = records.length > mostRows ? ` The first ${mostRows} are shown.` : "";
  const table = el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows.map(({ node }) => node)));
  return el(
    "section", { className: "records" }, el("h2", {}, `${counted(records.length, "record")}.${note}`),
    el("div", { className: "scroll" }, table), button);
}
