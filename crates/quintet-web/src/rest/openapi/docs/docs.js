// Shows the description of the API. Whatever it says becomes text nodes, never markup.
"use strict";
const root = document.documentElement;
const METHODS = ["get", "post", "put", "patch", "delete"];
let token = "";
let description = null;

function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** Text in which marks of code become that, and nothing else does. */
function prose(text) {
  return text.split(/`([^`\n]+)`/).map((part, at) => (at % 2 ? make("code", {}, part) : part));
}

/** A name that may break where its words end. */
function breakable(name) {
  return name.split(/(?<=_)/).flatMap((part, at) => (at ? [make("wbr"), part] : [part]));
}

function headers(more) {
  return token ? { ...more, Authorization: `${root.dataset.prefix} ${token}` } : { ...more };
}

function say(text, isBad) {
  const state = document.getElementById("state") || document.getElementById("operations").appendChild(make("p", { id: "state", role: "status" }));
  state.textContent = text;
  state.className = isBad ? "bad" : "soft";
}

async function load() {
  say("Reading the description.");
  let answer;
  try {
    answer = await fetch(root.dataset.schema, { headers: headers({ Accept: "application/json" }), credentials: "same-origin" });
  } catch {
    return say("The description cannot be reached.", true);
  }
  if (answer.status === 401 || answer.status === 403) {
    return say("The description is for those who are logged in: log in above.", true);
  }
  if (!answer.ok) return say(`The description was answered with ${answer.status}.`, true);
  description = await answer.json();
  show();
}

function resolve(schema) {
  let found = schema;
  for (let steps = 0; found && found.$ref && steps < 20; steps += 1) {
    found = found.$ref.split("/").slice(1).reduce((at, name) => at && at[name.replace(/~1/g, "/").replace(/~0/g, "~")], description);
  }
  return found || {};
}

function typeOf(schema) {
  if (!schema || Object.keys(schema).length === 0) return "anything";
  if (schema.$ref) return schema.$ref.split("/").pop();
  for (const word of ["anyOf", "oneOf", "allOf"]) {
    if (schema[word]) return [...new Set(schema[word].map(typeOf))].join(word === "allOf" ? " and " : " or ");
  }
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const types = [].concat(schema.type || "anything");
  return types.map((type) => {
    if (type === "array") return `list of ${typeOf(schema.items)}`;
    if (type === "object" && schema.additionalProperties && typeof schema.additionalProperties === "object") return `${typeOf(schema.additionalProperties)} by name`;
    return schema.format && type !== "null" ? `${type} (${schema.format})` : type;
  }).join(" or ");
}

function limits(schema) {
  const words = { minLength: "at least {} characters", maxLength: "at most {} characters", minimum: "at least {}", maximum: "at most {}", exclusiveMinimum: "above {}", exclusiveMaximum: "below {}", minItems: "at least {} of them", maxItems: "at most {} of them", pattern: "matches {}", default: "unless given {}" };
  return Object.entries(words).filter(([key]) => schema[key] !== undefined).map(([key, text]) => text.replace("{}", typeof schema[key] === "string" ? schema[key] : JSON.stringify(schema[key]))).join(", ");
}

/** What is said of a value, and its limits on a line of their own. */
function about(text, schema) {
  const rest = limits(schema);
  return [...prose(text || ""), text && rest ? "\n" : "", rest];
}

function properties(schema, depth) {
  const whole = resolve(schema);
  if (whole.type === "array") return properties(whole.items, depth);
  const rows = Object.entries(whole.properties || {});
  if (rows.length === 0) return null;
  const required = whole.required || [];
  return make("table", {}, make("thead", {}, make("tr", {}, ["Name", "Type", "About"].map((name) => make("th", { scope: "col" }, name)))),
    make("tbody", {}, rows.map(([name, of]) => {
      const inner = depth < 3 && (of.$ref || (of.items && of.items.$ref)) ? properties(of.$ref ? of : of.items, depth + 1) : null;
      return make("tr", {}, make("td", {}, make("code", {}, name), required.includes(name) ? make("span", { class: "soft" }, " required") : ""),
        make("td", {}, typeOf(of)),
        make("td", { class: "told" }, about(of.description, of), inner ? make("details", {}, make("summary", {}, "Members"), inner) : ""));
    })));
}

function example(schema, depth = 0) {
  const whole = resolve(schema);
  if (depth > 5) return null;
  if (whole.default !== undefined) return whole.default;
  if (whole.enum) return whole.enum[0];
  for (const word of ["anyOf", "oneOf", "allOf"]) if (whole[word]) return example(whole[word][0], depth + 1);
  const type = [].concat(whole.type || "")[0];
  if (type === "object") return Object.fromEntries(Object.entries(whole.properties || {}).filter(([, of]) => !of.readOnly).map(([name, of]) => [name, example(of, depth + 1)]));
  if (type === "array") return [example(whole.items, depth + 1)];
  if (type === "integer" || type === "number") return whole.minimum ?? 0;
  if (type === "boolean") return false;
  if (type === "string") return { date: "2024-01-31", "date-time": "2024-01-31T12:00:00Z", time: "12:00:00", uuid: "00000000-0000-0000-0000-000000000000", email: "user@example.com", uri: "https://example.com/", decimal: "0" }[whole.format] || "text";
  return null;
}

function show() {
  const main = document.getElementById("operations");
  const index = document.getElementById("index");
  const byTag = new Map();
  for (const [path, item] of Object.entries(description.paths || {})) {
    for (const method of METHODS.filter((name) => item[name])) {
      const tag = (item[method].tags || ["other"])[0];
      if (!byTag.has(tag)) byTag.set(tag, []);
      byTag.get(tag).push({ path, method, operation: item[method] });
    }
  }
  main.replaceChildren(make("p", { id: "state", role: "status", class: "soft" }, `Version ${description.info.version}, OpenAPI ${description.openapi}.`));
  if (description.info.description) main.append(make("p", { class: "told" }, prose(description.info.description)));
  index.replaceChildren();
  for (const [tag, all] of [...byTag].sort(([one], [other]) => (one < other ? -1 : 1))) {
    main.append(make("h2", {}, tag), ...all.map(article));
    index.append(make("strong", {}, tag), make("ul", {}, all.map(({ path, method, operation }) => make("li", { "data-words": `${path} ${operation.operationId}`.toLowerCase() },
      make("a", { href: `#${operation.operationId}`, onclick: () => open(operation.operationId) }, make("span", { class: `method ${method}` }, method), make("span", {}, operation.summary || breakable(operation.operationId)))))));
  }
  if (location.hash.length > 1) open(decodeURIComponent(location.hash.slice(1)));
}

function open(id) {
  const found = document.getElementById(id);
  const details = found && found.querySelector("details");
  if (details) {
    details.open = true;
    found.scrollIntoView();
  }
}

function article({ path, method, operation }) {
  const body = make("div", {});
  const details = make("details", { ontoggle: () => { if (details.open && !body.hasChildNodes()) fill(body, path, method, operation); } },
    make("summary", {}, make("span", { class: `method ${method}` }, method), make("span", { class: "path" }, path), make("span", { class: "soft" }, operation.summary || operation.operationId)), body);
  return make("article", { id: operation.operationId, class: operation.deprecated ? "deprecated" : "" }, details);
}

function fill(body, path, method, operation) {
  if (operation.description) body.append(make("p", { class: "told" }, prose(operation.description)));
  const needed = (operation.security || []).map((one) => Object.keys(one).join(" and ") || "nothing");
  if (needed.length) body.append(make("p", { class: "soft" }, `Who asks needs ${needed.join(" or ")}.`));
  const all = operation.parameters || [];
  if (all.length) {
    body.append(make("h3", {}, "Parameters"), make("table", {}, make("thead", {}, make("tr", {}, ["Name", "Where", "Type", "About"].map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, all.map((one) => make("tr", {}, make("td", {}, make("code", {}, one.name), one.required ? make("span", { class: "soft" }, " required") : ""), make("td", {}, one.in), make("td", {}, typeOf(one.schema)), make("td", { class: "told" }, about(one.description, one.schema || {})))))));
  }
  const content = operation.requestBody ? Object.entries(operation.requestBody.content) : [];
  if (content.length) {
    body.append(make("h3", {}, "Body"), make("p", { class: "soft" }, content.map(([type]) => type).join(", ")));
    body.append(properties(content[0][1].schema, 0) || make("p", { class: "soft" }, typeOf(content[0][1].schema)));
  }
  body.append(make("h3", {}, "Answers"));
  for (const [status, answer] of Object.entries(operation.responses || {})) {
    const [told] = Object.values(answer.content || {});
    body.append(make("details", {}, make("summary", {}, make("code", {}, status), ` ${answer.description} `, told ? make("span", { class: "soft" }, typeOf(told.schema)) : ""), told ? properties(told.schema, 0) || "" : ""));
  }
  body.append(make("h3", {}, "Ask"), form(path, method, operation, all, content));
}

function form(path, method, operation, parameters, content) {
  const prefix = operation.operationId;
  const inputs = parameters.filter((one) => one.in === "path" || one.in === "query").map((one) => {
    const id = `${prefix}-${one.in}-${one.name}`;
    const schema = resolve(one.schema);
    // A list is given with commas between, and sent as the filter reads it.
    const isMany = schema.type === "array" && one.explode !== false;
    const values = schema.type === "boolean" ? ["true", "false"] : schema.enum;
    const input = values ? make("select", { id }, make("option", { value: "" }, ""), values.map((value) => make("option", { value }, String(value)))) : make("input", { id, required: one.in === "path", autocomplete: "off" });
    return { one, input, isMany, shown: make("div", {}, make("label", { for: id }, one.name), input) };
  });
  const json = content.find(([type]) => type.includes("json"));
  const multipart = content.find(([type]) => type === "multipart/form-data");
  const area = json ? make("textarea", { id: `${prefix}-body`, spellcheck: "false" }) : null;
  if (area) area.value = JSON.stringify(example(json[1].schema), null, 2);
  const files = !json && multipart ? Object.entries(resolve(multipart[1].schema).properties || {}).map(([name, of]) => {
    const id = `${prefix}-form-${name}`;
    const input = make("input", { id, name, type: resolve(of).format === "binary" ? "file" : "text" });
    return { name, input, shown: make("div", {}, make("label", { for: id }, name), input) };
  }) : [];
  const out = make("div", { role: "status" });
  const send = async (event) => {
    event.preventDefault();
    let url = path;
    const query = new URLSearchParams();
    for (const { one, input, isMany } of inputs) {
      if (one.in === "path") url = url.replace(`{${one.name}}`, encodeURIComponent(input.value));
      else if (isMany) for (const value of input.value.split(",").map((part) => part.trim()).filter(Boolean)) query.append(one.name, value);
      else if (input.value !== "") query.append(one.name, input.value);
    }
    const server = ((description.servers || [])[0] || {}).url || "";
    const whole = `${server.replace(/\/$/, "")}${url}${query.size ? `?${query}` : ""}`;
    const options = { method: method.toUpperCase(), headers: headers({ Accept: "application/json" }), credentials: "same-origin" };
    if (area) {
      options.headers["Content-Type"] = "application/json";
      options.body = area.value;
    } else if (files.length) {
      options.body = new FormData();
      for (const { name, input } of files) {
        if (input.type === "file") [...input.files].forEach((file) => options.body.append(name, file));
        else if (input.value !== "") options.body.append(name, input.value);
      }
    }
    const cookie = `${root.dataset.csrfCookie}=`;
    const secret = document.cookie.split("; ").find((pair) => pair.startsWith(cookie));
    if (secret && method !== "get") options.headers[root.dataset.csrfHeader] = secret.slice(cookie.length);
    out.replaceChildren(make("p", { class: "soft" }, "Asking."));
    try {
      const answer = await fetch(whole, options);
      const text = await answer.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* It is no JSON: shown as it is. */ }
      out.replaceChildren(make("p", { class: answer.ok ? "" : "bad" }, `${answer.status} ${answer.statusText}`), make("p", { class: "soft" }, `${options.method} ${whole}`), shown ? make("pre", { tabindex: "0", role: "region", "aria-label": `The answer to ${options.method} ${whole}` }, shown) : "");
    } catch {
      out.replaceChildren(make("p", { class: "bad" }, "No answer came."));
    }
  };
  return make("form", { onsubmit: send }, make("div", { class: "row" }, [...inputs, ...files].map((one) => one.shown)),
    area ? make("div", {}, make("label", { for: `${prefix}-body` }, "Body, JSON"), area) : "",
    make("div", { class: "row" }, make("button", { class: "main", type: "submit" }, "Send")), out);
}

function login() {
  const place = document.getElementById("who");
  if (token) {
    place.replaceChildren(make("span", { class: "soft" }, "A token is sent along. "), make("button", { type: "button", onclick: () => { token = ""; login(); } }, "Forget it"));
    return;
  }
  const wrong = make("span", { class: "bad", role: "alert" });
  const own = make("input", { id: "own", type: "password", autocomplete: "off" });
  const take = make("form", { class: "row", onsubmit: (event) => { event.preventDefault(); token = own.value.trim(); if (token) { login(); load(); } } },
    make("div", {}, make("label", { for: "own" }, "A token"), own), make("button", { type: "submit" }, "Use"));
  if (!root.dataset.token) return place.replaceChildren(take);
  const name = make("input", { id: "name", autocomplete: "username", required: true });
  const password = make("input", { id: "password", type: "password", autocomplete: "current-password", required: true });
  const ask = async (event) => {
    event.preventDefault();
    wrong.textContent = "";
    try {
      const answer = await fetch(root.dataset.token, { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify({ [root.dataset.user]: name.value, password: password.value }), credentials: "same-origin" });
      const data = await answer.json();
      const got = data.access || data.token;
      if (!answer.ok || !got) {
        wrong.textContent = data.detail || `Refused with ${answer.status}.`;
        return;
      }
      token = got;
      login();
      load();
    } catch {
      wrong.textContent = "No answer came.";
    }
  };
  place.replaceChildren(make("form", { class: "row", onsubmit: ask }, make("div", {}, make("label", { for: "name" }, "Name"), name), make("div", {}, make("label", { for: "password" }, "Password"), password), make("button", { class: "main", type: "submit" }, "Log in"), wrong),
    make("details", {}, make("summary", { class: "soft" }, "By a token"), take));
}

document.getElementById("find").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const line of document.querySelectorAll("#index li")) line.hidden = !words.every((word) => line.dataset.words.includes(word));
});
login();
load();
