import { digits, el, roles, shown } from "./text.js";

// What each model did and cost. A price is for a million tokens: `input` for those read, `output` for those written.

const noTokens = () => ({ thinking: 0, answer: 0, discarded: 0, read: null, cached: 0, seconds: null });

/** Tokens and seconds by model, of an outcome's usage; zero for none. */
export function tokensOf(usage) {
  return Object.fromEntries(roles.map((role) => {
    const own = usage?.[role];
    if (!own) return [role, noTokens()];
    const read = own.prompt + own.handedOver + own.inserted + own.reevaluated + (own.scored ?? 0);
    const { thinking, answer, discarded, seconds } = own;
    return [role, { thinking, answer, discarded, read, cached: own.cached ?? 0, seconds }];
  }));
}

const written = (own) => own.thinking + own.answer + own.discarded;

function costOfRole(own, price) {
  if (!price || (price.input == null && price.output == null)) return null;
  return ((own.read ?? 0) * (price.input ?? 0) + written(own) * (price.output ?? 0)) / 1e6;
}

/** The cost of both models; null without prices. */
export function costOf(tokens, prices) {
  const costs = roles.map((role) => costOfRole(tokens[role], prices[role])).filter((cost) => cost != null);
  return costs.length ? costs.reduce((sum, cost) => sum + cost, 0) : null;
}

/** Fills the table below a run. */
export function usageTable(table, tokens, names, prices) {
  const hasCost = costOf(tokens, prices) != null;
  const hasCache = roles.some((role) => tokens[role].cached > 0);
  const columns = [
    ["thinking", (own) => own.thinking], ["answer", (own) => own.answer], ["not kept", (own) => own.discarded],
    ["read", (own) => own.read ?? "–"], ...(hasCache ? [["from cache", (own) => own.cached]] : []),
    ["seconds", (own) => own.seconds?.toFixed(2) ?? "–"],
    ["tokens/s", (own) => (own.seconds ? Math.round(written(own) / own.seconds) : "–")],
    ...(hasCost ? [["cost", (own, role) => digits(costOfRole(own, prices[role]) ?? NaN)]] : []),
  ];
  const head = ["model", ...columns.map(([name]) => name)].map((name) => el("th", { scope: "col" }, name));
  table.tHead.replaceChildren(el("tr", {}, ...head));
  const isUsed = (own) => own.read !== 0 || written(own) > 0; // null while the run is under way
  const used = roles.filter((role) => (names[role] ? isUsed(tokens[role]) : written(tokens[role])));
  table.tBodies[0].replaceChildren(...used.map((role) => {
    const author = el("span", { className: `by ${role}` }, role);
    const name = el("th", { scope: "row" }, author, ` ${shown(names[role] ?? "")}`);
    return el("tr", {}, name, ...columns.map(([, value]) => el("td", {}, String(value(tokens[role], role)))));
  }));
}
