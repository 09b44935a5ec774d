// @ts-check

import { beforeEach, expect, test, vi } from "vitest";
import * as constants from "../src/constants";

const { ACCESS_TOKEN, REFRESH_TOKEN } = constants;

/** The module as a page has it that has just come. */
async function fresh() {
  vi.resetModules();
  return import("../src/session/tokens");
}

beforeEach(() => {
  localStorage.clear();
});

test("both tokens are in the storage under their names", async () => {
  (await fresh()).keepTokens({ access: "a", refresh: "r" });
  expect([localStorage.getItem(ACCESS_TOKEN), localStorage.getItem(REFRESH_TOKEN)]).toEqual(["a", "r"]);
});

test("a page that comes again has the tokens", async () => {
  (await fresh()).keepTokens({ access: "a", refresh: "r" });
  const tokens = await fresh();
  expect([tokens.accessToken(), tokens.mayHaveSession()]).toEqual(["a", true]);
});

test("a rotated refresh token is taken over", async () => {
  const tokens = await fresh();
  tokens.keepTokens({ access: "a", refresh: "r" });
  tokens.keepTokens({ access: "b", refresh: "s" });
  expect(tokens.refreshBody()).toEqual({ refresh: "s" });
});

test("a refresh token stays where a refresh gives no other", async () => {
  const tokens = await fresh();
  tokens.keepTokens({ access: "a", refresh: "r" });
  tokens.keepTokens({ access: "b" });
  expect([tokens.accessToken(), tokens.refreshBody()]).toEqual(["b", { refresh: "r" }]);
});

test("what is forgotten is gone", async () => {
  const tokens = await fresh();
  tokens.keepTokens({ access: "a", refresh: "r" });
  tokens.forgetTokens();
  expect([tokens.accessToken(), tokens.mayHaveSession(), localStorage.length]).toEqual([null, false, 0]);
});

test("a visitor has no session", async () => {
  expect((await fresh()).mayHaveSession()).toBe(false);
});

test("what another tab got is used, whether it is in the storage yet or not", async () => {
  const tokens = await fresh();
  tokens.keepTokens({ access: "a", refresh: "r" });
  tokens.receiveAccess("b");
  expect([tokens.accessToken(), tokens.refreshBody()]).toEqual(["b", { refresh: "r" }]);
});

test("one constant takes the storage of the tab alone, which shares no session", async () => {
  vi.doMock("../src/constants", () => ({ ...constants, STORAGE: "sessionStorage" }));
  const tokens = await fresh();
  vi.doUnmock("../src/constants");
  tokens.keepTokens({ access: "a", refresh: "r" });
  expect([sessionStorage.getItem(ACCESS_TOKEN), localStorage.length, tokens.isShared]).toEqual(["a", 0, false]);
});
