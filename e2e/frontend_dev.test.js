// A front end while somebody works on it: one address by `runserver`, or its own server beside it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";
import { freePort, launch } from "./browser.js";
import { develop, project } from "./frontend.js";

const PASSWORD = "Lake-house-41";
let browser;
let folders;

before(async () => {
  browser = await launch();
  folders = { cookie: project("site-cookie"), bearer: project("site-bearer", ["--typescript", "--auth", "bearer"]) };
});

after(() => browser?.close());

/** Registers somebody in a browser that has never been here. */
async function newcomer(address) {
  const page = await (await browser.newContext({ baseURL: address })).newPage();
  await page.goto("/register", { timeout: 60_000 });
  await page.getByLabel("Username").fill("eve");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Hello, eve" }).waitFor();
  return page;
}

test("one address has the API and the front end, and a change is there at once", async () => {
  const server = await develop(folders.cookie);
  const home = path.join(folders.cookie, "frontend/src/pages/Home.jsx");
  const before_ = readFileSync(home, "utf8");
  try {
    const page = await newcomer(server.address);
    assert.equal((await page.request.get("/api/no/such/")).status(), 404);
    await page.evaluate(() => {
      globalThis.same = true;
    });
    writeFileSync(home, before_.replace("Everything works", "Everything is as new"));
    await page.getByText("Everything is as new").waitFor();
    assert.equal(await page.evaluate(() => globalThis.same), true, "the page was loaded again");
    await page.context().close();
  } finally {
    writeFileSync(home, before_);
    server.process.kill("SIGTERM");
  }
});

test("fifty requests that meet one expiry ask for exactly one refresh, and all succeed", async () => {
  for (const [style, extension] of [["cookie", "js"], ["bearer", "ts"]]) {
    const server = await develop(folders[style], { ACCESS_SECONDS: "8" });
    const page = await newcomer(server.address);
    let refreshes = 0;
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/api/token/refresh/")) refreshes += 1;
    });
    await page.waitForTimeout(8500);
    const statuses = await page.evaluate(async (module) => {
      const { api } = await import(module);
      return Promise.all(Array.from({ length: 50 }, async () => (await api.get("/api/sessions/")).status));
    }, `/src/api.${extension}`);
    server.process.kill("SIGTERM");
    assert.deepEqual(new Set(statuses), new Set([200]), style);
    assert.equal(statuses.length, 50);
    assert.equal(refreshes, 1, style);
    await page.context().close();
  }
});

test("the front end's server ends with runserver, however that ends", async () => {
  for (const signal of ["SIGTERM", "SIGKILL"]) {
    const server = await develop(folders.cookie);
    const page = await browser.newPage();
    const wire = page.waitForEvent("websocket");
    await page.goto(`${server.address}/login`, { timeout: 60_000 });
    const port = Number(new URL((await wire).url()).port);
    assert.equal(await isOpen(port), true);
    await page.close();
    server.process.kill(signal);
    await gone(port);
  }
});

test("the front end's own server beside the API's works in both styles", async () => {
  for (const style of ["cookie", "bearer"]) {
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    const api = await develop(folders[style], { CORS_ALLOWED_ORIGINS: origin }, ["--no-frontend"]);
    const address = api.address.replace("127.0.0.1", "localhost");
    const vite = spawn(process.execPath, ["node_modules/vite/bin/vite.js", "--port", String(port), "--strictPort"], {
      cwd: path.join(folders[style], "frontend"),
      env: { ...process.env, VITE_API_URL: address },
      stdio: "ignore",
    });
    try {
      await opened(port);
      const page = await newcomer(origin);
      await page.reload();
      await page.getByRole("heading", { name: "Hello, eve" }).waitFor();
      await page.getByRole("button", { name: "Log out" }).click();
      await page.getByRole("heading", { name: "Log in" }).waitFor();
      await page.context().close();
    } finally {
      vite.kill();
      api.process.kill();
    }
  }
});

const isOpen = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, "localhost", () => resolve(true) || socket.destroy());
    socket.on("error", () => resolve(false));
  });

async function opened(port) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await isOpen(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("nobody listens");
}

async function gone(port) {
  for (let tries = 0; tries < 50; tries += 1) {
    if (!(await isOpen(port))) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("somebody still listens");
}
