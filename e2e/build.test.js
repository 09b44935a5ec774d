// `manage build` in a project as the command makes it: one file, which serves pages and API from any folder, without its
// sources and without Node.js.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { project } from "./frontend.js";

const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
// Where the tests of new projects build, so that the framework is compiled once for all of them.
const target = path.join(checkout, "target", "stories");
let folder;
let address;
let server;

before(async () => {
  const sources = project("site-cookie");
  const cargo = { CARGO_TARGET_DIR: target, CARGO_NET_OFFLINE: "true" };
  const environment = { ...process.env, ...cargo };
  delete environment.RUSTFLAGS;
  // No secret is needed to build: the variable is there, and empty.
  const build = (...words) =>
    execFileSync("cargo", ["manage", "build", "--dev", ...words], {
      cwd: sources, env: { ...environment, SECRET_KEY: "" }, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"],
    });
  assert.match(build(), /^built .*\/debug\/site-cookie\n$/);
  // As in a container, where Node.js was at work in another stage; nothing has changed, and so the program is the same.
  assert.match(build("--prebuilt"), /^built /);
  folder = mkdtempSync(path.join(tmpdir(), "quintet-built-"));
  copyFileSync(path.join(target, "debug", "site-cookie"), path.join(folder, "program"));
  const env = { PATH: "/nowhere", SECRET_KEY: "k".repeat(60), DATABASE_URL: "sqlite://db.sqlite3" };
  const here = { cwd: folder, env };
  execFileSync("./program", ["migrate"], { ...here, stdio: "ignore" });
  server = spawn("./program", ["serve", "127.0.0.1:0"], { ...here, stdio: ["ignore", "ignore", "pipe"] });
  address = await new Promise((resolve, reject) => {
    let said = "";
    server.stderr.on("data", (bytes) => {
      said += bytes;
      const found = said.match(/serving at http:\/\/([^/]+)\//);
      if (found) resolve(found[1]);
    });
    server.on("exit", (code) => reject(new Error(`the program ended with ${code}: ${said}`)));
    server.on("error", reject);
  });
});

after(() => {
  server?.kill("SIGTERM");
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** One request, with nothing done to the answer. */
function ask(path, headers = {}, method = "GET") {
  const [host, port] = address.split(":");
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, path, headers, method }, (answer) => {
      const pieces = [];
      answer.on("data", (piece) => pieces.push(piece));
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) }));
    });
    request.on("error", reject);
    request.end();
  });
}

const visit = { accept: "text/html", "sec-fetch-mode": "navigate" };

async function script() {
  const page = await ask("/", visit);
  return page.body.toString().match(/src="(\/assets\/[^"]+\.js)"/)[1];
}

test("the folder holds the program and its database, and nothing else", () => {
  const names = readdirSync(folder).filter((name) => !name.startsWith("db.sqlite3"));
  assert.deepEqual(names, ["program"]);
});

test("every address of the front end is its page, with a strict policy", async () => {
  for (const address of ["/", "/login", "/reset-password/MQ/a-b"]) {
    const page = await ask(address, visit);
    assert.equal(page.status, 200, address);
    assert.match(page.body.toString(), /<div id="root">/);
    assert.match(page.headers["content-security-policy"], /^default-src 'self'; object-src 'none'/);
    assert.equal(page.headers["cache-control"], "no-cache");
  }
});

test("files with a digest in their names are kept for good, and come compressed", async () => {
  const name = await script();
  const plain = await ask(name);
  assert.equal(plain.status, 200);
  assert.equal(plain.headers["cache-control"], "public, max-age=31536000, immutable");
  for (const coding of ["br", "gzip"]) {
    const small = await ask(name, { "accept-encoding": coding });
    assert.equal(small.headers["content-encoding"], coding);
    assert.ok(small.body.length < plain.body.length / 2, `${coding}: ${small.body.length} of ${plain.body.length}`);
    assert.match(small.headers.vary, /\bAccept-Encoding\b/);
  }
  const again = await ask(name, { "if-none-match": plain.headers.etag });
  assert.equal(again.status, 304);
});

test("what is below the API is never a page", async () => {
  assert.equal((await ask("/api/typo/", visit)).status, 404);
  assert.equal((await ask("/api/user/me/")).status, 401);
  assert.equal((await ask("/assets/gone.js")).status, 404);
});

test("the program says what is in it", () => {
  const env = { SECRET_KEY: "k".repeat(60) };
  const found = execFileSync("./program", ["findstatic", "index.html"], { cwd: folder, env, encoding: "utf8" });
  assert.equal(found, "Found 'index.html' here:\n  index.html in this program\n");
});

test("it asks itself how it is", () => {
  const env = { SECRET_KEY: "k".repeat(60), DATABASE_URL: "sqlite://db.sqlite3" };
  const said = execFileSync("./program", ["healthcheck", address], { cwd: folder, env, encoding: "utf8" });
  assert.match(said, /can serve\n$/);
});
