// What Lighthouse says of the built pages: the whole score of accessibility, on every page; of performance whatever it is on this
// machine, printed and not judged.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import lighthouse from "lighthouse";
import { chromium } from "playwright-core";
import { chromiumPath, freePort, run, scratch, serve } from "./browser.js";
import { notesProject, project, site } from "./frontend.js";

const PASSWORD = "Lake-house-41";
let browser;
let port;
const servers = [];

before(async () => {
  port = await freePort();
  // Lighthouse comes by this port, and sees who is logged in: there is one profile, not one for each test.
  browser = await chromium.launchPersistentContext(scratch("quintet-lighthouse-"), {
    executablePath: chromiumPath(),
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", `--remote-debugging-port=${port}`],
  });
});

after(async () => {
  await browser?.close();
  for (const server of servers) server.stop();
});

for (const [name, start, places] of [
  ["a new project", newProject, ["/", "/account", "/sessions"]],
  ["the notes application", notes, ["/"]],
]) {
  test(`${name} has the whole score of accessibility on every page`, async () => {
    const server = await start();
    servers.push(server);
    const scores = {};
    for (const place of ["/login", "/register", "/forgot-password", "/reset-password/MQ/x-y", "/nowhere"]) {
      scores[place] = await accessibility(server.address + place);
    }
    const { performance, paint } = await speed(`${server.address}/login`);
    console.log(`# ${name}: performance ${performance} of 100 on a slow phone, first paint ${paint}`);
    await register(server.address);
    for (const place of places) scores[`${place} of who is logged in`] = await accessibility(server.address + place);
    assert.deepEqual(Object.entries(scores).filter(([, { score, faults }]) => score !== 100 || faults.length > 0), []);
  });
}

async function newProject() {
  return site(project("site-cookie"));
}

async function notes() {
  const folder = scratch("quintet-lighthouse-notes-");
  const environment = { CARGO_MANIFEST_DIR: notesProject(), DATABASE_URL: `sqlite://${folder}/db.sqlite3` };
  await run("notes", ["migrate"], environment);
  return serve("notes", environment);
}

/** One profile has one session: who comes to another server is new there. */
async function register(address) {
  const page = await browser.newPage();
  await page.goto(`${address}/register`);
  await page.getByLabel("Username").fill("eve");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("button", { name: "Log out" }).waitFor();
  await page.close();
}

async function accessibility(url) {
  const { categories, audits, finalDisplayedUrl } = await report(url, ["accessibility"]);
  // A page that sends to another one has not been looked at.
  assert.equal(finalDisplayedUrl, url);
  const faults = categories.accessibility.auditRefs.map(({ id }) => id).filter((id) => audits[id].score === 0);
  return { score: Math.round(categories.accessibility.score * 100), faults };
}

async function speed(url) {
  const { categories, audits } = await report(url, ["performance"]);
  return { performance: Math.round(categories.performance.score * 100), paint: audits["first-contentful-paint"].displayValue };
}

async function report(url, onlyCategories, isLast = false) {
  const { lhr } = await lighthouse(url, { port, onlyCategories, disableStorageReset: true, logLevel: "error" });
  // The browser's record of the page began too late, which Lighthouse asks to try again: it says nothing of the page.
  if (lhr.runtimeError?.code === "NO_NAVSTART" && !isLast) return report(url, onlyCategories, true);
  assert.equal(lhr.runtimeError, undefined, lhr.runtimeError?.message);
  return lhr;
}
