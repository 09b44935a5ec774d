// @ts-check

/**
 * Deletions that can be taken back: each is done only when its time is over, or when the page is left.
 */

/**
 * A deletion that waits.
 *
 * @typedef {object} Waiting
 * @property {number} timer
 * @property {() => Promise<void>} work
 */

/**
 * Deletions that wait for `delay` milliseconds each.
 *
 * @param {number} delay
 * @param {(error: unknown, key: string) => void} failed
 */
export function createUndo(delay, failed) {
  /** @type {Map<string, Waiting>} */
  const waiting = new Map();

  /** @param {string} key */
  const finish = async (key) => {
    const found = waiting.get(key);
    if (!found) return;
    clearTimeout(found.timer);
    waiting.delete(key);
    await found.work().catch((error) => failed(error, key));
  };

  return {
    /**
     * Does it later.
     *
     * @param {string} key
     * @param {() => Promise<void>} work
     */
    later(key, work) {
      waiting.set(key, { timer: window.setTimeout(() => finish(key), delay), work });
    },
    /**
     * Never does it; whether it was in time.
     *
     * @param {string} key
     */
    takeBack(key) {
      const found = waiting.get(key);
      if (found) clearTimeout(found.timer);
      return waiting.delete(key);
    },
    /** Does all of it now. */
    async finishAll() {
      await Promise.all([...waiting.keys()].map(finish));
    },
  };
}
