// @ts-check

import { beforeEach, expect, test, vi } from "vitest";
import { SESSION } from "../src/constants";

/** The module as a page has it that has just come. */
async function fresh() {
  vi.resetModules();
  return import("../src/session/tokens");
}

beforeEach(() => {
  localStorage.clear();
});

test("no token is ever in a storage", async () => {
  const tokens = await fresh();
  tokens.keepTokens({ access: "secret-a", refresh: "secret-r" });
  expect(tokens.accessToken()).toBe("secret-a");
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toMatch(/secret/);
});

test("a page that comes again knows that there is a session, and has no token", async () => {
  (await fresh()).keepTokens({ access: "a" });
  const tokens = await fresh();
  expect([tokens.accessToken(), tokens.mayHaveSession()]).toEqual([null, true]);
});

test("a visitor has no session", async () => {
  expect((await fresh()).mayHaveSession()).toBe(false);
});

test("what is forgotten is gone for the next page too", async () => {
  const tokens = await fresh();
  tokens.keepTokens({ access: "a" });
  tokens.forgetTokens();
  expect([tokens.accessToken(), tokens.mayHaveSession(), localStorage.getItem(SESSION)]).toEqual([null, false, null]);
});

test("the refresh token travels as a cookie", async () => {
  const { refreshBody, refreshOptions } = await fresh();
  expect(refreshBody()).toEqual({});
  expect(refreshOptions).toEqual({ withCredentials: true, headers: { "X-Refresh-Token": "cookie" } });
});

test("the access token of another tab is taken over", async () => {
  const tokens = await fresh();
  tokens.keepTokens({ access: "a" });
  tokens.receiveAccess("b");
  expect(tokens.accessToken()).toBe("b");
});
