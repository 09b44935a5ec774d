// @ts-check

import { useCallback, useEffect, useRef, useState } from "react";

/**
 * What a request gives: nothing yet, then its value or why there is none. `ask` must be the same function each time.
 *
 * @template T
 * @param {() => Promise<T>} ask
 */
export function useLoaded(ask) {
  const [value, setValue] = useState(/** @type {T | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const turn = useRef(0);

  const load = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    setError(null);
    try {
      const loaded = await ask();
      // An answer that was overtaken by a later question is an old one.
      if (mine === turn.current) setValue(loaded);
    } catch (failed) {
      if (mine === turn.current) setError(failed);
    }
  }, [ask]);

  useEffect(() => {
    load();
    return () => {
      turn.current += 1;
    };
  }, [load]);

  return { value, setValue, error, load };
}
