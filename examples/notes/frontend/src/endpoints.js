// @ts-check

/**
 * The addresses of the API, each as a function. `cargo manage generateclient` writes those of your own apps.
 */

/** @import { CurrentUser, Note, TokenSession } from "./schema" */
import { api, open } from "./api";

/** @param {{ username: string; email: string; password: string }} values */
export async function register(values) {
  await open.post("/api/user/register/", values);
}

/** @returns {Promise<CurrentUser>} */
export async function me() {
  const answer = await api.get("/api/user/me/");
  return answer.data;
}

/**
 * @param {Partial<CurrentUser>} values
 * @returns {Promise<CurrentUser>}
 */
export async function changeMe(values) {
  const answer = await api.patch("/api/user/me/", values);
  return answer.data;
}

/** @param {string} password */
export async function deleteMe(password) {
  await api.delete("/api/user/me/", { data: { password } });
}

/** @param {{ old_password: string; new_password: string }} values */
export async function changePassword(values) {
  await api.post("/api/user/password/", values);
}

/** @param {string} email */
export async function forgotPassword(email) {
  await open.post("/api/user/password/reset/", { email });
}

/** @param {{ uid: string; token: string; new_password: string }} values */
export async function resetPassword(values) {
  await open.post("/api/user/password/reset/confirm/", values);
}

/** @returns {Promise<TokenSession[]>} */
export async function sessions() {
  const answer = await api.get("/api/sessions/");
  return answer.data;
}

/** @param {string} id */
export async function endSession(id) {
  await api.delete(`/api/sessions/${encodeURIComponent(id)}/`);
}

export async function endOtherSessions() {
  await api.delete("/api/sessions/", { params: { but: "current" } });
}

export async function endAllSessions() {
  await api.delete("/api/sessions/");
}

/** @returns {Promise<Note[]>} */
export async function notes() {
  const answer = await api.get("/api/notes/");
  return answer.data;
}

/**
 * @param {{ title: string; content: string }} values
 * @returns {Promise<Note>}
 */
export async function addNote(values) {
  const answer = await api.post("/api/notes/", values);
  return answer.data;
}

/**
 * @param {number} id
 * @param {Partial<Note>} values
 * @returns {Promise<Note>}
 */
export async function changeNote(id, values) {
  const answer = await api.patch(`/api/notes/${id}/`, values);
  return answer.data;
}

/** @param {number} id */
export async function deleteNote(id) {
  await api.delete(`/api/notes/${id}/`);
}
