// A new project's front end for the tests: written by the command, built by its own tools, served by a program whose
// tokens end when a test wants it.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { scratch, serve } from "./browser.js";

const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const target = process.env.CARGO_TARGET_DIR ?? path.join(checkout, "target");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The folder of a new project whose front end is built. The last one is kept, as long as the templates are the same. */
export function project(name, flags = []) {
  const folder = path.join(target, "e2e", name);
  const fresh = path.join(target, "e2e", `${name}-fresh`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(path.dirname(folder), { recursive: true });
  start(name, fresh, flags);
  const same = existsSync(path.join(folder, "frontend/dist/index.html")) && texts(fresh) === texts(folder);
  if (!same) {
    rmSync(folder, { recursive: true, force: true });
    run("mv", [fresh, folder], checkout);
    run("npm", ["ci", "--no-audit", "--no-fund", "--silent"], path.join(folder, "frontend"));
    run("npm", ["run", "build", "--silent"], path.join(folder, "frontend"));
  }
  rmSync(fresh, { recursive: true, force: true });
  return folder;
}

/** The folder of the notes application, whose front end is built. */
export function notesProject() {
  const folder = path.join(checkout, "examples/notes");
  const frontend = path.join(folder, "frontend");
  if (!existsSync(path.join(frontend, "node_modules"))) run("npm", ["ci", "--silent", "--no-audit", "--no-fund"], frontend);
  run("npm", ["run", "--silent", "build"], frontend);
  return folder;
}

/** Lets the command write a project with a front end. */
export function start(name, folder, flags) {
  run(path.join(target, "debug", "quintet"), ["startproject", name, folder, "--frontend", "react", ...flags], checkout);
}

/** The program with a database of its own, of SQLite unless it is said otherwise, at the built front end of a project. */
export async function site(folder, environment = {}, kind = "sqlite") {
  const own = scratch("data-", path.join(target, "e2e"));
  const mails = path.join(own, "mails");
  mkdirSync(mails);
  const database = kind === "postgresql" ? onServer() : `sqlite://${own}/db.sqlite3`;
  const env = { CARGO_MANIFEST_DIR: folder, DATABASE_URL: database, MAILS: mails, ...environment };
  execFileSync(path.join(target, "debug", "fronting"), ["migrate"], { env: { ...process.env, ...env }, stdio: "pipe" });
  const server = await serve("fronting", env);
  return {
    ...server,
    /** The text of the one mail that came. */
    mail: () => readdirSync(mails).map((name) => readFileSync(path.join(mails, name), "utf8")).join("\n"),
    again: async () => serve("fronting", env, new URL(server.address).port),
  };
}

let databases = 0;

/** A new database on the server that scripts/postgres started; it goes with that. */
function onServer() {
  databases += 1;
  const name = `e2e_${process.pid}_${databases}`;
  execFileSync("createdb", [name]);
  return process.env.QUINTET_TEST_POSTGRES.replace("/postgres?", `/${name}?`);
}

/** `runserver`, with the front end's own server behind it unless the arguments say otherwise. */
export async function develop(folder, environment = {}, args = []) {
  const own = scratch("data-", path.join(target, "e2e"));
  const env = { ...process.env, CARGO_MANIFEST_DIR: folder, DATABASE_URL: `sqlite://${own}/db.sqlite3`, ...environment };
  execFileSync(path.join(target, "debug", "fronting"), ["migrate"], { env, stdio: "pipe" });
  const server = spawn(path.join(target, "debug", "fronting"), ["runserver", "0", "--noreload", ...args], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    server.stderr.on("data", (bytes) => {
      said += bytes;
      const found = said.match(/serving at (http:\/\/[^/]+)\//);
      if (found) resolve(found[1]);
    });
    server.on("exit", (code) => reject(new Error(`runserver ended with ${code}: ${said}`)));
  });
  return { address, process: server };
}

/** What is wrong with a page for people who do not see, hear or point as others do; by day and by night. */
export async function faults(page) {
  const found = [];
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // Colours that are on their way from one to the other are neither.
    await page.waitForTimeout(300);
    // The page's own policy lets no script in from elsewhere; the debugger may.
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    found.push(...violations.map((each) => `${colorScheme}: ${each.id}: ${each.nodes.map((node) => node.html).join(" ")}`));
  }
  return found;
}

/** The texts of what the command writes, but for the secret. */
function texts(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => !/(^|\/)(node_modules|dist)(\/|$)/.test(name));
  const kept = names.filter((name) => name.startsWith("frontend/") && /\.[a-z]+$/.test(name)).sort();
  return kept.map((name) => `${name}\n${readFileSync(path.join(folder, name), "utf8")}`).join("\n");
}

function run(command, args, cwd) {
  execFileSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
}
