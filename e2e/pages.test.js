// Pages in a real browser: the demo, and what a developer sees, with hostile text in every place that a visitor can fill.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, serve } from "./browser.js";

let browser;
let demo;
let faulty;

before(async () => {
  browser = await launch();
  demo = await serve("notes");
  faulty = await serve("faulty", { DEBUG: "True" });
});

after(async () => {
  await browser?.close();
  demo?.stop();
  faulty?.stop();
});

/** A page that fails the test when a script that a visitor sent is run. */
async function watched(options = {}) {
  const page = await browser.newPage(options);
  const ran = [];
  await page.exposeFunction("hostile", () => ran.push("a script of the visitor's ran"));
  return { page, ran };
}

test("the demo lists what is there, and its links lead somewhere", async () => {
  const { page } = await watched();
  await page.goto(`${demo.address}/about/`);
  assert.match(await page.textContent("h1"), /^quintet \d/);
  assert.ok((await page.locator("dt").count()) >= 5);
  await page.click("text=a greeting");
  assert.equal(await page.textContent("pre, body"), '{"message":"Hello, you!"}');
  await page.close();
});

const script = "<script>hostile()</script><img src=x onerror=hostile()>";

test("the 404 page of developers shows hostile text and does not run it", async () => {
  const { page, ran } = await watched({ extraHTTPHeaders: { "X-Hostile": script } });
  const response = await page.goto(`${faulty.address}/${encodeURIComponent(script)}?q=${encodeURIComponent(script)}`);
  assert.equal(response.status(), 404);
  assert.ok((await page.textContent("body")).includes(script), "the path is shown as text");
  assert.ok((await page.textContent("body")).includes("json/"), "the routes that were tried are shown");
  assert.deepEqual(ran, []);
  await page.close();
});

test("the 500 page of developers shows the error and hides secrets", async () => {
  const { page, ran } = await watched({ extraHTTPHeaders: { "X-Hostile": script, Authorization: "Bearer hush-hush" } });
  const response = await page.goto(`${faulty.address}/fail/?token=hush-hush&q=${encodeURIComponent(script)}`);
  assert.equal(response.status(), 500);
  const text = await page.textContent("body");
  assert.ok(text.includes("invalid digit"), text);
  assert.ok(!text.includes("hush-hush"), "a secret is shown");
  assert.ok(!text.includes("a-key-for-tests-only"), "the secret key is shown");
  assert.deepEqual(ran, []);
  await page.close();
});

test("a page may not be shown in somebody else's frame", async () => {
  const { page } = await watched();
  await page.goto(`${faulty.address}/json/`);
  const blocked = new Promise((resolve) => page.on("console", (message) => /frame/i.test(message.text()) && resolve(message.text())));
  await page.setContent(`<iframe src="${demo.address}/"></iframe>`);
  assert.match(await blocked, /X-Frame-Options|refused to connect|frame/i);
  await page.close();
});
