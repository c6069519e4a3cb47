import { events, traceView } from "./files.js";
import * as server from "./server.js";
import { SettingsForm } from "./settings.js";
import { byId, el, shown } from "./text.js";
import { RunView } from "./view.js";
import { addTurn, clear, notice, page, show, views } from "./viewer.js";

// The part of the page that asks the server.

const form = byId("ask");
const field = form.elements;
let models = [];
let conversation = []; // for each side, the messages so far
const live = new Map(); // for each view of a run under way, what stops it

// Prices, which the browser keeps

page.prices = () => {
  const price = (name) => (field[name].value === "" ? null : Number(field[name].value));
  const of = (role) => ({ input: price(`${role}.input`), output: price(`${role}.output`) });
  return { small: of("small"), large: of("large") };
};

for (const input of form.querySelectorAll(".prices input")) {
  input.value = localStorage.getItem(input.name) ?? "";
  input.onchange = () => {
    localStorage.setItem(input.name, input.value);
    for (const view of views) {
      view.prices = page.prices();
      view.showUsage();
    }
  };
}

// Which strategies

const sides = [...form.querySelectorAll(".side")].map((box, index) => ({
  index, pick: box.querySelector("select"), details: box.querySelector("details"),
}));

function chooseStrategy(side) {
  const { schema, settings, summary } = models.find(({ id }) => id === side.pick.value)?.tandem ?? {};
  side.details.hidden = !Object.keys(schema?.properties ?? {}).length;
  side.pick.title = summary ?? "";
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

// Asking

function request(side, question) {
  const number = (name) => (field[name].value === "" ? undefined : Number(field[name].value));
  const system = field.system.value.trim();
  const settings = side.settings.changed();
  return {
    model: side.pick.value,
    messages: [
      ...(system ? [{ role: "system", content: system }] : []), ...conversation[side.index],
      { role: "user", content: question },
    ],
    seed: number("seed"), temperature: number("temperature"), thinking_budget_tokens: number("thinking"),
    max_tokens: number("tokens"),
    tandem: { deadline: number("seconds"), ...(Object.keys(settings).length && { settings }) },
  };
}

/** Gives the buttons of a run under way their meaning. */
function connect(view, stop) {
  const button = (name) => view.part(`.controls .${name}`);
  const act = async (name, action) => {
    button(name).disabled = true;
    try {
      await server.control(view.id, action);
    } catch (error) {
      view.say(shown(error.message));
    }
  };
  button("end").onclick = () => act("end", "end-thinking");
  button("over").onclick = () => act("over", "hand-over");
  button("cancel").onclick = () => stop.abort();
  view.part(".controls").hidden = false;
}

/** Follows a run to its end. Its answer becomes part of the conversation; its thinking does not. */
async function follow(view, side, question) {
  const stop = new AbortController();
  const messages = conversation[side.index];
  live.set(view, stop);
  view.say("Waiting …");
  try {
    for await (const [name, data] of server.run(request(side, question), stop.signal)) {
      if (name === "run") {
        view.id = data.id;
        connect(view, stop);
      } else if (data.error) view.fail(data.error.message);
      else view.take(data);
    }
    if (!view.isDone) view.fail("The connection was closed before the run's end.");
    const { answer } = view.outcome ?? {};
    if (answer) messages.push({ role: "user", content: question }, { role: "assistant", content: answer });
  } catch (error) {
    if (stop.signal.aborted) view.stop();
    else view.fail(error.message);
  } finally {
    live.delete(view);
    updateForm();
  }
}

const isBegun = () => conversation.some((messages) => messages?.length);

function updateForm() {
  field.go.disabled = live.size > 0;
  field.fresh.hidden = live.size > 0 || !isBegun();
  field.go.textContent = isBegun() ? "Ask further" : "Think";
}

form.onsubmit = (event) => {
  event.preventDefault();
  if (live.size) return;
  notice("");
  const question = field.question.value.trim();
  const chosen = sides.filter(({ pick }) => pick.value);
  if (!question || !chosen.length) return;
  const isFurther = isBegun();
  if (!isFurther) clear();
  for (const { index } of chosen) conversation[index] ??= [];
  const fresh = chosen.map((side) => new RunView(side.pick.value, page.prices()));
  const section = addTurn(question, fresh);
  fresh.forEach((view, index) => follow(view, chosen[index], question));
  updateForm();
  if (isFurther) field.question.value = "";
  section.scrollIntoView({ block: "nearest" });
};

page.clear = () => {
  for (const stop of live.values()) stop.abort();
  conversation = [];
  updateForm();
};

field.fresh.onclick = () => {
  clear();
  field.question.focus();
};

const press = (name) => () =>
  document.querySelectorAll(`.controls:not([hidden]) .${name}:enabled`).forEach((button) => button.click());
page.actions = {
  end: press("end"), over: press("over"), problem: () => field.question.focus(), think: () => form.requestSubmit(),
};

// Stored runs

async function openStored(ids) {
  try {
    show(await Promise.all(ids.map(async (id) => traceView(id, events(await server.trace(id)), page.prices()))));
  } catch (error) {
    notice(error.message);
  }
}

async function listStored() {
  const stored = await server.traces().catch(() => []); // a server that keeps none has no such list
  const rows = stored.map((run) => {
    const time = run.created && new Date(run.created * 1000).toLocaleString();
    const facts = [time, run.strategy, run.question].filter(Boolean).join(" · ");
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

// The beginning

async function begin() {
  try {
    models = await server.models();
  } catch (error) {
    if (error.status !== 401) {
      return notice(`The server does not answer (${error.message}). Traces can be opened all the same.`);
    }
    byId("key").hidden = false;
    byId("key").elements.key.focus();
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
