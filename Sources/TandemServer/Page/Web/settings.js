import { el, shown } from "./text.js";

// A form from the JSON Schema of a strategy's settings. Only what differs from the defaults is sent.

const escaped = (text) => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
const unescaped = (text) => text.replace(/\\(.)/g, (_, c) => ({ n: "\n", t: "\t" })[c] ?? c);

/** Why a value is not of a schema, as a sentence's end; empty if it is. */
export function fault(schema, value) {
  if (schema.anyOf) {
    return schema.anyOf.some((one) => !fault(one, value)) ? "" : `must be ${schema.anyOf.map(words).join(" or ")}`;
  }
  if ("const" in schema) return value === schema.const ? "" : `must be ${schema.const}`;
  if (schema.enum) return schema.enum.includes(value) ? "" : `must be one of ${schema.enum.join(", ")}`;
  if (schema.type === "boolean") return typeof value === "boolean" ? "" : "must be true or false";
  if (schema.type === "integer" || schema.type === "number") {
    const fits = typeof value === "number" && Number.isFinite(value)
      && (schema.type === "number" || Number.isInteger(value)) && value >= (schema.minimum ?? -Infinity)
      && value <= (schema.maximum ?? Infinity) && value > (schema.exclusiveMinimum ?? -Infinity);
    return fits ? "" : `must be ${words(schema)}`;
  }
  if (schema.type === "array") {
    if (value.length < (schema.minItems ?? 0)) return `must have at least ${schema.minItems} lines`;
    return value.map((item) => fault(schema.items ?? {}, item)).find(Boolean) ?? "";
  }
  const missing = (schema.allOf ?? []).find(({ pattern }) => !new RegExp(pattern, "u").test(value));
  return missing ? `must contain ${unescaped(missing.pattern)}` : "";
}

function words(schema) {
  if ("const" in schema) return String(schema.const);
  const kind = schema.type === "integer" ? "a whole number" : "a number";
  const { minimum, maximum, exclusiveMinimum } = schema;
  const low = exclusiveMinimum != null ? ` above ${exclusiveMinimum}` : minimum != null ? ` from ${minimum}` : "";
  return `${kind}${low}${maximum != null ? ` to ${maximum}` : ""}`;
}

/** One setting: its element, and how to read it. */
function field(name, schema, value) {
  const isLong = typeof value === "string" && (value.length > 40 || value.includes("\n"));
  let input, read, write;
  if (schema.type === "boolean") {
    input = el("input", { type: "checkbox" });
    [read, write] = [() => input.checked, (to) => (input.checked = to)];
  } else if (schema.enum) {
    input = el("select", {}, ...schema.enum.map((word) => new Option(word, word)));
    [read, write] = [() => input.value, (to) => (input.value = to)];
  } else if (schema.type === "array") {
    input = el("textarea", { rows: Math.min(4, Math.max(1, value.length)) });
    read = () => input.value.split("\n").filter(Boolean).map(unescaped);
    write = (to) => (input.value = to.map(escaped).join("\n"));
  } else if (schema.type === "string") {
    input = isLong ? el("textarea", { rows: 3 }) : el("input", { type: "text" });
    [read, write] = isLong
      ? [() => input.value, (to) => (input.value = to)]
      : [() => unescaped(input.value), (to) => (input.value = escaped(to))];
  } else {
    input = el("input", { type: "text", inputMode: "decimal", autocomplete: "off" });
    read = () => {
      const text = input.value.trim();
      return text === "" || Number.isNaN(Number(text)) ? text : Number(text);
    };
    write = (to) => (input.value = String(to));
  }
  write(value);
  input.dataset.setting = name; // no `name`: the settings are no fields of the page's form
  const check = () => {
    const reason = fault(schema, read());
    input.setCustomValidity(reason && `${name} ${reason}.`);
  };
  input.addEventListener("input", check);
  const help = el("small", { id: `help-${crypto.randomUUID()}` },
    shown(schema.description ?? "") + (schema.type === "array" ? " (one a line)" : ""));
  input.setAttribute("aria-describedby", help.id);
  const label = schema.type === "boolean"
    ? el("label", { className: "flag" }, input, ` ${shown(name)}`) : el("label", {}, shown(name), " ", input);
  return { node: el("div", { className: "setting" }, label, help), read, write, value };
}

/** The form of a strategy's settings. */
export class SettingsForm {
  /** `values` are the settings that the server uses unless others are given. */
  constructor(box, schema, values = {}) {
    const properties = Object.entries(schema?.properties ?? {});
    this.fields = properties.map(([name, one]) => [name, field(name, one, values[name] ?? one.default)]);
    const reset = el("button", { type: "button" }, "Defaults");
    reset.onclick = () => {
      for (const [, one] of this.fields) one.write(one.value);
      box.querySelectorAll("input, textarea").forEach((input) => input.setCustomValidity(""));
    };
    box.replaceChildren(...this.fields.map(([, one]) => one.node), ...(this.fields.length ? [reset] : []));
  }

  /** The settings that differ from what they were at first. */
  changed() {
    const differs = ([, one]) => JSON.stringify(one.read()) !== JSON.stringify(one.value);
    return Object.fromEntries(this.fields.filter(differs).map(([name, one]) => [name, one.read()]));
  }
}
