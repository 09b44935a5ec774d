/**
 * What went wrong, in words for people: at the fields of a form where the server names them, or above it.
 */

import { isAxiosError } from "axios";

export interface Explained {
  /** Messages by the name of a field. */
  fields: Record<string, string[]>;
  /** Messages about all of it. */
  form: string[];
}

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

/** What a failed request, or whatever else was thrown, means. */
export function explain(error: unknown): Explained {
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

/** The same as one text, for where there is no form. */
export function inWords(error: unknown) {
  const { fields, form } = explain(error);
  return [...form, ...Object.values(fields).flat()].join(" ");
}

/** Whether trying again may help, because nobody has refused anything. */
export function isPassing(error: unknown) {
  return isAxiosError(error) && (!error.response || error.response.status >= 500 || error.response.status === 429);
}

function whole(message: string): Explained {
  return { fields: {}, form: [message] };
}

function unanswered(code: string | undefined) {
  if (!navigator.onLine) return OFFLINE;
  return code === "ECONNABORTED" || code === "ETIMEDOUT" ? SLOW : UNREACHABLE;
}

function tooMany(retryAfter: unknown) {
  const seconds = Number(retryAfter);
  if (!(seconds > 0)) return "Too many attempts. Try again in a while.";
  if (seconds < 90) return `Too many attempts. Try again in ${Math.ceil(seconds)} seconds.`;
  return `Too many attempts. Try again in ${Math.ceil(seconds / 60)} minutes.`;
}

function detail(data: unknown) {
  return isObject(data) && typeof data.detail === "string" ? data.detail : null;
}

/** The server's own words: lists of messages by field, lists below lists where a field has parts. */
function told(data: unknown): Explained {
  if (!isObject(data)) return { fields: {}, form: orElse(messages(data), UNKNOWN) };
  const explained: Explained = { fields: {}, form: [] };
  for (const [name, value] of Object.entries(data)) {
    if (WHOLE.includes(name)) explained.form.push(...messages(value));
    else if (name !== "code") explained.fields[name] = orElse(messages(value), UNKNOWN);
  }
  const isEmpty = explained.form.length === 0 && Object.keys(explained.fields).length === 0;
  return isEmpty ? whole(UNKNOWN) : explained;
}

function messages(value: unknown): string[] {
  if (typeof value === "string") return value === "" || value.startsWith("<") ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(messages);
  if (isObject(value)) return Object.values(value).flatMap(messages);
  return [];
}

function orElse(list: string[], otherwise: string) {
  return list.length > 0 ? list : [otherwise];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
