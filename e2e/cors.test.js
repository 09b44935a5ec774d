// Cross-origin requests as a real browser makes them: what the settings allow works, what they do not is refused.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { emptyOrigin, launch, serve } from "./browser.js";

let browser;
let friend;
let stranger;
let site;
let page;

before(async () => {
  browser = await launch();
  friend = await emptyOrigin();
  stranger = await emptyOrigin();
  site = await serve("notes", { CORS_ALLOWED_ORIGINS: friend.origin });
});

after(async () => {
  await browser?.close();
  site?.stop();
  friend?.stop();
  stranger?.stop();
});

/** What a script on an origin gets from the site. */
async function ask(origin, options) {
  page = await browser.newPage();
  await page.goto(origin);
  const answer = await page.evaluate(
    async ([url, options]) => {
      try {
        const response = await fetch(url, options);
        return { status: response.status, body: await response.text() };
      } catch (error) {
        return { refused: String(error) };
      }
    },
    [`${site.address}/greet/you/`, options],
  );
  await page.close();
  return answer;
}

test("an allowed origin reads an answer", async () => {
  assert.deepEqual(await ask(friend.origin, {}), { status: 200, body: '{"message":"Hello, you!"}' });
});

test("an allowed origin passes the preflight of a request with a token and a JSON body", async () => {
  const options = {
    method: "DELETE",
    headers: { Authorization: "Bearer x", "Content-Type": "application/json" },
    body: "{}",
  };
  const answer = await ask(friend.origin, options);
  assert.equal(answer.status, 401, "the request itself arrives and is answered, errors included");
  assert.match(answer.body, /token_not_valid/);
});

test("an origin that is not allowed reads nothing", async () => {
  assert.match((await ask(stranger.origin, {})).refused, /Failed to fetch/);
});

test("an origin that is not allowed is stopped at the preflight", async () => {
  const answer = await ask(stranger.origin, { method: "PUT", headers: { Authorization: "Bearer x" } });
  assert.match(answer.refused, /Failed to fetch/);
});

test("a header that is not in the list is stopped at the preflight", async () => {
  assert.match((await ask(friend.origin, { headers: { "X-Unlisted": "1" } })).refused, /Failed to fetch/);
});

test("cookies travel for an allowed origin and for no other", async () => {
  assert.equal((await ask(friend.origin, { credentials: "include" })).refused, undefined);
  assert.match((await ask(stranger.origin, { credentials: "include" })).refused, /Failed to fetch/);
});
