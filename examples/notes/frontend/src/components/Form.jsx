// @ts-check

/** @import { FormEvent, ReactNode } from "react" */
import { createContext, useEffect, useRef, useState } from "react";
import { LOADING_DELAY } from "../constants";
import { explain } from "../text/words";

/** What the fields of a form want to know of it. */
export const FormContext = createContext(/** @type {{ errors: Record<string, string[]> }} */ ({ errors: {} }));

/**
 * @typedef {object} FormProps
 * @property {string} label What a screen reader calls it.
 * @property {string} action The text of the button that sends it.
 * @property {(values: Record<string, string>) => Promise<void>} submit Sends it; what this throws is shown at the fields and above them.
 * @property {ReactNode} children
 * @property {ReactNode} [footer] Below the button.
 * @property {boolean} [isDangerous] Looks like what cannot be undone.
 * @property {boolean} [clears] Empties the fields when all went well.
 */

/**
 * A form that says in words what is wrong, and leads to the first field that is.
 *
 * @param {FormProps} props
 */
export default function Form({ label, action, submit, children, footer, isDangerous, clears }) {
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const [errors, setErrors] = useState(/** @type {Record<string, string[]>} */ ({}));
  const [messages, setMessages] = useState(/** @type {string[]} */ ([]));
  const { isBusy, isSlow, during } = useBusy();

  // After the errors are on the page; each refusal is a new object, so that the same one leads there again.
  useEffect(() => {
    const first = form.current?.querySelector("[aria-invalid=true]") ?? form.current?.querySelector(".alert");
    if (first instanceof HTMLElement) first.focus();
  }, [errors, messages]);

  /** @param {FormEvent<HTMLFormElement>} event */
  async function send(event) {
    event.preventDefault();
    if (isBusy) return;
    const target = event.currentTarget;
    const values = Object.fromEntries([...new FormData(target)].map(([name, value]) => [name, String(value)]));
    try {
      await during(submit(values));
      setErrors({});
      setMessages([]);
      if (clears) target.reset();
    } catch (error) {
      const explained = explain(error);
      const [here, elsewhere] = sorted(explained.fields, Object.keys(values));
      setErrors(here);
      setMessages([...explained.form, ...elsewhere]);
    }
  }

  return (
    <form ref={form} className="form" aria-label={label} noValidate onSubmit={send} aria-busy={isBusy}>
      {messages.length > 0 && (
        <div className="alert" role="alert" tabIndex={-1}>
          {messages.map((message) => (
            <p key={message}>{message}</p>
          ))}
        </div>
      )}
      <FormContext value={Object.freeze({ errors })}>{children}</FormContext>
      <div className="actions">
        <button type="submit" className={isDangerous ? "button danger" : "button primary"} aria-disabled={isBusy}>
          {isSlow && <span className="spinner" aria-hidden="true" />}
          {action}
        </button>
        {footer}
      </div>
    </form>
  );
}

/** Whether something is under way, and whether for so long that it had better be shown. */
function useBusy() {
  const [isBusy, setBusy] = useState(false);
  const [isSlow, setSlow] = useState(false);

  /** @param {Promise<void>} work */
  async function during(work) {
    const timer = setTimeout(() => setSlow(true), LOADING_DELAY);
    setBusy(true);
    try {
      await work;
    } finally {
      clearTimeout(timer);
      setBusy(false);
      setSlow(false);
    }
  }

  return { isBusy, isSlow, during };
}

/**
 * Errors of fields that are in the form, and the messages of those that are not.
 *
 * @param {Record<string, string[]>} fields
 * @param {string[]} names
 * @returns {[Record<string, string[]>, string[]]}
 */
function sorted(fields, names) {
  const here = Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
  const elsewhere = Object.entries(fields).filter(([name]) => !names.includes(name));
  return [here, elsewhere.flatMap(([name, list]) => list.map((message) => `${name}: ${message}`))];
}
