// @ts-check

/** @import { ReactNode } from "react" */
import { createContext, useCallback, useContext, useEffect, useRef, useState } from "react";
import { UNDO_TIME } from "../constants";

/**
 * @typedef {object} Notice
 * @property {number} id
 * @property {string} text
 * @property {{ label: string; run: () => void }} [action] The button beside it.
 */

/** @typedef {(text: string, action?: Notice["action"]) => void} Notify */

const NoticesContext = createContext(/** @type {Notify} */ (() => {}));

/**
 * Short messages at the lower edge, which go by themselves.
 *
 * @param {{ children: ReactNode }} props
 */
export function NoticesProvider({ children }) {
  const [notices, setNotices] = useState(/** @type {Notice[]} */ ([]));
  const next = useRef(0);

  const remove = useCallback((/** @type {number} */ id) => setNotices((all) => all.filter((notice) => notice.id !== id)), []);

  /** @type {Notify} */
  const notify = useCallback((text, action) => {
    next.current += 1;
    const id = next.current;
    setNotices((all) => [...all.slice(-2), { id, text, action }]);
  }, []);

  return (
    <NoticesContext value={notify}>
      {children}
      <div className="notices" role="status" aria-label="Messages">
        {notices.map((notice) => (
          <NoticeLine key={notice.id} notice={notice} remove={remove} />
        ))}
      </div>
    </NoticesContext>
  );
}

/** A function that shows a message. */
export function useNotify() {
  return useContext(NoticesContext);
}

/** @param {{ notice: Notice; remove: (id: number) => void }} props */
function NoticeLine({ notice, remove }) {
  const { id, text, action } = notice;

  useEffect(() => {
    const timer = setTimeout(() => remove(id), UNDO_TIME);
    return () => clearTimeout(timer);
  }, [id, remove]);

  function act() {
    remove(id);
    action?.run();
  }

  return (
    <div className="notice">
      <span>{text}</span>
      {action && (
        <button type="button" onClick={act}>
          {action.label}
        </button>
      )}
    </div>
  );
}
