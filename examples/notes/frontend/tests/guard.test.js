// @ts-check

/** @import { AxiosAdapter } from "axios" */
/** @import { Guarded } from "../src/session/guard" */
import axios, { AxiosError } from "axios";
import { expect, test } from "vitest";
import { guard } from "../src/session/guard";

/**
 * A server that takes the tokens of a list, and whatever was sent to it.
 *
 * @param {string[]} valid
 * @param {Partial<Guarded>} session
 */
function client(valid, session = {}) {
  /** @type {{ token: string; data: unknown; url?: string }[]} */
  const sent = [];
  /** @type {AxiosAdapter} */
  const adapter = async (config) => {
    const token = String(config.headers.get("Authorization") ?? "");
    sent.push({ token, data: config.data, url: config.url });
    const status = valid.includes(token) ? 200 : 401;
    const response = { status, statusText: "", data: { token }, headers: {}, config };
    if (status === 200) return response;
    throw new AxiosError("refused", "ERR_BAD_REQUEST", config, null, response);
  };
  const api = axios.create({ adapter });
  /** @type {(string | null)[]} */
  const refreshed = [];
  guard(api, axios.create({ adapter }), {
    accessToken: () => "old",
    mayHaveSession: () => true,
    refresh: async (stale) => {
      refreshed.push(stale);
      return "new";
    },
    ...session,
  });
  return { api, sent, refreshed };
}

test("a request carries the access token", async () => {
  const { api, refreshed } = client(["Bearer old"]);
  expect((await api.get("/x")).data).toEqual({ token: "Bearer old" });
  expect(refreshed).toEqual([]);
});

test("a request that was refused is sent once more with another token", async () => {
  const { api, sent, refreshed } = client(["Bearer new"]);
  expect((await api.get("/x")).status).toBe(200);
  expect(sent.map(({ token }) => token)).toEqual(["Bearer old", "Bearer new"]);
  expect(refreshed).toEqual(["old"]);
});

test("the body and the address are the same the second time", async () => {
  const { api, sent } = client(["Bearer new"]);
  await api.post("/x", { title: "Grüße" });
  expect(sent[1]).toMatchObject({ url: "/x", data: '{"title":"Grüße"}' });
  expect(sent[1]?.data).toBe(sent[0]?.data);
});

test("what is refused twice has failed: nothing goes round in circles", async () => {
  const { api, sent, refreshed } = client([]);
  await expect(api.get("/x")).rejects.toMatchObject({ response: { status: 401 } });
  expect([sent.length, refreshed.length]).toEqual([2, 1]);
});

test("without a session a request goes out without a token, and its refusal stays", async () => {
  const { api, sent, refreshed } = client([], { accessToken: () => null, mayHaveSession: () => false });
  await expect(api.get("/x")).rejects.toMatchObject({ response: { status: 401 } });
  expect(sent.map(({ token }) => token)).toEqual([""]);
  expect(refreshed).toEqual([]);
});

test("where the session goes on without an access token, one is asked for first", async () => {
  const { api, sent, refreshed } = client(["Bearer new"], { accessToken: () => null });
  await api.get("/x");
  expect(sent.map(({ token }) => token)).toEqual(["Bearer new"]);
  expect(refreshed).toEqual([null]);
});

test("after the session is over, late refusals ask for no refresh", async () => {
  const { api, refreshed } = client([], { mayHaveSession: () => false });
  await expect(api.get("/x")).rejects.toMatchObject({ response: { status: 401 } });
  expect(refreshed).toEqual([]);
});

test("where the refresh fails, that is what the request fails with", async () => {
  const { api, sent } = client([], {
    refresh: async () => {
      throw new Error("network");
    },
  });
  await expect(api.get("/x")).rejects.toThrow("network");
  expect(sent.length).toBe(1);
});

test("another refusal than 401 is no matter of tokens", async () => {
  const { api, refreshed } = client(["Bearer old"]);
  api.defaults.adapter = async (config) => {
    throw new AxiosError("", "", config, null, { status: 403, statusText: "", data: {}, headers: {}, config });
  };
  await expect(api.get("/x")).rejects.toMatchObject({ response: { status: 403 } });
  expect(refreshed).toEqual([]);
});
