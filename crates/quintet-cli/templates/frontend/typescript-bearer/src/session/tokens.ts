/**
 * Where the tokens are: both in a storage of the browser. A script of somebody else's on this page could take them away;
 * `--auth cookie` is the safer way for a page that is served together with its API.
 */

import type { Tokens } from "./refresh";
import { ACCESS_TOKEN, REFRESH_TOKEN, STORAGE } from "../constants";
import { safeStorage } from "./storage";

const storage = safeStorage(() => window[STORAGE]);

/** Whether all tabs have one session. */
export const isShared = STORAGE === "localStorage";

/** What goes along with each request that is about the refresh token. */
export const refreshOptions = {};

/** The body of such a request. */
export function refreshBody() {
  return { refresh: storage.get(REFRESH_TOKEN) };
}

export function accessToken() {
  return storage.get(ACCESS_TOKEN);
}

/** Whether a refresh is worth asking for. */
export function mayHaveSession() {
  return storage.get(REFRESH_TOKEN) !== null;
}

/** Takes over what a login or a refresh gave; a refresh gives another refresh token only where they rotate. */
export function keepTokens(tokens: Tokens) {
  storage.set(ACCESS_TOKEN, tokens.access);
  if (tokens.refresh) storage.set(REFRESH_TOKEN, tokens.refresh);
}

/** Takes over what another tab got: its word may be here sooner than what it has stored. */
export function receiveAccess(token: string) {
  storage.set(ACCESS_TOKEN, token);
}

export function forgetTokens() {
  storage.remove(ACCESS_TOKEN);
  storage.remove(REFRESH_TOKEN);
}
