// @ts-check

/**
 * A storage of the browser that never throws: where a browser forbids it, values stay in memory.
 *
 * @typedef {object} SafeStorage
 * @property {(key: string) => string | null} get
 * @property {(key: string, value: string) => void} set
 * @property {(key: string) => void} remove
 */

/**
 * The storage that a function gets, which may throw.
 *
 * @param {() => Storage} storage
 * @returns {SafeStorage}
 */
export function safeStorage(storage) {
  /** @type {Map<string, string>} */
  const memory = new Map();
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

/**
 * What a function gives, or null where it throws.
 *
 * @param {() => string | null | void} step
 */
function attempt(step) {
  try {
    return step();
  } catch {
    return null;
  }
}
