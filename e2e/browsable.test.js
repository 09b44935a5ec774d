// The browsable API in a real browser: a list, its filters and pages, rows made, changed and deleted, both ways to log in;
// and what an eye for accessibility finds, in light and in dark.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, run, serve, watched } from "./browser.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(path.join(tmpdir(), "browsable-"));
const environment = { PROFILE: "browsing", DATABASE_URL: `sqlite://${path.join(folder, "db.sqlite3")}` };
const account = { username: "ann", password: "S3cret-pass!" };
const script = "<script>hostile()</script><img src=x onerror=hostile()>";

let browser;
let site;

before(async () => {
  await run("conformance", ["migrate"], environment);
  await run("conformance", ["createsuperuser", "--noinput"], {
    ...environment,
    DJANGO_SUPERUSER_USERNAME: account.username,
    DJANGO_SUPERUSER_EMAIL: "ann@example.com",
    DJANGO_SUPERUSER_PASSWORD: account.password,
  });
  [browser, site] = [await launch(), await serve("conformance", environment)];
  const { access } = await send("/api/token/", account);
  const books = await send("/api/shop/categories/", { name: "Books", slug: "books" }, access);
  await send("/api/shop/categories/", { name: "Tools & <b>more</b>", slug: "tools" }, access);
  for (const label of ["red", "blue", script.slice(0, 30)]) await send("/api/shop/tags/", { label }, access);
  for (let number = 1; number <= 8; number += 1) {
    await send(
      "/api/shop/products/",
      {
        name: `Lamp ${number}`,
        sku: `lamp-${number}`,
        price: `${number * 3}.50`,
        category: books.id,
        tags: [1],
        description: number === 8 ? `${script} https://example.com/a?b=1&c=2` : "",
      },
      access,
    );
  }
});

after(async () => {
  await browser?.close();
  site?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function send(where, data, token) {
  const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(site.address + where, { method: "POST", headers, body: JSON.stringify(data) });
  assert.ok(answer.ok, `${where}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}

async function logIn(page, next = "/api/shop/products/") {
  await page.goto(`${site.address}${next}`);
  await page.click("text=Log in");
  await page.fill("#id_username", account.username);
  await page.fill("#id_password", account.password);
  await page.click("button:has-text('Log in')");
  await page.waitForSelector("text=Log out");
}

const content = (page) => page.textContent("pre.content");

/** Waits until the page's content has a text. */
const shows = (page, text) =>
  page.waitForFunction((text) => document.querySelector("pre.content")?.textContent.includes(text), text);

test("a list is searched, filtered, ordered and turned over", async () => {
  const { page, close } = await watched(browser);
  await page.goto(`${site.address}/api/shop/products/`);
  assert.equal(await page.textContent("h1"), "Product List");
  assert.match(await page.textContent(".count"), /8 in all/);
  await page.click("nav.pages >> text=Next");
  assert.match(page.url(), /page=2/);
  assert.match(await content(page), /Lamp 4/);
  await page.fill("#filter-search", "lamp-7");
  await page.click("text=Apply");
  await page.waitForURL(/search=lamp-7/);
  assert.ok(!page.url().includes("page="), "a search begins at the first page");
  assert.match(await content(page), /"count": 1,/);
  await page.click("text=Clear");
  await page.selectOption("#filter-order", "-price");
  await page.click("summary:has-text('Filters')");
  await page.fill("#filter-price__lte", "10");
  await page.click("text=Apply");
  await page.waitForURL(/ordering=-price/);
  assert.deepEqual([...(await content(page)).matchAll(/Lamp \d/g)].map(String), ["Lamp 3", "Lamp 2", "Lamp 1"]);
  await page.fill("#filter-price__lte", "");
  await page.selectOption("#filter-status", "live");
  await page.click("text=Apply");
  await page.waitForURL(/status=live/);
  assert.match(await content(page), /"count": 0,/);
  await close();
});

test("a row is made after an error, changed and deleted by who logged in by a session", async () => {
  const { page, close } = await watched(browser);
  await logIn(page);
  assert.match(page.url(), /\/api\/shop\/products\/$/);
  await page.fill("#post-name", "Desk");
  await page.fill("#post-sku", "not a slug");
  await page.fill("#post-price", "12");
  await page.click("#post-form button:has-text('POST')");
  await page.waitForSelector("text=HTTP 400");
  assert.match(await page.textContent("#post-sku-errors"), /valid .slug./);
  assert.equal(await page.inputValue("#post-name"), "Desk");
  await page.fill("#post-sku", "desk");
  await page.selectOption("#post-tags", ["1", "2"]);
  await page.click("#post-form button:has-text('POST')");
  await page.waitForSelector("text=HTTP 201");
  const made = JSON.parse(await content(page));
  assert.deepEqual([made.name, made.price, made.tags], ["Desk", "12.00", [1, 2]]);

  await page.goto(`${site.address}/api/shop/products/${made.id}/`);
  assert.equal(await page.inputValue("#put-name"), "Desk");
  await page.fill("#put-name", "Table");
  await page.fill("#put-released_on", "2024-02-29");
  await page.selectOption("#put-status", "live");
  await page.click("#put-form button:has-text('PUT')");
  await shows(page, '"Table"');
  assert.match(await content(page), /"released_on": "2024-02-29"/);
  await page.click("#put-form summary:has-text('Raw data')");
  await page.fill("#put-form-content", '{"name": "Bench"}');
  await page.click("#put-form button:has-text('PATCH')");
  await shows(page, '"Bench"');
  assert.match(await content(page), /"status": "live"/);
  await page.click("#put-form summary:has-text('Raw data')");
  await page.fill("#put-form-content", '{"name": ');
  await page.click("#put-form button:has-text('PATCH')");
  await page.waitForSelector("text=HTTP 400");
  assert.equal(await page.inputValue("#put-form-content"), '{"name": ');
  await page.click("text=OPTIONS");
  await shows(page, '"actions"');
  await page.click("summary:has-text('DELETE')");
  await page.click("text=Yes, delete it");
  await page.waitForSelector("text=HTTP 204");
  await page.reload();
  await page.waitForSelector("text=HTTP 404");

  await page.click("text=Log out");
  await page.goto(`${site.address}/api/notes/`);
  await page.waitForSelector("text=HTTP 401");
  await close();
});

test("a token is obtained, kept by the tab alone, sent with each request, and forgotten", async () => {
  const { page, close } = await watched(browser);
  await page.goto(`${site.address}/api/notes/`);
  await page.waitForSelector("text=HTTP 401");
  await page.click("summary:has-text('Use a token')");
  await page.fill("#token-user", account.username);
  await page.fill("#token-password", "wrong");
  await page.click("text=Get a token");
  await page.waitForSelector("text=No active account found");
  await page.fill("#token-password", account.password);
  await page.click("text=Get a token");
  await page.waitForSelector("text=HTTP 200");
  assert.deepEqual(await page.context().cookies().then((all) => all.filter(({ name }) => name === "sessionid")), []);
  await page.fill("#post-title", "By token");
  await page.fill("#post-content", script);
  await page.click("#post-form button:has-text('POST')");
  await page.waitForSelector("text=HTTP 201");
  await page.click("nav[aria-label=Breadcrumbs] >> text=Note List");
  await shows(page, '"By token"');
  await page.reload();
  await shows(page, '"By token"');
  const other = await page.context().newPage();
  await other.goto(`${site.address}/api/notes/`);
  await other.waitForSelector("text=HTTP 401");
  await other.close();
  await page.click("text=Forget token");
  await page.waitForSelector("text=HTTP 401");
  await page.click("summary:has-text('Use a token')");
  await page.fill("#token-text", "Bearer not.a.token");
  await page.click("text=Use this token");
  await page.waitForSelector("text=The token is not good");
  await close();
});

test("what strangers wrote is text, and their addresses are links", async () => {
  const { page, close } = await watched(browser);
  await page.goto(`${site.address}/api/shop/products/?page=3&q=${encodeURIComponent(script)}`);
  assert.ok((await content(page)).includes("<script>hostile()</script>"));
  assert.equal(await page.getAttribute("pre.content a[href^='https://example.com']", "href"), "https://example.com/a?b=1&c=2");
  await logIn(page, `/api/shop/tags/?q=${encodeURIComponent(script)}`);
  await close();
});

test("without a script the page is for reading, and its form is sent", async () => {
  const { page, close } = await watched(browser, { javaScriptEnabled: false });
  await page.goto(`${site.address}/api/shop/tags/`);
  assert.match(await page.textContent("noscript"), /Without JavaScript/);
  await page.fill("#post-label", "plain");
  await page.click("#post-form button:has-text('POST')");
  assert.match(await page.textContent(".status"), /HTTP 201/);
  await close();
});

test("an eye for accessibility finds nothing, in light and in dark, on a desk and on a phone", async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1200, 375]) {
      const { page, close } = await watched(browser, { colorScheme, viewport: { width, height: 800 } });
      const places = ["/api/shop/", "/api/shop/products/?search=lamp&price__gte=1", "/api/notes/", "/api-auth/login/"];
      for (const place of places) {
        await page.goto(site.address + place);
        await check(page, `${place} ${colorScheme} ${width}`);
      }
      await page.fill("#id_username", "nobody");
      await page.fill("#id_password", "wrong");
      await page.click("button:has-text('Log in')");
      await page.waitForSelector("text=Please enter a correct username");
      await check(page, `a refused login ${colorScheme} ${width}`);
      await logIn(page);
      await page.click("#post-form button:has-text('POST')");
      await page.waitForSelector("text=HTTP 400");
      await check(page, `errors ${colorScheme} ${width}`);
      await page.goto(`${site.address}/api/shop/products/1/`);
      const colour = (text) => page.locator(".tools summary", { hasText: text }).evaluate((one) => getComputedStyle(one).color);
      assert.notEqual(await colour("DELETE"), await colour("Format"), "what cannot be undone looks like it");
      await page.click("summary:has-text('DELETE')");
      await check(page, `a row ${colorScheme} ${width}`);
      await page.goto(`${site.address}/api/shop/required/`);
      await check(page, `all controls ${colorScheme} ${width}`);
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
