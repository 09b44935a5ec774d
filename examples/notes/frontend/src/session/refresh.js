// @ts-check

/**
 * One refresh for all who wait: for the requests of this tab by a shared promise, for all tabs by a lock of the browser,
 * and what came out is told to the other tabs. Without such locks (plain http) each tab asks for itself.
 *
 * Knows neither axios nor the page: what it needs is handed in.
 */

/** @import { TokenRefresh } from "../schema" */

/**
 * What a login or a refresh gives; the refresh token is elsewhere where it goes by a cookie.
 *
 * @typedef {Pick<TokenRefresh, "access"> & Partial<TokenRefresh>} Tokens
 */

/**
 * What one tab tells the others.
 *
 * @typedef {{ type: "refreshed"; access: string } | { type: "failed" } | { type: "in"; tokens: Tokens } | { type: "out" }} Told
 */

/**
 * The part of a BroadcastChannel that is used.
 *
 * @typedef {object} Wire
 * @property {(told: Told) => void} postMessage
 * @property {(type: "message", listener: (event: { data: Told }) => void) => void} addEventListener
 */

/**
 * The part of the browser's lock manager that is used.
 *
 * @typedef {object} Locks
 * @property {<T>(name: string, options: object, work: (lock: unknown) => Promise<T>) => Promise<T>} request
 */

/**
 * @typedef {object} Parts
 * @property {() => string | null} current The access token that is there now.
 * @property {() => Promise<Tokens>} ask Asks the server, once.
 * @property {(tokens: Tokens) => void} keep Takes over what the server gave.
 * @property {(error: unknown) => boolean} isRefusal Whether an error means that the session is over, and not only that the server cannot be reached.
 * @property {() => void} refused The session is over.
 * @property {(told: Told) => void} heard Another tab has told something.
 * @property {Locks | null} locks
 * @property {Wire | null} wire
 * @property {number} patience How long to wait for word of another tab, in milliseconds.
 */

const LOCK = "refresh";

/**
 * A function from an access token that is of no use any more to one that is.
 *
 * @param {Parts} parts
 * @returns {(stale: string | null) => Promise<string>}
 */
export function createRefresh(parts) {
  /** @type {Promise<string> | null} */
  let running = null;
  let wake = () => {};
  parts.wire?.addEventListener("message", ({ data }) => {
    parts.heard(data);
    wake();
  });

  return (stale) => {
    const newer = newerThan(stale);
    if (newer !== null) return Promise.resolve(newer);
    running ??= inTurn(stale).finally(() => {
      running = null;
    });
    return running;
  };

  /**
   * What came from elsewhere while somebody used the stale one.
   *
   * @param {string | null} stale
   */
  function newerThan(stale) {
    const current = parts.current();
    return current === stale ? null : current;
  }

  /**
   * At once where no other tab has the lock; else after that one, and then first with what it got.
   *
   * @param {string | null} stale
   * @returns {Promise<string>}
   */
  async function inTurn(stale) {
    const { locks } = parts;
    if (locks === null) return ask();
    const word = heardOrTired();
    // Another tab may have had it, and its word come, between this tab's wish for the lock and the lock.
    const known = () => newerThan(stale) ?? ask();
    const got = await locks.request(LOCK, { ifAvailable: true }, async (lock) => (lock ? known() : null));
    if (got !== null) return got;
    return locks.request(LOCK, {}, async () => {
      await word();
      return known();
    });
  }

  /** A message may come later than the lock that it was sent under: so it is waited for, but not for long. */
  function heardOrTired() {
    /** @type {Promise<void>} */
    const heard = new Promise((resolve) => {
      wake = resolve;
    });
    return () => Promise.race([heard, new Promise((resolve) => setTimeout(resolve, parts.patience))]);
  }

  /** @returns {Promise<string>} */
  async function ask() {
    try {
      const tokens = await parts.ask();
      parts.keep(tokens);
      parts.wire?.postMessage({ type: "refreshed", access: tokens.access });
      return tokens.access;
    } catch (error) {
      const isOver = parts.isRefusal(error);
      if (isOver) parts.refused();
      parts.wire?.postMessage({ type: isOver ? "out" : "failed" });
      throw error;
    }
  }
}
