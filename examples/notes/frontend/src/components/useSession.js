// @ts-check

import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { resume, session } from "../api";

/** Whether somebody is logged in; asks the server where nobody knows yet. */
export function useSession() {
  const { status, why } = useSyncExternalStore(session.subscribe, session.get);
  const [error, setError] = useState(/** @type {unknown} */ (null));

  const ask = useCallback(() => {
    setError(null);
    resume().catch(setError);
  }, []);

  useEffect(() => {
    if (status === "unknown") ask();
  }, [status, ask]);

  return { status, why, error, ask };
}
