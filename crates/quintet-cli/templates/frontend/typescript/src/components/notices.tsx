import type { ReactNode } from "react";
import { createContext, useCallback, useContext, useEffect, useRef, useState } from "react";
import { UNDO_TIME } from "../constants";

interface Notice {
  id: number;
  text: string;
  /** The button beside it. */
  action?: { label: string; run: () => void };
}

type Notify = (text: string, action?: Notice["action"]) => void;

const NoticesContext = createContext<Notify>(() => {});

/** Short messages at the lower edge, which go by themselves. */
export function NoticesProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<Notice[]>([]);
  const next = useRef(0);

  const remove = useCallback((id: number) => setNotices((all) => all.filter((notice) => notice.id !== id)), []);

  const notify: Notify = useCallback((text, action) => {
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

function NoticeLine({ notice, remove }: { notice: Notice; remove: (id: number) => void }) {
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
