// @ts-check

/**
 * The two ways to the server, and the session: `api` for what needs a login, `open` for what does not. Whoever uses
 * `api` never thinks about tokens: `api.get("/api/notes/")`.
 */

/** @import { AxiosRequestConfig } from "axios" */
import axios, { isAxiosError } from "axios";
/** @import { Told, Tokens } from "./session/refresh" */
/** @import { SessionState } from "./session/state" */
import { API_URL, REFRESH_EARLY, TIMEOUT } from "./constants";
import { isOver } from "./session/claims";
import { guard } from "./session/guard";
import { createRefresh } from "./session/refresh";
import { createState } from "./session/state";
import {
  accessToken,
  forgetTokens,
  isShared,
  keepTokens,
  mayHaveSession,
  receiveAccess,
  refreshBody,
  refreshOptions,
} from "./session/tokens";
import { onWake } from "./session/wake";

/** For requests that need no login. It never sends a token and never refreshes one. */
export const open = axios.create({ baseURL: API_URL, timeout: TIMEOUT });

/** For requests that need one. */
export const api = axios.create({ baseURL: API_URL, timeout: TIMEOUT });

/**
 * For what shall be done even where the page is left meanwhile, as deletions that wait are.
 *
 * @type {AxiosRequestConfig}
 */
export const outliving = { adapter: "fetch", fetchOptions: { keepalive: true } };

/** @type {SessionState} */
const first = { status: mayHaveSession() ? "unknown" : "out", why: "" };

/** Whether somebody is logged in. */
export const session = createState(first);

/** The other tabs; none where each tab has a session of its own. */
const wire = isShared && "BroadcastChannel" in window ? new BroadcastChannel("session") : null;

/** One refresh for all who wait, in all tabs. Browsers have locks for pages that came by https or from this machine. */
const refresh = createRefresh({
  current: accessToken,
  ask: async () => {
    const answer = await open.post("/api/token/refresh/", refreshBody(), refreshOptions);
    return answer.data;
  },
  keep: enter,
  isRefusal: (error) => isAxiosError(error) && [400, 401, 403].includes(error.response?.status ?? 0),
  refused: () => leave("over"),
  heard,
  locks: isShared ? (navigator.locks ?? null) : null,
  wire,
  patience: 300,
});

guard(api, open, { accessToken, mayHaveSession, refresh });

onWake(() => {
  const token = accessToken();
  // What goes wrong here goes wrong again, and is told, when somebody asks for something.
  if (token !== null && isOver(token, Date.now(), REFRESH_EARLY)) refresh(token).catch(() => {});
});

/** Whether the session of an earlier visit goes on. Fails only where the server cannot say. */
export async function resume() {
  if (session.get().status !== "unknown") return;
  try {
    if (accessToken() === null) await refresh(null);
    session.set({ status: "in", why: "" });
  } catch (error) {
    if (session.get().status === "unknown") throw error;
  }
}

/** @param {{ username: string; password: string }} credentials */
export async function login(credentials) {
  const answer = await open.post("/api/token/", credentials, refreshOptions);
  enter(answer.data);
  wire?.postMessage({ type: "in", tokens: answer.data });
}

/** Ends the session on the server too, so that it fails where that cannot be reached. */
export async function logout() {
  await open.post("/api/token/blacklist/", refreshBody(), refreshOptions).catch((error) => {
    // A session that is over already need not be ended.
    if (!isAxiosError(error) || !error.response || error.response.status >= 500) throw error;
  });
  close("left");
}

/**
 * Forgets the session, which the server has ended, in all tabs.
 *
 * @param {SessionState["why"]} why
 */
export function close(why) {
  leave(why);
  wire?.postMessage({ type: "out" });
}

/** @param {Tokens} tokens */
function enter(tokens) {
  keepTokens(tokens);
  session.set({ status: "in", why: "" });
}

/** @param {SessionState["why"]} why */
function leave(why) {
  forgetTokens();
  session.set({ status: "out", why });
}

/** @param {Told} told */
function heard(told) {
  switch (told.type) {
    case "refreshed":
      receiveAccess(told.access);
      session.set({ status: "in", why: "" });
      break;
    case "in":
      // Whoever is logged in now may be somebody else.
      if (session.get().status === "in") window.location.reload();
      // What the other tab has stored may come later than its word.
      enter(told.tokens);
      break;
    case "out":
      leave("left");
      break;
  }
}
