// @ts-check

/** @import { Locks, Parts, Told, Tokens, Wire } from "../src/session/refresh" */
import { expect, test } from "vitest";
import { createRefresh } from "../src/session/refresh";

/**
 * The lock manager of a browser with one lock: whoever asks waits for who asked before.
 *
 * @returns {Locks}
 */
function oneLock() {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  let held = 0;
  return {
    request(_name, options, work) {
      if ("ifAvailable" in options && held > 0) return work(null);
      held += 1;
      const mine = last.then(() => work({}));
      last = mine.catch(() => {}).finally(() => {
        held -= 1;
      });
      return mine;
    },
  };
}

/** Wires of tabs: what one says all others hear, a moment later. */
function wires() {
  /** @type {{ wire: Wire; hear: (told: Told) => void }[]} */
  const all = [];
  return () => {
    /** @type {((event: { data: Told }) => void)[]} */
    const listeners = [];
    /** @type {Wire} */
    const wire = {
      postMessage(told) {
        for (const other of all) if (other.wire !== wire) setTimeout(() => other.hear(told), 5);
      },
      addEventListener: (_type, listener) => listeners.push(listener),
    };
    all.push({ wire, hear: (told) => listeners.forEach((listener) => listener({ data: told })) });
    return wire;
  };
}

/**
 * A server that counts how often it is asked.
 *
 * @param {(count: number) => Tokens | Error} answer
 */
function server(answer) {
  const asked = { count: 0 };
  /** @returns {Promise<Tokens>} */
  const ask = async () => {
    asked.count += 1;
    const given = answer(asked.count);
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (given instanceof Error) throw given;
    return given;
  };
  return { asked, ask };
}

/**
 * A tab with a token that has ended.
 *
 * @param {Partial<Parts>} parts
 */
function tab(parts) {
  /** @type {{ token: string | null; refused: number; told: string[] }} */
  const seen = { token: "old", refused: 0, told: [] };
  const refresh = createRefresh({
    current: () => seen.token,
    ask: async () => ({ access: "new" }),
    keep: (tokens) => {
      seen.token = tokens.access;
    },
    isRefusal: (error) => error instanceof Error && error.message === "refused",
    refused: () => {
      seen.token = null;
      seen.refused += 1;
    },
    heard: (told) => {
      seen.told.push(told.type);
      if (told.type === "refreshed") seen.token = told.access;
    },
    locks: null,
    wire: null,
    patience: 100,
    ...parts,
  });
  return { seen, refresh };
}

/** @param {number} count */
const counted = (count) => ({ access: `new ${count}` });

test("a stale token becomes a fresh one", async () => {
  const { seen, refresh } = tab({});
  expect(await refresh("old")).toBe("new");
  expect(seen.token).toBe("new");
});

test("fifty that wait at once ask the server once", async () => {
  const { asked, ask } = server(counted);
  const { refresh } = tab({ ask, locks: oneLock() });
  const got = await Promise.all(Array.from({ length: 50 }, () => refresh("old")));
  expect(new Set(got)).toEqual(new Set(["new 1"]));
  expect(asked.count).toBe(1);
});

test("without locks fifty in one tab still ask once", async () => {
  const { asked, ask } = server(counted);
  const { refresh } = tab({ ask });
  await Promise.all(Array.from({ length: 50 }, () => refresh("old")));
  expect(asked.count).toBe(1);
});

test("who comes late with the old token gets the new one without asking", async () => {
  const { asked, ask } = server(counted);
  const { refresh } = tab({ ask });
  await refresh("old");
  expect(await refresh("old")).toBe("new 1");
  expect(asked.count).toBe(1);
});

test("the next expiry is another refresh", async () => {
  const { asked, ask } = server(counted);
  const { refresh } = tab({ ask });
  await refresh("old");
  expect(await refresh("new 1")).toBe("new 2");
  expect(asked.count).toBe(2);
});

test("two tabs at one expiry ask once", async () => {
  const { asked, ask } = server(counted);
  const wire = wires();
  const locks = oneLock();
  const tabs = [1, 2].map(() => tab({ ask, locks, wire: wire() }));
  const got = await Promise.all(tabs.map(({ refresh }) => refresh("old")));
  expect(got).toEqual(["new 1", "new 1"]);
  expect(asked.count).toBe(1);
});

test("a word that comes while the browser gives the lock is heard", async () => {
  const { asked, ask } = server(counted);
  const wire = wires();
  const locks = oneLock();
  /**
   * Gives its lock late, as a browser may that has much to do.
   *
   * @type {Locks}
   */
  const slow = {
    request: async (name, options, work) => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      return locks.request(name, options, work);
    },
  };
  const tabs = [tab({ ask, locks, wire: wire() }), tab({ ask, locks: slow, wire: wire() })];
  const got = await Promise.all(tabs.map(({ refresh }) => refresh("old")));
  expect(got).toEqual(["new 1", "new 1"]);
  expect(asked.count).toBe(1);
});

test("ten tabs with fifty requests each ask once", async () => {
  const { asked, ask } = server(counted);
  const wire = wires();
  const locks = oneLock();
  const tabs = Array.from({ length: 10 }, () => tab({ ask, locks, wire: wire() }));
  const waiting = tabs.flatMap(({ refresh }) => Array.from({ length: 50 }, () => refresh("old")));
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(["new 1"]));
  expect(asked.count).toBe(1);
});

test("a tab that was only told takes the token over", async () => {
  const { asked, ask } = server(counted);
  const wire = wires();
  const [one, two] = [tab({ ask, wire: wire() }), tab({ ask, wire: wire() })];
  await one.refresh("old");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await two.refresh("old")).toBe("new 1");
  expect(asked.count).toBe(1);
});

test("where the tab with the lock failed, the next one asks itself", async () => {
  const { asked, ask } = server((count) => (count === 1 ? new Error("network") : counted(count)));
  const wire = wires();
  const locks = oneLock();
  const [one, two] = [tab({ ask, locks, wire: wire() }), tab({ ask, locks, wire: wire() })];
  const got = await Promise.allSettled([one.refresh("old"), two.refresh("old")]);
  expect(got.map((each) => each.status)).toEqual(["rejected", "fulfilled"]);
  expect(asked.count).toBe(2);
});

test("where no word comes from the other tab, patience ends", async () => {
  const { asked, ask } = server(counted);
  const locks = oneLock();
  const [one, two] = [tab({ ask, locks }), tab({ ask, locks })];
  expect(await Promise.all([one.refresh("old"), two.refresh("old")])).toEqual(["new 1", "new 2"]);
  expect(asked.count).toBe(2);
});

test("a refusal ends the session once, however many wait", async () => {
  const { asked, ask } = server(() => new Error("refused"));
  const { seen, refresh } = tab({ ask });
  const got = await Promise.allSettled(Array.from({ length: 50 }, () => refresh("old")));
  expect(got.every((each) => each.status === "rejected")).toBe(true);
  expect([asked.count, seen.refused]).toEqual([1, 1]);
});

test("a refusal is told to the other tabs", async () => {
  const wire = wires();
  const other = tab({ wire: wire() });
  const { ask } = server(() => new Error("refused"));
  await tab({ ask, wire: wire() }).refresh("old").catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(other.seen.told).toEqual(["out"]);
});

test("a dead network keeps the session, and the next time may go well", async () => {
  const { ask } = server((count) => (count === 1 ? new Error("network") : counted(count)));
  const { seen, refresh } = tab({ ask });
  await expect(refresh("old")).rejects.toThrow("network");
  expect([seen.token, seen.refused]).toEqual(["old", 0]);
  expect(await refresh("old")).toBe("new 2");
});

test("a page that has just come asks with no token at all", async () => {
  const { asked, ask } = server(counted);
  const { seen, refresh } = tab({ ask });
  seen.token = null;
  expect(await refresh(null)).toBe("new 1");
  expect(asked.count).toBe(1);
});
