// @ts-check

import { useEffect, useMemo, useRef } from "react";
import { UNDO_TIME } from "../constants";
import { createUndo } from "../text/undo";

/**
 * Deletions that can be taken back; those that wait are done when the page is left.
 *
 * @param {(error: unknown, key: string) => void} failed
 */
export function useUndo(failed) {
  const latest = useRef(failed);
  const undo = useMemo(() => createUndo(UNDO_TIME, (error, key) => latest.current(error, key)), []);

  useEffect(() => {
    latest.current = failed;
  });

  useEffect(() => {
    window.addEventListener("pagehide", undo.finishAll);
    return () => {
      window.removeEventListener("pagehide", undo.finishAll);
      undo.finishAll();
    };
  }, [undo]);

  return undo;
}
