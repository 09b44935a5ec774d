// @ts-check

/** @import { ReactNode } from "react" */
import { AxiosError, AxiosHeaders } from "axios";
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import Field from "../src/components/Field";
import Form from "../src/components/Form";
import LoadingIndicator from "../src/components/LoadingIndicator";

vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);

let page = document.createElement("div");
let root = createRoot(page);

beforeEach(() => {
  page = document.createElement("div");
  document.body.append(page);
  root = createRoot(page);
});

afterEach(() => {
  act(() => root.unmount());
  page.remove();
});

/** @param {ReactNode} what */
function show(what) {
  act(() => root.render(what));
}

/** @param {unknown} data */
function refusal(data) {
  const config = { headers: new AxiosHeaders() };
  return new AxiosError("", "", config, null, { status: 400, statusText: "", data, headers: {}, config });
}

/** @param {(values: Record<string, string>) => Promise<void>} submit */
function login(submit) {
  show(
    <Form label="Log in" action="Log in" submit={submit}>
      <Field name="username" label="Username" defaultValue="ann" />
      <Field name="password" label="Password" type="password" hint="A secret." />
    </Form>,
  );
}

/** @param {string} name */
function input(name) {
  const found = page.querySelector(`[name=${name}]`);
  if (!(found instanceof HTMLInputElement)) throw new Error(`no input ${name}`);
  return found;
}

async function send() {
  await act(async () => page.querySelector("form")?.requestSubmit());
}

test("a form gives its values", async () => {
  const submit = vi.fn(async () => {});
  login(submit);
  await send();
  expect(submit).toHaveBeenCalledWith({ username: "ann", password: "" });
});

test("every field has a label", () => {
  login(async () => {});
  expect([input("username"), input("password")].map((field) => field.labels?.[0]?.textContent)).toEqual([
    "Username",
    "Password",
  ]);
});

test("errors stand at their fields, and the first of them has the focus", async () => {
  login(() => Promise.reject(refusal({ password: ["Too short."], username: ["Taken."] })));
  await send();
  expect(document.activeElement).toBe(input("username"));
  const described = input("password").getAttribute("aria-describedby")?.split(" ") ?? [];
  expect(described.map((id) => document.getElementById(id)?.textContent)).toEqual(["A secret.", "Too short."]);
  expect(input("password").getAttribute("aria-invalid")).toBe("true");
});

test("an error of a field that is not there stands above the form", async () => {
  login(() => Promise.reject(refusal({ captcha: ["Missing."] })));
  await send();
  expect(page.querySelector("[role=alert]")?.textContent).toBe("captcha: Missing.");
  expect(document.activeElement).toBe(page.querySelector("[role=alert]"));
});

test("errors go when all is well", async () => {
  const submit = vi.fn(async () => {}).mockRejectedValueOnce(refusal({ username: ["Taken."] }));
  login(submit);
  await send();
  await send();
  expect(page.querySelector(".errors")).toBeNull();
});

test("an impatient second click sends nothing", async () => {
  const submit = vi.fn(() => /** @type {Promise<void>} */ (new Promise(() => {})));
  login(submit);
  await send();
  await send();
  expect(submit).toHaveBeenCalledTimes(1);
});

test("a password can be shown", () => {
  login(async () => {});
  const button = page.querySelector("[aria-pressed]");
  act(() => button?.dispatchEvent(new MouseEvent("click", { bubbles: true })));
  expect([input("password").type, button?.getAttribute("aria-pressed")]).toEqual(["text", "true"]);
});

test("loading is shown only when it takes a while", () => {
  vi.useFakeTimers();
  show(<LoadingIndicator label="Loading" />);
  act(() => vi.advanceTimersByTime(199));
  expect(page.textContent).toBe("");
  act(() => vi.advanceTimersByTime(1));
  expect(page.textContent).toMatch(/Loading/);
  vi.useRealTimers();
});
