// @ts-check

import { expect, test } from "vitest";
import { endOf, isOver } from "../src/session/claims";
import { tokenWith } from "./tokens";

test("a token says when it ends", () => {
  expect(endOf(tokenWith({ exp: 1000 }))).toBe(1000);
});

test("a token with letters that base64 spells otherwise is read", () => {
  expect(endOf(tokenWith({ exp: 7, name: "Zoë ÿÿ>>??" }))).toBe(7);
});

test("what is no token has no end", () => {
  for (const text of ["", "a", "a.b", "a.!!!.c", "..", tokenWith({}), tokenWith({ exp: "soon" })]) {
    expect(endOf(text)).toBeNull();
  }
  expect(endOf(null)).toBeNull();
});

test("a token is over when its time has come", () => {
  const token = tokenWith({ exp: 1000 });
  expect(isOver(token, 999_000, 0)).toBe(false);
  expect(isOver(token, 1_000_000, 0)).toBe(true);
});

test("a token is over early where that is asked for", () => {
  const token = tokenWith({ exp: 1000 });
  expect(isOver(token, 971_000, 30)).toBe(true);
  expect(isOver(token, 969_000, 30)).toBe(false);
});

test("a token without an end is never over", () => {
  expect(isOver(tokenWith({}), 1e15, 0)).toBe(false);
});
