// A front end that was written for the reference, with both tokens in localStorage, at the notes application: nothing of it is
// changed but the address of the API. It uses /api/token/, /api/token/refresh/, /api/user/register/ and /api/notes/.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, run, scratch, serve } from "./browser.js";

const files = path.join(path.dirname(fileURLToPath(import.meta.url)), "fixtures/bearer");
const axios = path.join(path.dirname(createRequire(import.meta.url).resolve("axios/package.json")), "dist/axios.min.js");
const KINDS = { ".html": "text/html", ".js": "text/javascript" };
const PASSWORD = "Lake-house-41";
let browser;
let pages;
let api;

before(async () => {
  pages = http.createServer((request, response) => {
    const name = request.url === "/" ? "/index.html" : request.url;
    const texts = { "/env.js": () => `window.env = { VITE_API_URL: "${api.address}" };`, "/axios.js": () => readFileSync(axios) };
    const own = ["/index.html", "/main.js", "/api.js"].includes(name) ? () => readFileSync(path.join(files, name)) : null;
    const text = texts[name] ?? own;
    response.writeHead(text ? 200 : 404, { "content-type": KINDS[path.extname(name)] ?? "text/plain" });
    response.end(text?.());
  });
  await new Promise((resolve) => pages.listen(0, "127.0.0.1", resolve));
  const folder = scratch("quintet-bearer-");
  const environment = {
    DATABASE_URL: `sqlite://${folder}/db.sqlite3`,
    CORS_ALLOWED_ORIGINS: `http://127.0.0.1:${pages.address().port}`,
  };
  await run("notes", ["migrate"], environment);
  api = await serve("notes", environment);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  api?.stop();
  pages?.close();
});

async function opened() {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(`http://127.0.0.1:${pages.address().port}/`);
  await page.getByRole("heading", { name: "Login" }).waitFor();
  return page;
}

async function send(page, username, password, button) {
  await page.getByPlaceholder("Username").fill(username);
  await page.getByPlaceholder("Password").fill(password);
  await page.getByRole("button", { name: button, exact: true }).click();
}

/** Somebody new, who is logged in. */
async function newcomer(username) {
  const page = await opened();
  await page.getByRole("button", { name: "Register instead" }).click();
  await send(page, username, PASSWORD, "Register");
  await page.getByRole("heading", { name: "Login" }).waitFor();
  await send(page, username, PASSWORD, "Login");
  await page.getByRole("heading", { name: "Notes" }).waitFor();
  return page;
}

async function write(page, title) {
  await page.getByPlaceholder("Title").fill(title);
  await page.getByPlaceholder("Content").fill(`about ${title}`);
  await page.getByRole("button", { name: "Submit" }).click();
  await page.getByText(`about ${title}`).waitFor();
}

test("who registers logs in, writes, reads again and deletes", async () => {
  const page = await newcomer("ann");
  await write(page, "Milk");
  await page.reload();
  await page.getByText("about Milk").waitFor();
  await page.getByRole("button", { name: "Delete Milk" }).click();
  await page.getByText("about Milk").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Logout" }).click();
  await page.getByRole("heading", { name: "Login" }).waitFor();
});

test("an access token that is refused is replaced by the refresh token, again and again", async () => {
  const page = await newcomer("bob");
  let refreshes = 0;
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/api/token/refresh/")) refreshes += 1;
  });
  for (const title of ["One", "Two", "Three"]) {
    // The claims stay, so that the page takes it for a good one; the signature is wrong, so that the server does not.
    await page.evaluate(() => {
      localStorage.setItem("access", localStorage.getItem("access").replace(/[^.]+$/, "AAAA"));
    });
    await write(page, title);
  }
  assert.equal(refreshes, 3);
});

test("what is refused is told in the words that it was written for", async () => {
  const page = await opened();
  await send(page, "nobody", "wrong", "Login");
  await page.getByText("No active account found with the given credentials").waitFor();
  await page.getByRole("button", { name: "Register instead" }).click();
  await send(page, "ann", "123", "Register");
  await page.getByText("A user with that username already exists.").waitFor();
});

test("a session that is over leads to the login", async () => {
  const page = await newcomer("eve");
  await page.evaluate(() => {
    for (const name of ["access", "refresh"]) {
      localStorage.setItem(name, localStorage.getItem(name).replace(/[^.]+$/, "AAAA"));
    }
  });
  await page.reload();
  await page.getByRole("heading", { name: "Login" }).waitFor();
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
});
