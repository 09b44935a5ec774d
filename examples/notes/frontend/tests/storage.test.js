// @ts-check

import { beforeEach, expect, test, vi } from "vitest";
import { safeStorage } from "../src/session/storage";
import { createState } from "../src/session/state";

beforeEach(() => {
  localStorage.clear();
});

test("a storage keeps, gives and removes", () => {
  const storage = safeStorage(() => localStorage);
  storage.set("a", "1");
  expect([storage.get("a"), localStorage.getItem("a")]).toEqual(["1", "1"]);
  storage.remove("a");
  expect(storage.get("a")).toBeNull();
});

test("where a browser forbids its storage, values stay in memory", () => {
  const storage = safeStorage(() => {
    throw new DOMException("denied", "SecurityError");
  });
  storage.set("a", "1");
  expect(storage.get("a")).toBe("1");
  storage.remove("a");
  expect(storage.get("a")).toBeNull();
});

test("what another tab removes is gone here too", () => {
  const storage = safeStorage(() => localStorage);
  storage.set("a", "1");
  localStorage.removeItem("a");
  expect(storage.get("a")).toBeNull();
});

test("a change of state is told to all, and once", () => {
  const state = createState({ status: "in", why: "" });
  const told = vi.fn();
  state.subscribe(told);
  state.set({ status: "out", why: "over" });
  state.set({ status: "out", why: "over" });
  expect(told).toHaveBeenCalledTimes(1);
  expect(state.get()).toEqual({ status: "out", why: "over" });
});

test("who does not listen any more is not told", () => {
  const state = createState({ status: "in", why: "" });
  const told = vi.fn();
  state.subscribe(told)();
  state.set({ status: "out", why: "left" });
  expect(told).not.toHaveBeenCalled();
});
