/**
 * A storage of the browser that never throws: where a browser forbids it, values stay in memory.
 */

export interface SafeStorage {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

/** The storage that a function gets, which may throw. */
export function safeStorage(storage: () => Storage): SafeStorage {
  const memory: Map<string, string> = new Map();
  return {
    get(key) {
      return attempt(() => storage().getItem(key)) ?? memory.get(key) ?? null;
    },
    set(key, value) {
      memory.set(key, value);
      if (attempt(() => storage().setItem(key, value)) !== null) memory.delete(key);
    },
    remove(key) {
      memory.delete(key);
      attempt(() => storage().removeItem(key));
    },
  };
}

/** What a function gives, or null where it throws. */
function attempt(step: () => string | null | void) {
  try {
    return step();
  } catch {
    return null;
  }
}
