/**
 * Deletions that can be taken back: each is done only when its time is over, or when the page is left.
 */

/** A deletion that waits. */
interface Waiting {
  timer: number;
  work: () => Promise<void>;
}

/** Deletions that wait for `delay` milliseconds each. */
export function createUndo(delay: number, failed: (error: unknown, key: string) => void) {
  const waiting: Map<string, Waiting> = new Map();

  const finish = async (key: string) => {
    const found = waiting.get(key);
    if (!found) return;
    clearTimeout(found.timer);
    waiting.delete(key);
    await found.work().catch((error) => failed(error, key));
  };

  return {
    /** Does it later. */
    later(key: string, work: () => Promise<void>) {
      waiting.set(key, { timer: window.setTimeout(() => finish(key), delay), work });
    },
    /** Never does it; whether it was in time. */
    takeBack(key: string) {
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
