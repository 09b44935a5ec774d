// The templates of front ends: their JavaScript is what comes of their TypeScript, and every combination passes its own
// checks.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { project, start } from "./frontend.js";

const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const templates = path.join(checkout, "crates/quintet-cli/templates/frontend");
let installed;

before(() => {
  const folders = { javascript: project("site-cookie"), typescript: project("site-bearer", ["--typescript", "--auth", "bearer"]) };
  installed = Object.fromEntries(Object.entries(folders).map(([name, at]) => [name, path.join(at, "frontend/node_modules")]));
});

test("the JavaScript is what scripts/javascript.mjs makes of the TypeScript", () => {
  const typescript = path.join(installed.typescript, "typescript");
  for (const style of ["", "-cookie", "-bearer"]) {
    for (const part of ["src", "tests"]) {
      const made = mkdtempSync(path.join(os.tmpdir(), "quintet-javascript-"));
      const from = path.join(templates, `typescript${style}`, part);
      execFileSync(process.execPath, [path.join(checkout, "scripts/javascript.mjs"), typescript, from, made]);
      assert.deepEqual(texts(made), texts(path.join(templates, `javascript${style}`, part)), `javascript${style}/${part}`);
      rmSync(made, { recursive: true });
    }
  }
});

test("packages are a dozen at most, of exact versions, which the lockfile has too", () => {
  for (const language of ["javascript", "typescript"]) {
    const read = (name) => JSON.parse(readFileSync(path.join(templates, language, name), "utf8"));
    const { dependencies, devDependencies, engines } = read("package.json");
    const asked = { ...dependencies, ...devDependencies };
    assert.ok(Object.keys(asked).length <= 12, Object.keys(asked).join(" "));
    for (const [name, version] of Object.entries(asked)) assert.match(version, /^\d+\.\d+\.\d+$/, name);
    assert.equal(engines.node, ">=20.19.0");
    const { packages } = read("package-lock.json");
    assert.deepEqual({ ...packages[""].dependencies, ...packages[""].devDependencies }, asked);
    for (const [name, version] of Object.entries(asked)) assert.equal(packages[`node_modules/${name}`].version, version);
  }
});

for (const language of ["javascript", "typescript"]) {
  for (const auth of ["cookie", "bearer"]) {
    test(`${language} with --auth ${auth} passes its types, its lints and its own tests, and builds`, () => {
      const folder = mkdtempSync(path.join(os.tmpdir(), "quintet-frontend-"));
      start("site", path.join(folder, "site"), ["--auth", auth, ...(language === "typescript" ? ["--typescript"] : [])]);
      const cwd = path.join(folder, "site/frontend");
      symlinkSync(installed[language], path.join(cwd, "node_modules"));
      for (const script of ["check", "lint", "test", "build"]) {
        execFileSync("npm", ["run", "--silent", script], { cwd, stdio: "pipe" });
      }
      const scripts = readdirSync(path.join(cwd, "dist/assets")).filter((name) => name.endsWith(".js.gz"));
      const size = scripts.reduce((sum, name) => sum + statSync(path.join(cwd, "dist/assets", name)).size, 0);
      assert.ok(size > 0 && size <= 130 * 1024, `${size} bytes of JavaScript`);
      rmSync(folder, { recursive: true });
    });
  }
}

/** The files below a folder with their texts. */
function texts(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => statSync(path.join(folder, name)).isFile());
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));
}
