// @ts-check

import { useEffect, useState } from "react";
import { LOADING_DELAY } from "../constants";

/**
 * Says that something is on its way, once it has taken a moment.
 *
 * @param {{ label?: string }} props
 */
export default function LoadingIndicator({ label = "Loading" }) {
  const [isShown, setShown] = useState(false);

  useEffect(() => {
    const timer = setTimeout(() => setShown(true), LOADING_DELAY);
    return () => clearTimeout(timer);
  }, []);

  return (
    <div className="loading" role="status">
      {isShown && (
        <>
          <span className="spinner" aria-hidden="true" />
          <span>{label} …</span>
        </>
      )}
    </div>
  );
}
