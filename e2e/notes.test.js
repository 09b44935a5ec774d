// The notes application in a real browser: its front end as `npm run build` makes it, its server as it is.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, run, scratch, serve } from "./browser.js";
import { faults, notesProject } from "./frontend.js";

let project;
let browser;
let server;

before(async () => {
  project = notesProject();
  const folder = scratch("quintet-notes-");
  const environment = { CARGO_MANIFEST_DIR: project, DATABASE_URL: `sqlite://${folder}/db.sqlite3` };
  await run("notes", ["migrate"], environment);
  server = await serve("notes", environment);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.stop();
});

let count = 0;

/** A page of somebody who has just registered. */
async function newcomer() {
  count += 1;
  const page = await (await browser.newContext({ baseURL: server.address })).newPage();
  page.setDefaultTimeout(10_000);
  await page.goto("/register");
  await page.getByLabel("Username").fill(`ann${count}`);
  await page.getByLabel("Password", { exact: true }).fill("Lake-house-41");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText("No notes yet.").waitFor();
  return page;
}

async function write(page, title, content) {
  const form = page.getByRole("form", { name: "New note" });
  await form.getByLabel("Title").fill(title);
  await form.getByLabel("Content").fill(content);
  await form.getByRole("button", { name: "Add note" }).click();
}

test("the tutorial's checks pass: types, lints, the tests of the pages", () => {
  const tutorial = path.resolve(project, "../../docs/tutorial");
  const pages = readdirSync(tutorial).filter((name) => name.endsWith(".md"));
  const typed = pages.flatMap((name) => readFileSync(path.join(tutorial, name), "utf8").match(/^\$ npm .*$/gm) ?? []);
  const lines = new Set(typed.map((line) => line.slice(2)));
  // What is installed is installed by the test that begins with nothing.
  lines.delete("npm install --prefix frontend");
  assert.deepEqual([...lines].sort(), ["npm run check --prefix frontend", "npm run lint --prefix frontend", "npm test --prefix frontend"]);
  for (const line of lines) {
    execFileSync("npm", line.split(" ").slice(1), { cwd: project, stdio: "pipe" });
  }
});

test("the pages are at most 130 KB of JavaScript", () => {
  const assets = path.join(project, "frontend/dist/assets");
  const sizes = readdirSync(assets).filter((name) => name.endsWith(".js.gz")).map((name) => statSync(path.join(assets, name)).size);
  const size = sizes.reduce((sum, one) => sum + one, 0);
  console.log(`# ${size} bytes of JavaScript, compressed`);
  assert.ok(size > 0 && size <= 130 * 1024, `${size} bytes`);
});

test("a note is written, read again, changed and deleted", async () => {
  const page = await newcomer();
  await write(page, "Milk", "Two bottles\nand <b>bread</b>");
  await page.getByRole("heading", { name: "Milk" }).waitFor();
  assert.equal(await page.getByRole("form", { name: "New note" }).getByLabel("Title").inputValue(), "");
  await page.reload();
  await page.getByText("and <b>bread</b>").waitFor();
  await page.getByRole("button", { name: "Edit Milk" }).click();
  const edited = page.getByRole("form", { name: "Edit Milk" });
  await edited.getByLabel("Title").fill("Cream");
  await edited.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "Cream" }).waitFor();
  await page.getByRole("button", { name: "Delete Cream" }).click();
  await page.getByText("“Cream” is deleted.").waitFor();
  await page.getByText("No notes yet.").waitFor();
  await page.getByRole("link", { name: "Account" }).click();
  await page.getByRole("heading", { name: "Account", exact: true }).waitFor();
  await page.goto("/");
  await page.getByText("No notes yet.").waitFor();
});

test("a deletion that is taken back in time never happens", async () => {
  const page = await newcomer();
  await write(page, "Keep", "me");
  await page.getByRole("button", { name: "Delete Keep" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("heading", { name: "Keep" }).waitFor();
  await page.waitForTimeout(7000);
  await page.reload();
  await page.getByRole("heading", { name: "Keep" }).waitFor();
});

test("whoever leaves the page before a deletion is done has meant it", async () => {
  const first = await newcomer();
  const context = first.context();
  await write(first, "Kept", "for good");
  await first.getByRole("heading", { name: "Kept" }).waitFor();
  for (const leave of [(page) => page.reload(), (page) => page.goto("/about/"), (page) => page.close({ runBeforeUnload: true })]) {
    const page = await context.newPage();
    await page.goto("/");
    await write(page, "Gone", "soon");
    await page.getByRole("button", { name: "Delete Gone" }).click();
    await page.getByText("“Gone” is deleted.").waitFor();
    await leave(page);
    const again = await context.newPage();
    await again.goto("/");
    await again.getByRole("heading", { name: "Kept" }).waitFor();
    assert.equal(await again.getByRole("heading", { name: "Gone" }).count(), 0, String(leave));
    await Promise.all([again.close(), page.close()]);
  }
});

test("a note that is too long is told at its field, and nothing that was written is lost", async () => {
  const page = await newcomer();
  const form = page.getByRole("form", { name: "New note" });
  await form.getByLabel("Content").fill("kept");
  await form.getByRole("button", { name: "Add note" }).click();
  await form.getByText("This field may not be blank.").waitFor();
  assert.equal(await form.getByLabel("Content").inputValue(), "kept");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "title");
});

test("notes are those of who is logged in", async () => {
  const [one, other] = [await newcomer(), await newcomer()];
  await write(one, "Mine", "alone");
  await one.getByRole("heading", { name: "Mine" }).waitFor();
  await other.reload();
  await other.getByText("No notes yet.").waitFor();
});

test("the page of notes has no fault that keeps somebody out", async () => {
  const page = await newcomer();
  assert.deepEqual(await faults(page), []);
  await write(page, "Milk", "Two bottles");
  await page.getByRole("button", { name: "Edit Milk" }).click();
  assert.deepEqual(await faults(page), []);
});
