// @ts-check

import { expect, test, vi } from "vitest";
import { onWake } from "../src/session/wake";

/**
 * How often `onWake` calls for what happens.
 *
 * @param {() => void} happens
 */
function woken(happens) {
  const called = vi.fn();
  const end = onWake(called);
  happens();
  end();
  happens();
  return called.mock.calls.length;
}

/** @param {boolean} persisted */
const pageshow = (persisted) => () => window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted }));

test("a page out of the history has slept", () => {
  expect(woken(pageshow(true))).toBe(1);
});

test("a page that was loaded has not", () => {
  expect(woken(pageshow(false))).toBe(0);
});

test("a network that is back wakes", () => {
  expect(woken(() => window.dispatchEvent(new Event("online")))).toBe(1);
});

test("a tab that is shown again wakes", () => {
  expect(woken(() => document.dispatchEvent(new Event("visibilitychange")))).toBe(1);
});
