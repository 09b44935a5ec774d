/**
 * One refresh for all who wait: for the requests of this tab by a shared promise, for all tabs by a lock of the browser,
 * and what came out is told to the other tabs. Without such locks (plain http) each tab asks for itself.
 *
 * Knows neither axios nor the page: what it needs is handed in.
 */

import type { TokenRefresh } from "../schema";

/** What a login or a refresh gives; the refresh token is elsewhere where it goes by a cookie. */
export type Tokens = Pick<TokenRefresh, "access"> & Partial<TokenRefresh>;

/** What one tab tells the others. */
export type Told = { type: "refreshed"; access: string } | { type: "failed" } | { type: "in"; tokens: Tokens } | { type: "out" };

/** The part of a BroadcastChannel that is used. */
export interface Wire {
  postMessage(told: Told): void;
  addEventListener(type: "message", listener: (event: { data: Told }) => void): void;
}

/** The part of the browser's lock manager that is used. */
export interface Locks {
  request<T>(name: string, options: object, work: (lock: unknown) => Promise<T>): Promise<T>;
}

export interface Parts {
  /** The access token that is there now. */
  current(): string | null;
  /** Asks the server, once. */
  ask(): Promise<Tokens>;
  /** Takes over what the server gave. */
  keep(tokens: Tokens): void;
  /** Whether an error means that the session is over, and not only that the server cannot be reached. */
  isRefusal(error: unknown): boolean;
  /** The session is over. */
  refused(): void;
  /** Another tab has told something. */
  heard(told: Told): void;
  locks: Locks | null;
  wire: Wire | null;
  /** How long to wait for word of another tab, in milliseconds. */
  patience: number;
}

const LOCK = "refresh";

/** A function from an access token that is of no use any more to one that is. */
export function createRefresh(parts: Parts): (stale: string | null) => Promise<string> {
  let running: Promise<string> | null = null;
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

  /** What came from elsewhere while somebody used the stale one. */
  function newerThan(stale: string | null) {
    const current = parts.current();
    return current === stale ? null : current;
  }

  /** At once where no other tab has the lock; else after that one, and then first with what it got. */
  async function inTurn(stale: string | null): Promise<string> {
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
    const heard: Promise<void> = new Promise((resolve) => {
      wake = resolve;
    });
    return () => Promise.race([heard, new Promise((resolve) => setTimeout(resolve, parts.patience))]);
  }

  async function ask(): Promise<string> {
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
