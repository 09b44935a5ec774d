// @ts-check

/**
 * Whether somebody is logged in, for whoever wants to know of each change.
 */

/**
 * `unknown` until the server has said whether the session of an earlier visit goes on.
 *
 * @typedef {"unknown" | "in" | "out"} Status
 */

/**
 * @typedef {object} SessionState
 * @property {Status} status
 * @property {"" | "left" | "over" | "deleted"} why Why nobody is logged in; empty where nobody was.
 */

/**
 * A state, and those who are told of the next one.
 *
 * @param {SessionState} first
 */
export function createState(first) {
  let state = first;
  /** @type {Set<() => void>} */
  const listeners = new Set();
  return {
    get: () => state,
    /** @param {SessionState} next */
    set(next) {
      if (next.status === state.status && next.why === state.why) return;
      state = next;
      for (const listener of listeners) listener();
    },
    /** @param {() => void} listener */
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
