// A browser and servers for the tests: started here, ended here. Everything listens on this machine only.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A headless Chromium that looks nothing up on the network. */
export async function launch() {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
  });
}

/** A page that fails the test when a visitor's script runs, when something is not allowed, or when a script fails. */
export async function watched(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const wrong = [];
  await page.exposeFunction("hostile", () => wrong.push("a script of the visitor's ran"));
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) wrong.push(message.text());
  });
  const close = async () => {
    assert.deepEqual(wrong, []);
    await context.close();
  };
  return { page, close };
}

/** Where the browser is. */
export function chromiumPath() {
  const found = places.find((place) => place && existsSync(place));
  if (!found) throw new Error("no Chromium: run scripts/bootstrap browser, or name one in CHROMIUM");
  return found;
}

/** Where a program of the workspace is. */
const built = (name) => path.join(process.env.CARGO_TARGET_DIR ?? path.join(checkout, "target"), "debug", name);

/** Runs a command of a program of the workspace to its end; resolves to what it said. */
export async function run(name, args, environment = {}) {
  const command = spawn(built(name), args, { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment } });
  let said = "";
  for (const output of [command.stdout, command.stderr]) output.on("data", (bytes) => (said += bytes));
  const code = await new Promise((resolve, reject) => {
    command.on("exit", resolve);
    command.on("error", reject);
  });
  if (code !== 0) throw new Error(`${name} ${args.join(" ")} ended with ${code}: ${said}`);
  return said;
}

/** A program of the workspace, serving on a free port, or on one that is named; resolves to its address. */
export async function serve(name, environment = {}, port = 0) {
  const program = built(name);
  const server = spawn(program, ["serve", `127.0.0.1:${port}`], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    server.stderr.on("data", (bytes) => {
      said += bytes;
      const found = said.match(/serving at (http:\/\/[^/]+)\//);
      if (found) resolve(found[1]);
    });
    server.on("exit", (code) => reject(new Error(`${name} ended with ${code}: ${said}`)));
    server.on("error", reject);
  });
  return { address, stop: () => server.kill("SIGTERM") };
}

/** A folder of a test's own, gone when the process of the tests ends, unless one of them failed: then it is looked at. */
export function scratch(name, parent = os.tmpdir()) {
  const folder = mkdtempSync(path.join(parent, name));
  process.on("exit", (code) => code === 0 && rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** An empty page on an origin of its own; resolves to the origin. */
export async function emptyOrigin() {
  const server = http.createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><title>other</title>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

/** A port of this machine on which nobody listens. */
export function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
