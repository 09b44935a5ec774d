// @ts-check

import { inWords, isPassing } from "../text/words";

/**
 * What stands in the place of something that could not be loaded.
 *
 * @param {{ error: unknown; again: () => void }} props
 */
export default function Trouble({ error, again }) {
  return (
    <div className="trouble" role="alert">
      <p>{inWords(error)}</p>
      {isPassing(error) && (
        <button type="button" className="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}
