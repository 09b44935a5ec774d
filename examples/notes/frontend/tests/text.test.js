// @ts-check

import { expect, test } from "vitest";
import { device } from "../src/text/devices";
import { loginFor, nextPlace } from "../src/text/places";
import { ago } from "../src/text/times";

const NOW = Date.UTC(2026, 4, 20, 12);

test("a moment is told as people tell it", () => {
  const told = [5, 119, 3600, 90_000].map((seconds) => ago(NOW - seconds * 1000, NOW));
  expect(told).toEqual(["just now", "2 minutes ago", "1 hour ago", "yesterday"]);
});

test("what is long ago has a date", () => {
  expect(ago(NOW - 30 * 86_400_000, NOW)).toBe("Apr 20, 2026");
});

test("a clock that is a little behind makes no future", () => {
  expect(ago(NOW + 20_000, NOW)).toBe("just now");
});

const AGENTS = {
  "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Linux",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":
    "Chrome on Windows",
  "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0":
    "Edge on Windows",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Safari/604.1":
    "Safari on iPhone",
  "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36":
    "Chrome on Android",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Safari/605.1":
    "Safari on macOS",
  "curl/8.5.0": "curl",
  "": "Unknown device",
};

test.each(Object.entries(AGENTS))("%s is recognised", (agent, name) => {
  expect(device(agent)).toBe(name);
});

test("the login leads back to where somebody wanted to go", () => {
  const place = "/notes?page=2&q=a b";
  expect(nextPlace(new URL(loginFor(place), "http://x").search)).toBe(place);
  expect(loginFor("/")).toBe("/login");
  expect(nextPlace("")).toBe("/");
});

test.each(["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "x"])(
  "the login never leads to %j",
  (next) => {
    expect(nextPlace(`?next=${encodeURIComponent(next)}`)).toBe("/");
  },
);
