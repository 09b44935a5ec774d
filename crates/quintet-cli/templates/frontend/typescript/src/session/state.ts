/**
 * Whether somebody is logged in, for whoever wants to know of each change.
 */

/** `unknown` until the server has said whether the session of an earlier visit goes on. */
export type Status = "unknown" | "in" | "out";

export interface SessionState {
  status: Status;
  /** Why nobody is logged in; empty where nobody was. */
  why: "" | "left" | "over" | "deleted";
}

/** A state, and those who are told of the next one. */
export function createState(first: SessionState) {
  let state = first;
  const listeners: Set<() => void> = new Set();
  return {
    get: () => state,
    set(next: SessionState) {
      if (next.status === state.status && next.why === state.why) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
