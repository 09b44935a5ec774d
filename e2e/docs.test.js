// The page of the API's description in a real browser: nothing is shown to strangers, both ways to log in, questions asked by
// its forms; and what an eye for accessibility finds, in light and in dark, on a desk and on a phone.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, run, serve, watched } from "./browser.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(path.join(tmpdir(), "docs-"));
const account = { username: "ann", password: "S3cret-pass!" };
const script = "<script>hostile()</script><img src=x onerror=hostile()>";

let browser;
let notes;
let shop;

/** A program with one user. */
async function site(program, more = {}) {
  const environment = { DATABASE_URL: `sqlite://${path.join(folder, `${program}.sqlite3`)}`, ...more };
  await run(program, ["migrate"], environment);
  await run(program, ["createsuperuser", "--noinput"], {
    ...environment,
    DJANGO_SUPERUSER_USERNAME: account.username,
    DJANGO_SUPERUSER_EMAIL: "ann@example.com",
    DJANGO_SUPERUSER_PASSWORD: account.password,
  });
  return serve(program, environment);
}

before(async () => {
  browser = await launch();
  [notes, shop] = [await site("notes"), await site("conformance", { PROFILE: "browsing" })];
});

after(async () => {
  await browser?.close();
  for (const one of [notes, shop]) one?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function logIn(page, password = account.password) {
  await page.fill("#name", account.username);
  await page.fill("#password", password);
  await page.click("#who button:has-text('Log in')");
}

/** Opens an operation, sends its form, and resolves to the answer that is shown. */
async function ask(page, operation, values = {}) {
  const place = page.locator(`#${operation}`);
  if (!(await place.locator("> details").getAttribute("open").then((open) => open !== null))) await place.locator("> details > summary").click();
  for (const [name, value] of Object.entries(values)) await page.fill(`#${operation}-${name}`, value);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().resourceType() === "fetch"),
    place.locator("button[type=submit]").click(),
  ]);
  await place.locator(`text=${answer.status()} `).first().waitFor();
  return { url: answer.url(), status: answer.status(), shown: (await place.locator("form pre").count()) ? await place.locator("form pre").textContent() : "" };
}

test("a stranger reads nothing; who logs in asks, and what others wrote is text", async () => {
  const { page, close } = await watched(browser);
  await page.goto(`${notes.address}/api/docs/`);
  await page.waitForSelector("text=The description is for those who are logged in");
  assert.equal(await page.locator("article").count(), 0);
  await logIn(page, "wrong");
  await page.waitForSelector("text=No active account found");
  await logIn(page);
  await page.waitForSelector("#notes_create");

  const refused = await ask(page, "notes_create", { body: '{"title": "", "content": "x"}' });
  assert.equal(refused.status, 400);
  assert.match(refused.shown, /This field may not be blank/);
  const made = await ask(page, "notes_create", { body: JSON.stringify({ title: script, content: "x" }) });
  assert.equal(made.status, 201);
  assert.ok(made.shown.includes(script));
  const { id } = JSON.parse(made.shown);
  const found = await ask(page, "notes_retrieve", { "path-id": String(id) });
  assert.deepEqual([found.status, JSON.parse(found.shown).title], [200, script]);
  assert.equal((await ask(page, "notes_destroy", { "path-id": String(id) })).status, 204);

  await page.fill("#find", "notes_destroy");
  assert.deepEqual(await page.locator("#index li:visible").allTextContents(), ["deletenotes_destroy"]);
  await page.click("text=Forget it");
  assert.equal((await ask(page, "notes_list")).status, 401);
  await close();
});

test("who is logged in by a session changes things too, and lists in a query are sent as filters read them", async () => {
  const { page, close } = await watched(browser);
  await page.goto(`${shop.address}/api-auth/login/?next=/api/docs/`);
  await page.fill("#id_username", account.username);
  await page.fill("#id_password", account.password);
  await page.click("button:has-text('Log in')");
  await page.waitForSelector("#shop_tags_create");
  assert.equal((await ask(page, "shop_tags_create", { body: '{"label": "red"}' })).status, 201);
  assert.equal((await ask(page, "shop_tags_create", { body: '{"label": "blue"}' })).status, 201);
  const listed = await ask(page, "shop_products_list", { "query-tags": "1, 2", "query-status__in": "draft,live" });
  assert.match(listed.url, /\?status__in=draft%2Clive&tags=1&tags=2$/);
  assert.equal(listed.status, 200);
  await close();
});

test("an eye for accessibility finds nothing, in light and in dark, on a desk and on a phone", async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1200, 375]) {
      const { page, close } = await watched(browser, { colorScheme, viewport: { width, height: 800 } });
      await page.goto(`${shop.address}/api/docs/`);
      await page.waitForSelector("article");
      await logIn(page, "wrong");
      await page.waitForSelector("text=No active account found");
      await check(page, `docs ${colorScheme} ${width}`);
      await logIn(page);
      await page.waitForSelector("text=A token is sent along");
      await page.waitForSelector("article");
      await ask(page, "shop_products_list");
      await ask(page, "shop_products_create");
      await page.locator("#shop_products_list summary:has-text('200')").click();
      await check(page, `docs asked ${colorScheme} ${width}`);
      const broken = await page.$$eval("#shop_products_list th, #shop_products_list td:nth-child(2)", (cells) => {
        const range = document.createRange();
        const lines = (cell) => (range.selectNodeContents(cell), range.getClientRects().length);
        return cells.filter((cell) => /^\w+$/.test(cell.textContent) && lines(cell) > 1).map((cell) => cell.textContent);
      });
      assert.deepEqual(broken, [], `words that are broken at ${width}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `the page is wider than the window by ${overflow} at ${width}`);
      await close();
    }
  }
});

/** Asks axe, by a way that the page's own policy does not see. */
async function check(page, where) {
  const found = await page.evaluate(`(async () => { ${axe}; return (await axe.run()).violations; })()`);
  const told = found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`);
  assert.deepEqual(told, [], where);
  if (process.env.SCREENSHOTS) {
    await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${where.replace(/[^a-z0-9]+/gi, "-")}.png`), fullPage: true });
  }
}
