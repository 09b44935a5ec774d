// @ts-check

import { AxiosError, AxiosHeaders } from "axios";
import { expect, test } from "vitest";
import { explain, inWords, isPassing } from "../src/text/words";

const config = { headers: new AxiosHeaders() };

/**
 * What axios throws for an answer.
 *
 * @param {number} status
 * @param {unknown} data
 */
function answered(status, data = {}, headers = {}) {
  return new AxiosError("", "", config, null, { status, statusText: "", data, headers, config });
}

/**
 * What axios throws where there was none.
 *
 * @param {string} code
 */
function unanswered(code) {
  return new AxiosError("", code, config);
}

test("messages of fields stay with their fields", () => {
  const { fields, form } = explain(answered(400, { username: ["Taken.", "Too long."], email: ["Wrong."] }));
  expect(fields).toEqual({ username: ["Taken.", "Too long."], email: ["Wrong."] });
  expect(form).toEqual([]);
});

test("messages about no single field are the form's", () => {
  expect(explain(answered(400, { non_field_errors: ["No.", "Never."] })).form).toEqual(["No.", "Never."]);
  expect(explain(answered(400, { detail: "No." })).form).toEqual(["No."]);
});

test("messages below a field are the field's", () => {
  const data = { tags: { 0: ["Empty."], 2: { name: ["Too long."] } } };
  expect(explain(answered(400, data)).fields).toEqual({ tags: ["Empty.", "Too long."] });
});

test("a list of messages is the form's", () => {
  expect(explain(answered(400, ["No."])).form).toEqual(["No."]);
});

test("the code of an error is not for people", () => {
  expect(explain(answered(400, { detail: "No.", code: "x_y" }))).toEqual({ fields: {}, form: ["No."] });
});

test("a refusal without words is still told", () => {
  for (const data of ["", null, {}, [], "<html>", { detail: [] }]) {
    expect(explain(answered(400, data)).form).toEqual(["Something went wrong. Try again."]);
  }
});

test("a wrong password is told in the server's words", () => {
  const data = { detail: "No active account found with the given credentials", code: "no_active_account" };
  expect(explain(answered(401, data)).form).toEqual([data.detail]);
});

test("a session that is over is told so", () => {
  expect(inWords(answered(401))).toBe("Your session is over. Log in again.");
});

test("what is forbidden, gone or too large has words", () => {
  const all = [403, 404, 410, 413].map((status) => inWords(answered(status)));
  expect(new Set(all).size).toBe(3);
  expect(all.every((text) => text.endsWith("."))).toBe(true);
});

test("too many attempts say when to try again", () => {
  /** @param {string} value */
  const after = (value) => inWords(answered(429, {}, { "retry-after": value }));
  expect(after("30")).toBe("Too many attempts. Try again in 30 seconds.");
  expect(after("600")).toBe("Too many attempts. Try again in 10 minutes.");
  expect(after("soon")).toBe("Too many attempts. Try again in a while.");
});

test("a failure of the server shows nothing of its inside", () => {
  const text = inWords(answered(500, "<h1>Traceback: secret</h1>"));
  expect(text).toMatch(/went wrong on the server/);
  expect(text).not.toMatch(/secret/);
});

test("a dead network, a slow server and being offline are told apart", () => {
  const texts = [inWords(unanswered("ERR_NETWORK")), inWords(unanswered("ECONNABORTED"))];
  Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
  texts.push(inWords(unanswered("ERR_NETWORK")));
  Reflect.deleteProperty(navigator, "onLine");
  expect(new Set(texts).size).toBe(3);
  expect(texts[2]).toMatch(/offline/);
});

test("what is no error of a request has words too", () => {
  expect(inWords(new TypeError("x is undefined"))).toBe("Something went wrong. Try again.");
});

test("only what nobody refused is worth another try", () => {
  expect([answered(503), answered(429), unanswered("ERR_NETWORK")].map(isPassing)).toEqual([true, true, true]);
  expect([answered(400), answered(404), new Error("x")].map(isPassing)).toEqual([false, false, false]);
});
