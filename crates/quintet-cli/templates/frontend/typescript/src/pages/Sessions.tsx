import type { TokenSession } from "../schema";
import { close } from "../api";
import LoadingIndicator from "../components/LoadingIndicator";
import Page from "../components/Page";
import Trouble from "../components/Trouble";
import { useNotify } from "../components/notices";
import { useLoaded } from "../components/useLoaded";
import { useUndo } from "../components/useUndo";
import { endAllSessions, endOtherSessions, endSession, sessions } from "../endpoints";
import { device } from "../text/devices";
import { ago } from "../text/times";
import { inWords } from "../text/words";

export default function Sessions() {
  return (
    <Page title="Sessions" lead="Where you are logged in. End what you do not know, and change your password then.">
      <List />
    </Page>
  );
}

function List() {
  const { value: all, setValue: setAll, error, load } = useLoaded(sessions);
  const notify = useNotify();
  const undo = useUndo(failed);

  function failed(why: unknown) {
    notify(inWords(why));
    load();
  }

  if (error) return <Trouble error={error} again={load} />;
  if (all === null) return <LoadingIndicator label="Loading your sessions" />;

  function end(ended: TokenSession) {
    setAll((current) => (current ?? []).filter((one) => one.id !== ended.id));
    undo.later(ended.id, () => endSession(ended.id));
    const takeBack = () => {
      if (undo.takeBack(ended.id)) setAll((current) => [...(current ?? []), ended]);
    };
    notify(`${device(ended.user_agent)} is logged out.`, { label: "Undo", run: takeBack });
  }

  function endOthers() {
    endOtherSessions()
      .then(() => {
        notify("All other devices are logged out.");
        return load();
      })
      .catch(failed);
  }

  function endAll() {
    endAllSessions()
      .then(() => close("left"))
      .catch(failed);
  }

  const others = all.filter((one) => !one.is_current);
  return (
    <>
      <ul className="rows">
        {all.map((one) => (
          <Row key={one.id} one={one} end={() => end(one)} />
        ))}
      </ul>
      {others.length === 0 && <p className="empty">You are logged in nowhere else.</p>}
      <p className="buttons">
        {others.length > 0 && (
          <button type="button" className="button" onClick={endOthers}>
            Log out everywhere else
          </button>
        )}
        <button type="button" className="button danger" onClick={endAll}>
          Log out everywhere
        </button>
      </p>
    </>
  );
}

function Row({ one, end }: { one: TokenSession; end: () => void }) {
  const name = device(one.user_agent);
  return (
    <li className="row">
      <div>
        <strong>{name}</strong>
        {one.is_current && <span className="badge">this device</span>}
        <p className="hint">
          {one.address && `${one.address} · `}
          <time dateTime={one.last_used_at}>{ago(Date.parse(one.last_used_at), Date.now())}</time>
        </p>
      </div>
      {!one.is_current && (
        <button type="button" className="button" aria-label={`Log out ${name}`} onClick={end}>
          Log out
        </button>
      )}
    </li>
  );
}
