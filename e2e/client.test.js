// The typed client: what is written for a project compiles under every strict flag, refuses wrong uses, and works against
// the server that it was written for.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { run, serve } from "./browser.js";

const here = path.dirname(fileURLToPath(import.meta.url));
// Within the folder of packages, so that both the compiler and node find axios, and nothing is left in the checkout.
mkdirSync(path.join(here, "node_modules"), { recursive: true });
const folder = mkdtempSync(path.join(here, "node_modules", ".client-"));
const environment = { DATABASE_URL: `sqlite://${path.join(folder, "db.sqlite3")}` };
let server;

const strictest = {
  strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noImplicitOverride: true,
  noImplicitReturns: true, noFallthroughCasesInSwitch: true, noPropertyAccessFromIndexSignature: true,
  noUnusedLocals: true, noUnusedParameters: true, allowUnreachableCode: false, allowUnusedLabels: false,
  verbatimModuleSyntax: true, isolatedModules: true, erasableSyntaxOnly: true, noUncheckedSideEffectImports: true,
  target: "es2023", lib: ["es2023", "dom", "dom.iterable"], types: [], skipLibCheck: false,
};

const use = `
import axios, { AxiosError } from "axios";
import { createClient, fieldErrors, refusal, type Client, type Note } from "./client.js";

export async function story(baseURL: string): Promise<string[]> {
  const said: string[] = [];
  const http = axios.create({ baseURL });
  const api: Client = createClient(http);
  await api.registerCreate({ username: "ann", password: "S3cret-pass!" });
  const tokens = await api.tokenCreate({ username: "ann", password: "S3cret-pass!" });
  http.defaults.headers.common["Authorization"] = "Bearer " + tokens.access;
  const made: Note = await api.notesCreate({ title: "One", content: "first" });
  said.push(made.title, String(made.author > 0));
  const changed = await api.notesPartialUpdate(made.id, { content: "second" });
  said.push(changed.content);
  const all: Note[] = await api.notesList();
  said.push(String(all.length), all[0]?.title ?? "none");
  try {
    await api.notesCreate({ title: "", content: "x" });
  } catch (error) {
    const wrong = fieldErrors("notesCreate", error);
    said.push(wrong?.title?.[0] ?? "nothing");
    const refused = refusal("notesCreate", error);
    if (refused?.status === 400) said.push("400");
    if (!(error instanceof AxiosError)) throw error;
  }
  await api.notesDestroy(made.id);
  try {
    await api.notesRetrieve(made.id);
  } catch (error) {
    const refused = refusal("notesRetrieve", error);
    if (refused?.status === 404) said.push(refused.data.detail);
    said.push(String(fieldErrors("notesRetrieve", error)));
  }
  // @ts-expect-error: a title is a text
  void (() => api.notesCreate({ title: 1, content: "x" }));
  // @ts-expect-error: the content is missing
  void (() => api.notesCreate({ title: "x" }));
  // @ts-expect-error: nobody gives the author
  void (() => api.notesCreate({ title: "x", content: "x", author: 1 }));
  // @ts-expect-error: a note has no body
  void (() => made.body);
  // @ts-expect-error: there is no such operation
  void (() => fieldErrors("notesArchive", undefined));
  // @ts-expect-error: an operation does not refuse with this
  void ((one: import("./client.js").Refusal<"notesRetrieve">) => one.status === 418);
  return said;
}
`;

function compile(...args) {
  const done = spawnSync(process.execPath, [path.join(here, "node_modules", "typescript", "bin", "tsc"), ...args], { cwd: folder, encoding: "utf8" });
  assert.equal(done.status, 0, done.stdout + done.stderr);
}

before(async () => {
  await run("notes", ["migrate"], environment);
  server = await serve("notes", environment);
});

after(() => {
  server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const wanted = ["One", "true", "second", "1", "One", "This field may not be blank.", "400", "No Note matches the given query.", "undefined"];

test("the client in TypeScript compiles under every strict flag and works against the server", async () => {
  const out = path.join(folder, "ts");
  await run("notes", ["generateclient", "--out", out], environment);
  writeFileSync(path.join(out, "use.ts"), use);
  for (const [module, moduleResolution] of [["esnext", "bundler"], ["nodenext", "nodenext"]]) {
    writeFileSync(path.join(out, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(path.join(out, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...strictest, module, moduleResolution, outDir: "built" }, include: ["*.ts"] }));
    compile("-p", out);
  }
  const { story } = await import(pathToFileURL(path.join(out, "built", "use.js")).href);
  assert.deepEqual(await story(server.address), wanted);
});

test("the client in JavaScript has the same types, and works the same", async () => {
  const out = path.join(folder, "js");
  await run("notes", ["generateclient", "--out", out, "--js"], environment);
  writeFileSync(path.join(out, "use.ts"), use.replace('"ann"', '"bob"').replace('"ann"', '"bob"'));
  writeFileSync(path.join(out, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(path.join(out, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...strictest, module: "esnext", moduleResolution: "bundler" }, include: ["*.ts"] }));
  compile("-p", out);
  const { story } = await import(pathToFileURL(path.join(out, "use.js")).href);
  assert.deepEqual(await story(server.address), wanted);
});

test("a client that is not what the API is now is told by --check", async () => {
  const out = path.join(folder, "checked");
  await run("notes", ["generateclient", "--out", out], environment);
  await run("notes", ["generateclient", "--out", out, "--check"], environment);
  const file = path.join(out, "client.ts");
  const before = readFileSync(file, "utf8");
  writeFileSync(file, before.replace("notesCreate", "notesMake"));
  await assert.rejects(run("notes", ["generateclient", "--out", out, "--check"], environment), /not what the API is now/);
  assert.notEqual(readFileSync(file, "utf8"), before, "--check writes nothing");
});

test("the client of every field that there is compiles too", async () => {
  const out = path.join(folder, "all");
  await run("conformance", ["generateclient", "--out", out], { PROFILE: "gallery", DATABASE_URL: "sqlite::memory:" });
  writeFileSync(path.join(out, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...strictest, module: "esnext", moduleResolution: "bundler", noEmit: true }, include: ["*.ts"] }));
  compile("-p", out);
});

test("files are sent as forms, and lists in a query as filters read them", async () => {
  const out = path.join(folder, "files");
  const environment = { PROFILE: "gallery", DATABASE_URL: `sqlite://${path.join(folder, "files.sqlite3")}`, MEDIA: path.join(folder, "media") };
  await run("conformance", ["generateclient", "--out", out, "--js"], environment);
  await run("conformance", ["migrate"], environment);
  const gallery = await serve("conformance", environment);
  try {
    const { createClient, fieldErrors, refusal } = await import(pathToFileURL(path.join(out, "client.js")).href);
    const { default: axios } = await import("axios");
    const http = axios.create({ baseURL: gallery.address });
    const asked = [];
    http.interceptors.request.use((config) => (asked.push(config.url), config));
    const api = createClient(http);
    // One pixel.
    const image = new File([Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64")], "dot.gif", { type: "image/gif" });
    const made = await api.galleryPhotosCreate({ title: "dot", image, note: null });
    assert.match(made.image, /^http.*\/photos\/dot.*\.gif$/);
    assert.deepEqual([made.title, made.note], ["dot", null]);
    const stored = readFileSync(path.join(folder, "media", "photos", path.basename(made.image)));
    assert.deepEqual(stored, Buffer.from(await image.arrayBuffer()));
    const bad = new File([], "dot.gif", { type: "image/gif" });
    const wrong = await api.galleryPhotosCreate({ image: bad }).then(() => undefined, (error) => fieldErrors("galleryPhotosCreate", error));
    assert.deepEqual(wrong, { image: ["The submitted file is empty."] });
    assert.equal((await api.shopProductsList({ status__in: ["draft", "live"], price__range: [1, 2.5] })).count, 0);
    const unknown = await api.shopProductsList({ tags: [8, 9] }).catch((error) => refusal("shopProductsList", error)?.status);
    assert.equal(unknown, 400);
    const queries = asked.slice(-2).map((url) => url.slice(url.indexOf("?")));
    assert.deepEqual(queries, ["?status__in=draft%2Clive&price__range=1%2C2.5", "?tags=8&tags=9"]);
  } finally {
    gallery.stop();
  }
});
