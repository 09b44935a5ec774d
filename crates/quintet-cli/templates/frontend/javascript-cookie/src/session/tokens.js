// @ts-check

/**
 * Where the tokens are: the access token in this variable, gone with the page; the refresh token in a cookie that no
 * script can read. The storage only knows that there is a session, so that visitors are not asked for one.
 */

/** @import { Tokens } from "./refresh" */
import { SESSION } from "../constants";
import { safeStorage } from "./storage";

const storage = safeStorage(() => localStorage);

/** @type {string | null} */
let access = null;

/** Whether all tabs have one session. */
export const isShared = true;

/** What goes along with each request that is about the refresh token. */
export const refreshOptions = { withCredentials: true, headers: { "X-Refresh-Token": "cookie" } };

/** The body of such a request. */
export function refreshBody() {
  return {};
}

export function accessToken() {
  return access;
}

/** Whether a refresh is worth asking for. */
export function mayHaveSession() {
  return access !== null || storage.get(SESSION) !== null;
}

/**
 * Takes over what a login or a refresh gave.
 *
 * @param {Tokens} tokens
 */
export function keepTokens(tokens) {
  access = tokens.access;
  storage.set(SESSION, "open");
}

/**
 * Takes over what another tab got.
 *
 * @param {string} token
 */
export function receiveAccess(token) {
  access = token;
}

export function forgetTokens() {
  access = null;
  storage.remove(SESSION);
}
