// @ts-check

/** @import { InputHTMLAttributes } from "react" */
import { useContext, useId, useState } from "react";
import FieldErrors from "./FieldErrors";
import { FormContext } from "./Form";

/**
 * @typedef {object} OwnFieldProps
 * @property {string} name As the API calls it: its errors are shown here.
 * @property {string} label
 * @property {string} [hint] Below the field, before anything is wrong.
 * @property {number} [rows] More than a line.
 * @typedef {InputHTMLAttributes<HTMLInputElement> & OwnFieldProps} FieldProps
 */

/**
 * A labelled input of a form, with its errors.
 *
 * @param {FieldProps} props
 */
export default function Field({ name, label, hint, rows, type = "text", ...rest }) {
  const id = useId();
  const errors = useContext(FormContext).errors[name] ?? [];
  const [isVisible, setVisible] = useState(false);
  const isPassword = type === "password";
  const described = [hint && `${id}-hint`, errors.length > 0 && `${id}-errors`].filter(Boolean).join(" ");
  const shared = {
    id,
    name,
    className: "input",
    "aria-invalid": errors.length > 0,
    "aria-describedby": described || undefined,
  };

  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="input-row">
        {rows ? (
          <textarea rows={rows} maxLength={rest.maxLength} defaultValue={rest.defaultValue} {...shared} />
        ) : (
          <input type={isPassword && isVisible ? "text" : type} {...rest} {...shared} />
        )}
        {isPassword && (
          <button
            type="button"
            className="show"
            aria-pressed={isVisible}
            aria-label={`Show ${label.toLowerCase()}`}
            onClick={() => setVisible(!isVisible)}
          >
            {isVisible ? "Hide" : "Show"}
          </button>
        )}
      </div>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <FieldErrors id={`${id}-errors`} errors={errors} />
    </div>
  );
}
