// @ts-check

/** @import { Note } from "../schema" */
import { useRef, useState } from "react";
import Field from "../components/Field";
import Form from "../components/Form";
import LoadingIndicator from "../components/LoadingIndicator";
import NoteCard from "../components/NoteCard";
import Page from "../components/Page";
import Trouble from "../components/Trouble";
import { useNotify } from "../components/notices";
import { useLoaded } from "../components/useLoaded";
import { useUndo } from "../components/useUndo";
import { useUser } from "../components/user";
import { addNote, changeNote, deleteNote, notes } from "../endpoints";
import { inWords } from "../text/words";

/** The notes of who is logged in. */
export default function Home() {
  const { user } = useUser();
  return (
    <Page title={`Notes of ${user.first_name || user.username}`}>
      <Notes />
    </Page>
  );
}

function Notes() {
  const { value: all, setValue: setAll, error, load } = useLoaded(notes);
  const [edited, setEdited] = useState(/** @type {number | null} */ (null));
  const list = useRef(/** @type {HTMLDivElement | null} */ (null));
  const notify = useNotify();
  const undo = useUndo(failed);

  /** @param {unknown} why */
  function failed(why) {
    notify(inWords(why));
    load();
  }

  if (error) return <Trouble error={error} again={load} />;
  if (all === null) return <LoadingIndicator label="Loading your notes" />;

  /** @param {Record<string, string>} values */
  async function add({ title = "", content = "" }) {
    const added = await addNote({ title, content });
    setAll((before) => [added, ...(before ?? [])]);
  }

  /**
   * @param {Note} note
   * @param {Record<string, string>} values
   */
  async function change(note, values) {
    const changed = await changeNote(note.id, values);
    setAll((before) => (before ?? []).map((each) => (each.id === changed.id ? changed : each)));
    setEdited(null);
  }

  /** @param {Note} note */
  function remove(note) {
    const key = String(note.id);
    setAll((current) => (current ?? []).filter((each) => each.id !== note.id));
    undo.later(key, () => deleteNote(note.id));
    // The button that had the focus is gone.
    list.current?.focus();
    const takeBack = () => {
      if (undo.takeBack(key)) setAll((current) => newestFirst([...(current ?? []), note]));
    };
    notify(`“${note.title}” is deleted.`, { label: "Undo", run: takeBack });
  }

  return (
    <>
      <section className="panel" aria-labelledby="new">
        <h2 id="new">New note</h2>
        <Form label="New note" action="Add note" submit={add} clears>
          <Field name="title" label="Title" maxLength={100} required />
          <Field name="content" label="Content" rows={3} required />
        </Form>
      </section>
      <div className="notes" ref={list} tabIndex={-1}>
        {all.length === 0 && <p className="empty">No notes yet. Write down what you want to remember.</p>}
        {all.map((note) => (
          <NoteCard
            key={note.id}
            note={note}
            isEdited={edited === note.id}
            edit={() => setEdited(note.id)}
            leave={() => setEdited(null)}
            change={(values) => change(note, values)}
            remove={() => remove(note)}
          />
        ))}
      </div>
    </>
  );
}

/**
 * As the server gives them.
 *
 * @param {Note[]} all
 */
function newestFirst(all) {
  return all.toSorted((one, other) => Date.parse(other.created_at) - Date.parse(one.created_at));
}
