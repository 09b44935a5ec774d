// From nothing to a page on which somebody is logged in: the commands of the README as they are printed, in a shell. Then one
// program of it all. And the demonstration.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.js";

const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const built = path.join(process.env.CARGO_TARGET_DIR ?? path.join(checkout, "target"), "debug");
// Where the stories build theirs, so that the framework is compiled once for all new projects.
const target = path.join(checkout, "target/stories");
const folder = mkdtempSync(path.join(os.tmpdir(), "quintet-start-"));
const project = path.join(folder, "mysite");
const env = {
  PATH: `${built}:${process.env.PATH}`,
  CARGO_TARGET_DIR: target,
  CARGO_NET_OFFLINE: "true",
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(HOME|CARGO_HOME|CARGO_PROFILE_.*|RUSTUP_.*|npm_config_.*|NPM_CONFIG_.*)$/.test(name))),
};
let browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The commands with which the README starts. */
function commands() {
  const sections = readFileSync(path.join(checkout, "README.md"), "utf8").split(/^(?=## )/m);
  const start = sections.find((text) => text.startsWith("## Start\n"));
  return start.split("\n").filter((line) => line.startsWith("$ ")).map((line) => line.slice(2));
}

/** Lines in one shell, the last of which goes on; resolves to the address that it says. */
async function served(lines, cwd, environment = env) {
  // All that comes of it is one group of processes, which ends together.
  const shell = spawn("bash", ["-ec", lines.join("\n")], { cwd, env: environment, stdio: ["ignore", "ignore", "pipe"], detached: true });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    shell.stderr.on("data", (bytes) => {
      said += bytes;
      const found = said.match(/serving at (http:\/\/[^/]+)\//);
      if (found) resolve(found[1]);
    });
    shell.on("exit", (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
  return { address, stop: () => process.kill(-shell.pid, "SIGTERM") };
}

/** Registers, and is then logged in. */
async function register(address, username) {
  const page = await (await browser.newContext({ baseURL: address })).newPage();
  await page.goto("/", { timeout: 60_000 });
  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill("Lake-house-41");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: `Hello, ${username}` }).waitFor();
  return page;
}

test("at most six commands of the README lead to a page on which somebody is logged in", async () => {
  const [install, ...lines] = commands();
  // What it installs was built for these tests.
  assert.match(install, /^cargo install --locked --path crates\/quintet-cli\b/);
  assert.ok(lines.length > 3 && lines.length <= 5, lines.join("\n"));
  assert.match(lines.at(-1), /^cargo manage runserver$/);
  // Another port, because somebody on this machine may have that one.
  const server = await served([...lines.slice(0, -1), `exec ${lines.at(-1)} 0`], folder);
  try {
    await register(server.address, "ann");
  } finally {
    server.stop();
  }
});

test("cargo manage build makes one program, which has the pages inside", async () => {
  execFileSync("cargo", ["manage", "build", "--dev"], { cwd: project, env, stdio: "pipe" });
  const alone = path.join(folder, "alone");
  mkdirSync(alone);
  copyFileSync(path.join(target, "debug/mysite"), path.join(alone, "mysite"));
  execFileSync("chmod", ["+x", path.join(alone, "mysite")]);
  const environment = { PATH: process.env.PATH, SECRET_KEY: "only-for-this-test-0123456789-abcdefghijklmnopqrst", DEBUG: "True" };
  const server = await served(["./mysite migrate", "exec ./mysite serve 127.0.0.1:0"], alone, environment);
  try {
    const page = await register(server.address, "bob");
    const answer = await page.goto("/account");
    assert.match(answer.headers()["content-security-policy"], /default-src 'self'/);
  } finally {
    server.stop();
  }
});

test("make demo serves the notes application with its pages, its API and a user", () => {
  const said = execFileSync("make", ["demo"], { cwd: checkout, env: { ...env, DEMO_ONCE: "1" }, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  assert.deepEqual(said.match(/^HTTP\/1\.1 \d+/gm), ["200", "200", "401", "200", "200"].map((status) => `HTTP/1.1 ${status}`));
  assert.match(said, /<div id="root">/);
  // The notes of its user, of which there are none yet.
  assert.ok(said.trimEnd().endsWith("\n[]"), said.slice(-200));
});
