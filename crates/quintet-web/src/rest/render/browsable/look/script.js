// What a browser cannot do by itself: methods beside GET and POST, bodies that are no forms, and a token in a header.
// Pages come from the server; this puts one in the place of another. Nothing of an answer is run.
(() => {
  "use strict";
  const KEY = "quintet.token";
  const $ = (selector) => document.querySelector(selector);
  // A field of a form may be called as anything that forms have.
  const said = (form, name) => Element.prototype.getAttribute.call(form, name);
  const within = (form, selector) => Element.prototype.querySelector.call(form, selector);
  const target = (form) => new URL(said(form, "action") ?? "", location.href).href;
  const token = () => sessionStorage.getItem(KEY);

  const say = (text) => {
    const line = $("[data-status]");
    if (line) line.textContent = text;
  };

  // What needs this script is shown when it runs.
  const enable = () => {
    for (const one of document.querySelectorAll(".needs-script")) one.hidden = false;
    for (const one of document.querySelectorAll("[data-needs-script]")) one.disabled = false;
    const forget = $("[data-forget]");
    if (forget) forget.hidden = !token();
    const menu = $("[data-token-menu]");
    if (menu) menu.hidden = Boolean(token());
    $("[data-wrong]")?.scrollIntoView({ block: "center" });
  };

  const headers = (more) => {
    const all = new Headers({ Accept: "text/html", ...more });
    const secret = $("meta[name=csrf-token]");
    if (secret) all.set(secret.dataset.header, secret.content);
    if (token()) all.set("Authorization", token());
    return all;
  };

  const show = (text, address, way) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    document.title = page.title;
    const [ours, theirs] = [document, page].map((one) => one.querySelector("meta[name=csrf-token]"));
    ours?.remove();
    if (theirs) document.head.append(theirs);
    document.body.replaceWith(page.body);
    if (way === "push") history.pushState(null, "", address);
    if (way === "replace") history.replaceState(null, "", address);
    enable();
    if (!$("[data-wrong]")) {
      scrollTo(0, 0);
      $("main")?.focus({ preventScroll: true });
    }
  };

  // Asks for a page, and shows it. What is no page is left to the browser.
  const ask = async (address, options, way) => {
    let answer;
    try {
      answer = await fetch(address, { ...options, headers: headers(options.headers), credentials: "same-origin" });
    } catch {
      say("The server does not answer.");
      return;
    }
    if (!(answer.headers.get("content-type") ?? "").startsWith("text/html")) {
      location.assign(address);
      return;
    }
    show(await answer.text(), address, way);
    if (answer.status === 401 && token()) {
      sessionStorage.removeItem(KEY);
      enable();
      say("The token is not good, or no longer.");
    }
  };

  const keep = (text) => {
    const word = $("[data-keyword]").dataset.keyword;
    const bare = text.trim().replace(new RegExp(`^${word}\\s+`, "i"), "");
    sessionStorage.setItem(KEY, `${word} ${bare}`);
    ask(location.href, {}, "replace");
  };

  const obtain = async (form) => {
    const message = within(form, "[data-message]");
    const [name, password] = ["#token-user", "#token-password"].map((one) => within(form, one));
    message.hidden = true;
    try {
      const answer = await fetch(said(form, "data-obtain"), {
        method: "POST",
        credentials: "omit",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ [said(form, "data-field")]: name.value, password: password.value }),
      });
      const told = await answer.json();
      const text = told.access ?? told.token;
      if (text) return keep(text);
      message.textContent = told.detail ?? Object.values(told).flat().join(" ");
    } catch {
      message.textContent = "The server does not answer.";
    }
    message.hidden = false;
  };

  // The boundary of a body of several parts is its first line.
  const typed = (type, content) => {
    if (type !== "multipart/form-data") return [type, content];
    const boundary = content.match(/^--([^\s]{1,200})\s*$/m);
    const whole = boundary ? `${type}; boundary="${boundary[1]}"` : type;
    return [whole, content.replace(/\r?\n/g, "\r\n")];
  };

  // Only what is filled in makes the address.
  const asked = (form) => {
    const address = new URL(target(form));
    address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
    return address.href;
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const is = (name) => said(form, name) !== null;
    if (is("data-native")) return;
    const method = event.submitter?.dataset.method ?? said(form, "data-method") ?? said(form, "method")?.toUpperCase();
    if (is("data-obtain")) {
      event.preventDefault();
      obtain(form);
    } else if (is("data-paste")) {
      event.preventDefault();
      keep(within(form, "textarea").value);
    } else if (is("data-clean")) {
      event.preventDefault();
      if (token()) ask(asked(form), {}, "push");
      else location.assign(asked(form));
    } else if (is("data-raw")) {
      event.preventDefault();
      const [type, body] = typed(within(form, "select").value, within(form, "textarea").value);
      ask(target(form), { method, body, headers: { "Content-Type": type } }, "replace");
    } else if (method !== "POST" || token()) {
      event.preventDefault();
      const body = ["POST", "PUT", "PATCH"].includes(method) ? new FormData(form) : undefined;
      ask(target(form), { method, body }, "replace");
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-forget]")) {
      sessionStorage.removeItem(KEY);
      location.reload();
      return;
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const link = event.target.closest("a[href]");
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !token() || !isPlain || event.defaultPrevented || link.origin !== location.origin) return;
    if (link.getAttribute("href").startsWith("#") || link.dataset.native !== undefined) return;
    event.preventDefault();
    ask(link.href, {}, "push");
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  addEventListener("popstate", () => (token() ? ask(location.href, {}, "stay") : location.reload()));

  enable();
  if (token()) ask(location.href, {}, "replace");
})();
