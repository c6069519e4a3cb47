import { events, recordTable, traceView } from "./files.js";
import { listenToKeys } from "./keys.js";
import * as server from "./server.js";
import { SettingsForm } from "./settings.js";
import { byId, el, shown } from "./text.js";
import { RunView } from "./view.js";

const form = byId("ask");
const runs = byId("runs");
const field = form.elements;
let models = [];
let conversation = []; // for each side, the messages so far
const live = new Map(); // the views of runs under way, by the button of each side

// Prices

function prices() {
  const price = (name) => (field[name].value === "" ? null : Number(field[name].value));
  const of = (role) => ({ input: price(`${role}.input`), output: price(`${role}.output`) });
  return { small: of("small"), large: of("large") };
}

const priceFields = [...form.querySelectorAll(".prices input")];
for (const input of priceFields) {
  input.value = localStorage.getItem(input.name) ?? "";
  input.onchange = () => {
    localStorage.setItem(input.name, input.value);
    for (const view of views) {
      view.prices = prices();
      view.showUsage();
    }
  };
}

// What is shown

let views = [];

function notice(text) {
  byId("notice").textContent = shown(text);
  byId("notice").hidden = !text;
}

/** A turn of the conversation, or what was opened, with a column for each run. */
function turn(title, shownViews) {
  const section = byId("turn").content.cloneNode(true).firstElementChild;
  section.querySelector(".asked").textContent = shown(title);
  section.querySelector(".columns").append(...shownViews.map((view) => view.root));
  runs.append(section);
  views.push(...shownViews);
  return section;
}

function clear() {
  for (const stop of live.values()) stop.abort();
  views = [];
  conversation = [];
  runs.replaceChildren();
  byId("fresh").hidden = true;
}

/** Shows runs that are over, side by side. */
function show(opened) {
  if (!opened.length) return;
  runs.querySelectorAll(".turn").forEach((section) => section.remove());
  views = [];
  const questions = [...new Set(opened.map((view) => view.header?.problem?.question).filter(Boolean))];
  turn(questions.join(" · ") || "Opened", opened).scrollIntoView({ block: "start" });
}

// Asking

const sides = [...form.querySelectorAll(".side")].map((box, index) => ({
  box, index, pick: box.querySelector("select"), details: box.querySelector("details"),
}));

function chooseStrategy(side) {
  const model = models.find(({ id }) => id === side.pick.value);
  side.details.hidden = !Object.keys(model?.tandem?.schema?.properties ?? {}).length;
  const { schema, settings } = model?.tandem ?? {};
  side.settings = new SettingsForm(side.details.querySelector("div"), schema, settings);
}

function fillPicks() {
  const groups = Map.groupBy(models, ({ tandem }) => tandem?.pair ?? "models");
  for (const side of sides) {
    for (const [pair, group] of groups) {
      side.pick.append(el("optgroup", { label: pair }, ...group.map(({ id }) => new Option(id, id))));
    }
    side.pick.onchange = () => chooseStrategy(side);
  }
  const first = models.find(({ tandem }) => tandem?.strategy === "speculative-thinking") ?? models[0];
  if (first) sides[0].pick.value = first.id;
  sides.forEach(chooseStrategy);
}

function request(side, question) {
  const number = (name) => (field[name].value === "" ? undefined : Number(field[name].value));
  const system = field.system.value.trim();
  const settings = side.settings.changed();
  return {
    model: side.pick.value,
    messages: [
      ...(system ? [{ role: "system", content: system }] : []), ...(conversation[side.index] ?? []),
      { role: "user", content: question },
    ],
    seed: number("seed"), temperature: number("temperature"), thinking_budget_tokens: number("thinking"),
    max_tokens: number("tokens"),
    tandem: { deadline: number("seconds"), ...(Object.keys(settings).length && { settings }) },
  };
}

/** Follows a run to its end. Its answer becomes part of the conversation; its thinking does not. */
async function follow(view, side, question) {
  const stop = new AbortController();
  const body = request(side, question);
  let id;
  live.set(view, stop);
  const act = async (action, button) => {
    button.disabled = true;
    try {
      await server.control(id, action);
    } catch (error) {
      view.say(shown(error.message));
    }
  };
  const [end, over, cancel] = ["end", "over", "cancel"].map((name) => view.part(`.controls .${name}`));
  end.onclick = () => act("end-thinking", end);
  over.onclick = () => act("hand-over", over).then(() => setTimeout(() => (over.disabled = false), 500));
  cancel.onclick = () => stop.abort();
  view.part(".controls").hidden = false;
  view.say("Waiting …");
  try {
    for await (const [name, data] of server.run(body, stop.signal)) {
      if (name === "run") id = data.id;
      else if (data.error) view.fail(data.error.message);
      else view.take(data);
    }
    if (!view.isDone) view.fail("the connection was closed before the run's end");
    if (view.outcome?.answer && conversation[side.index]) {
      conversation[side.index].push(
        { role: "user", content: question }, { role: "assistant", content: view.outcome.answer });
    }
  } catch (error) {
    view.fail(stop.signal.aborted ? "cancelled" : error.message);
  } finally {
    live.delete(view);
    updateForm();
  }
}

function updateForm() {
  byId("go").disabled = live.size > 0;
  byId("fresh").hidden = live.size > 0 || !conversation.some((messages) => messages?.length);
  byId("go").textContent = byId("fresh").hidden ? "Think" : "Ask further";
}

form.onsubmit = (event) => {
  event.preventDefault();
  if (live.size) return;
  notice("");
  const question = field.question.value.trim();
  const chosen = sides.filter(({ pick }) => pick.value);
  if (!question || !chosen.length) return;
  const isFurther = chosen.some(({ index }) => conversation[index]?.length);
  if (!isFurther) clear();
  for (const { index } of chosen) conversation[index] ??= [];
  const fresh = chosen.map((side) => new RunView(side.pick.value, prices()));
  const section = turn(question, fresh);
  fresh.forEach((view, index) => follow(view, chosen[index], question));
  updateForm();
  if (isFurther) field.question.value = "";
  section.scrollIntoView({ block: "nearest" });
};

byId("fresh").onclick = () => {
  clear();
  updateForm();
  field.question.focus();
};

// Files

async function openFiles(files) {
  notice("");
  const all = [...files];
  const paths = new Map(all.map((file) => [file.webkitRelativePath || file.name, file]));
  const opened = [];
  const records = [];
  for (const file of all) {
    if (!file.name.endsWith(".jsonl") || all.length > 20 && file.name !== "records.jsonl") continue;
    try {
      const lines = events(await file.text());
      if (lines[0]?.event) opened.push(traceView(file.name, lines, prices()));
      else if (lines[0]?.grade) records.push(...lines.map((record) => ({ record, folder: folderOf(file) })));
      else if (all.length === 1) throw new Error("It is neither a trace nor a list of records.");
    } catch (error) {
      notice(`${file.name}: ${error.message}`);
    }
  }
  if (records.length) {
    clear();
    const traceOf = (record) => {
      const { folder } = records.find((one) => one.record === record);
      return record.trace ? (paths.get(folder + record.trace) ?? paths.get(record.trace.split("/").pop())) : null;
    };
    runs.append(recordTable(records.map(({ record }) => record), traceOf, show, prices));
  } else show(opened);
  if (!opened.length && !records.length && byId("notice").hidden) {
    notice("There is no trace and no records.jsonl among these files.");
  }
}

const folderOf = (file) => (file.webkitRelativePath || "").replace(/[^/]*$/, "");

for (const id of ["files", "folder"]) {
  byId(id).onchange = async (event) => {
    await openFiles(event.target.files);
    event.target.value = ""; // so that the same file can be opened again
  };
}
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length) openFiles(event.dataTransfer.files);
});

// Stored runs

async function openStored(ids) {
  try {
    show(await Promise.all(ids.map(async (id) => traceView(id, events(await server.trace(id)), prices()))));
  } catch (error) {
    notice(error.message);
  }
}

async function listStored() {
  const stored = await server.traces().catch(() => []); // a server that keeps none has no such list
  const rows = stored.map((run) => {
    const time = run.created && new Date(run.created * 1000).toLocaleString();
    const facts = [time, run.model, run.question, run.finish].filter(Boolean).join(" · ");
    const box = el("input", { type: "checkbox", value: run.id });
    return el("li", {}, el("label", {}, box, " ", shown(facts || run.id)));
  });
  byId("stored").hidden = !rows.length;
  byId("stored").querySelector("ul").replaceChildren(...rows);
}

byId("stored").ontoggle = () => byId("stored").open && listStored();
byId("stored").querySelector("form").onsubmit = (event) => {
  event.preventDefault();
  openStored([...byId("stored").querySelectorAll("input:checked")].map((box) => box.value));
};

// The page

const showDiscarded = () => document.body.classList.toggle("hide-discarded", !byId("show-discarded").checked);
byId("show-discarded").onchange = showDiscarded;
byId("show-help").onclick = () => byId("help").showModal();
listenToKeys({
  end: () => runs.querySelectorAll(".controls:not([hidden]) .end:enabled").forEach((button) => button.click()),
  over: () => runs.querySelectorAll(".controls:not([hidden]) .over:enabled").forEach((button) => button.click()),
  discarded: () => byId("show-discarded").click(),
  problem: () => field.question.focus(),
  help: () => byId("help").showModal(),
  think: () => form.requestSubmit(),
});

async function begin() {
  try {
    models = await server.models();
  } catch (error) {
    if (error.status === 401) {
      byId("key").hidden = false;
      byId("key").elements.key.focus();
    } else notice(`The server does not answer (${error.message}). Traces can be opened all the same.`);
    return;
  }
  byId("key").hidden = true;
  fillPicks();
  form.hidden = false;
  await listStored();
  const asked = new URLSearchParams(location.hash.slice(1)).getAll("trace");
  if (asked.length) openStored(asked);
}

byId("key").onsubmit = (event) => {
  event.preventDefault();
  server.useKey(byId("key").elements.key.value);
  begin();
};
begin();
