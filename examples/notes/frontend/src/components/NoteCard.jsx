// @ts-check

/** @import { Note } from "../schema" */
import { ago } from "../text/times";
import Field from "./Field";
import Form from "./Form";

/**
 * @typedef {object} NoteCardProps
 * @property {Note} note
 * @property {boolean} isEdited
 * @property {() => void} edit
 * @property {() => void} leave
 * @property {(values: Record<string, string>) => Promise<void>} change
 * @property {() => void} remove
 */

/**
 * A note, to be read or to be changed.
 *
 * @param {NoteCardProps} props
 */
export default function NoteCard({ note, isEdited, edit, leave, change, remove }) {
  if (isEdited) {
    const cancel = (
      <button type="button" className="button" onClick={leave}>
        Cancel
      </button>
    );
    return (
      <article className="panel" aria-label={`Edit ${note.title}`}>
        <Form label={`Edit ${note.title}`} action="Save" submit={change} footer={cancel}>
          <Field name="title" label="Title" maxLength={100} defaultValue={note.title} required />
          <Field name="content" label="Content" rows={4} defaultValue={note.content} required />
        </Form>
      </article>
    );
  }
  return (
    <article className="panel note-card">
      <h2>{note.title}</h2>
      <p className="content">{note.content}</p>
      <footer>
        <time className="hint" dateTime={note.created_at}>
          {ago(Date.parse(note.created_at), Date.now())}
        </time>
        <span className="buttons">
          <button type="button" className="button" aria-label={`Edit ${note.title}`} onClick={edit}>
            Edit
          </button>
          <button type="button" className="button danger" aria-label={`Delete ${note.title}`} onClick={remove}>
            Delete
          </button>
        </span>
      </footer>
    </article>
  );
}
