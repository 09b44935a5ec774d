// @ts-check

/**
 * What went wrong, in words for people: at the fields of a form where the server names them, or above it.
 */

import { isAxiosError } from "axios";

/**
 * @typedef {object} Explained
 * @property {Record<string, string[]>} fields Messages by the name of a field.
 * @property {string[]} form Messages about all of it.
 */

const OFFLINE = "You are offline. Try again when you are connected.";
const UNREACHABLE = "The server cannot be reached. Check your connection and try again.";
const SLOW = "The server took too long to answer. Try again.";
const BROKEN = "Something went wrong on the server. Try again in a moment.";
const GONE = "This is not there any more.";
const FORBIDDEN = "You may not do this.";
const LOGGED_OUT = "Your session is over. Log in again.";
const TOO_LARGE = "This is too large for the server.";
const UNKNOWN = "Something went wrong. Try again.";

/** Keys under which the server says what is about no single field. */
const WHOLE = ["detail", "non_field_errors"];

/**
 * What a failed request, or whatever else was thrown, means.
 *
 * @param {unknown} error
 * @returns {Explained}
 */
export function explain(error) {
  if (!isAxiosError(error)) return whole(UNKNOWN);
  if (!error.response) return whole(unanswered(error.code));
  const { status, data, headers } = error.response;
  if (status === 400 || status === 422) return told(data);
  if (status === 429) return whole(tooMany(headers["retry-after"]));
  if (status === 401) return whole(detail(data) ?? LOGGED_OUT);
  if (status === 403) return whole(detail(data) ?? FORBIDDEN);
  if (status === 404 || status === 410) return whole(GONE);
  if (status === 413) return whole(TOO_LARGE);
  if (status >= 500) return whole(BROKEN);
  return whole(detail(data) ?? UNKNOWN);
}

/**
 * The same as one text, for where there is no form.
 *
 * @param {unknown} error
 */
export function inWords(error) {
  const { fields, form } = explain(error);
  return [...form, ...Object.values(fields).flat()].join(" ");
}

/**
 * Whether trying again may help, because nobody has refused anything.
 *
 * @param {unknown} error
 */
export function isPassing(error) {
  return isAxiosError(error) && (!error.response || error.response.status >= 500 || error.response.status === 429);
}

/**
 * @param {string} message
 * @returns {Explained}
 */
function whole(message) {
  return { fields: {}, form: [message] };
}

/** @param {string | undefined} code */
function unanswered(code) {
  if (!navigator.onLine) return OFFLINE;
  return code === "ECONNABORTED" || code === "ETIMEDOUT" ? SLOW : UNREACHABLE;
}

/** @param {unknown} retryAfter */
function tooMany(retryAfter) {
  const seconds = Number(retryAfter);
  if (!(seconds > 0)) return "Too many attempts. Try again in a while.";
  if (seconds < 90) return `Too many attempts. Try again in ${Math.ceil(seconds)} seconds.`;
  return `Too many attempts. Try again in ${Math.ceil(seconds / 60)} minutes.`;
}

/** @param {unknown} data */
function detail(data) {
  return isObject(data) && typeof data.detail === "string" ? data.detail : null;
}

/**
 * The server's own words: lists of messages by field, lists below lists where a field has parts.
 *
 * @param {unknown} data
 * @returns {Explained}
 */
function told(data) {
  if (!isObject(data)) return { fields: {}, form: orElse(messages(data), UNKNOWN) };
  /** @type {Explained} */
  const explained = { fields: {}, form: [] };
  for (const [name, value] of Object.entries(data)) {
    if (WHOLE.includes(name)) explained.form.push(...messages(value));
    else if (name !== "code") explained.fields[name] = orElse(messages(value), UNKNOWN);
  }
  const isEmpty = explained.form.length === 0 && Object.keys(explained.fields).length === 0;
  return isEmpty ? whole(UNKNOWN) : explained;
}

/**
 * @param {unknown} value
 * @returns {string[]}
 */
function messages(value) {
  if (typeof value === "string") return value === "" || value.startsWith("<") ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(messages);
  if (isObject(value)) return Object.values(value).flatMap(messages);
  return [];
}

/**
 * @param {string[]} list
 * @param {string} otherwise
 */
function orElse(list, otherwise) {
  return list.length > 0 ? list : [otherwise];
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
