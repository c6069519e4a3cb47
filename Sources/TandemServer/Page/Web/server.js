// What the page asks the server.

let key = sessionStorage.getItem("key") ?? "";

export function useKey(to) {
  key = to;
  sessionStorage.setItem("key", to);
}

/** An error that the server told, with its status. */
export class ServerFault extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function call(path, { body, signal } = {}) {
  const headers = {
    ...(key && { Authorization: `Bearer ${key}` }), ...(body && { "Content-Type": "application/json" }),
  };
  const method = body ? "POST" : "GET";
  const response = await fetch(path, { method, headers, signal, body: body && JSON.stringify(body) });
  if (response.ok) return response;
  const text = await response.text();
  let message = `${response.status} ${response.statusText}`;
  try {
    message = JSON.parse(text).error.message ?? message;
  } catch {} // not JSON: a proxy's page
  throw new ServerFault(response.status, message);
}

const list = async (path) => (await (await call(path)).json()).data ?? [];

export const models = () => list("v1/models");
export const traces = () => list("v1/traces");
export const trace = async (id) => (await call(`v1/traces/${encodeURIComponent(id)}`)).text();
export const control = (id, action) => call("v1/chat/completions/control", { body: { id, action } });

/** The events of a run: pairs of a name ("message" unless the server names it) and data. */
export async function* run(body, signal) {
  const response = await call("v1/runs", { body, signal });
  let rest = "";
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + piece).replaceAll("\r\n", "\n").split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      let name = "message";
      const data = [];
      for (const line of part.split("\n")) {
        if (line.startsWith("event:")) name = line.slice(6).trim();
        if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
      }
      if (data.length && data[0] !== "[DONE]") yield [name, JSON.parse(data.join("\n"))];
    }
  }
}
