import { events, recordTable, traceView } from "./files.js";
import { listenToKeys } from "./keys.js";
import { byId, shown } from "./text.js";

// The part of the page that needs no server: it shows runs that are over. The files that `tandem trace show --html`
// writes have it too.

const runs = byId("runs");

/** What the page does beyond this: how to ask, what the prices are. The server's page sets it. */
export const page = { prices: () => ({}), clear() {}, actions: {} };

/** The views that are on the page. */
export const views = [];

export function notice(text) {
  byId("notice").textContent = shown(text);
  byId("notice").hidden = !text;
}

/** Removes all that is shown. */
export function clear() {
  page.clear();
  views.length = 0;
  runs.replaceChildren();
}

/** A turn of the conversation, or what was opened, with a column for each run. */
export function addTurn(title, turnViews) {
  const section = byId("turn").content.cloneNode(true).firstElementChild;
  section.querySelector(".asked").textContent = shown(title);
  section.querySelector(".columns").append(...turnViews.map((view) => view.root));
  runs.append(section);
  views.push(...turnViews);
  return section;
}

/** Shows runs that are over side by side, below a table of records if there is one. */
export function show(opened) {
  if (!opened.length) return;
  const table = runs.querySelector(".records");
  clear();
  if (table) runs.append(table);
  const questions = [...new Set(opened.map((view) => view.header?.problem?.question).filter(Boolean))];
  addTurn(questions.join(" · ") || "Opened", opened).scrollIntoView({ block: "nearest" });
}

const folderOf = (file) => file.webkitRelativePath.replace(/[^/]*$/, "");

/** The files to open at once: of a folder of an evaluation, the records; the traces when they are asked for. */
function readable(files) {
  const lines = files.filter((file) => file.name.endsWith(".jsonl"));
  const records = lines.filter((file) => file.name === "records.jsonl");
  return records.length ? records : lines;
}

async function openFiles(files) {
  notice("");
  const paths = new Map(files.flatMap((file) => [[file.webkitRelativePath, file], [file.name, file]]));
  const opened = [];
  const records = [];
  for (const file of readable(files)) {
    try {
      const lines = events(await file.text());
      if (lines[0]?.event) opened.push(traceView(file.name, lines, page.prices()));
      else if (lines[0]?.grade) records.push(...lines.map((record) => ({ ...record, folder: folderOf(file) })));
      else throw new Error("It is neither a trace nor a list of records.");
    } catch (error) {
      notice(`${file.name}: ${error.message}`);
    }
  }
  if (records.length) {
    clear();
    const traceOf = ({ folder, trace }) => trace && (paths.get(folder + trace) ?? paths.get(trace.split("/").pop()));
    runs.append(recordTable(records, traceOf, show, page.prices));
  } else if (opened.length) {
    runs.querySelector(".records")?.remove();
    show(opened);
  } else if (byId("notice").hidden) notice("There is no trace and no records.jsonl among these files.");
}

for (const id of ["files", "folder"]) {
  byId(id).onchange = async (event) => {
    await openFiles([...event.target.files]);
    event.target.value = ""; // so that the same file can be opened again
  };
}
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length) openFiles([...event.dataTransfer.files]);
});

byId("show-discarded").onchange = (event) => document.body.classList.toggle("hide-discarded", !event.target.checked);
byId("show-help").onclick = () => byId("help").showModal();
listenToKeys({
  discarded: () => byId("show-discarded").click(),
  help: () => byId("help").showModal(),
  other: (name) => page.actions[name]?.(),
});

// The trace of a file that `tandem trace show --html` wrote.
const embedded = byId("trace");
if (embedded) {
  const view = traceView("Trace", events(embedded.textContent), {});
  show([view]);
  document.title = shown(`${view.header.strategy}: ${view.header.problem.question}`);
}
