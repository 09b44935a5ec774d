// @ts-check

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createUndo } from "../src/text/undo";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("a deletion is done when its time is over, and not before", async () => {
  const work = vi.fn(async () => {});
  createUndo(1000, () => {}).later("a", work);
  await vi.advanceTimersByTimeAsync(999);
  expect(work).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(work).toHaveBeenCalledTimes(1);
});

test("what is taken back in time is never done", async () => {
  const work = vi.fn(async () => {});
  const undo = createUndo(1000, () => {});
  undo.later("a", work);
  expect(undo.takeBack("a")).toBe(true);
  await vi.advanceTimersByTimeAsync(5000);
  expect(work).not.toHaveBeenCalled();
});

test("what is done cannot be taken back", async () => {
  const undo = createUndo(1000, () => {});
  undo.later("a", async () => {});
  await vi.advanceTimersByTimeAsync(1000);
  expect(undo.takeBack("a")).toBe(false);
});

test("whoever leaves the page has meant it, once", async () => {
  const work = vi.fn(async () => {});
  const undo = createUndo(1000, () => {});
  undo.later("a", work);
  undo.later("b", work);
  await undo.finishAll();
  await vi.advanceTimersByTimeAsync(5000);
  expect(work).toHaveBeenCalledTimes(2);
});

test("a deletion that fails is told of", async () => {
  const failed = vi.fn();
  const error = new Error("network");
  createUndo(1000, failed).later("a", () => Promise.reject(error));
  await vi.advanceTimersByTimeAsync(1000);
  expect(failed).toHaveBeenCalledWith(error, "a");
});
