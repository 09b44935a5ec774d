// @ts-check

/**
 * What the pages ask of the API, each as a function. `client` has one for every address of the API, with the types of
 * what it takes and gives; `cargo manage generateclient` writes it anew when the API has changed.
 */

/** @import {
  CurrentUser,
  PasswordChangeRequest,
  PasswordResetConfirmRequest,
  PatchedCurrentUserRequest,
  RegistrationRequest,
  TokenSession,
} from "./schema" */
import { api, open, outliving } from "./api";
import { createClient } from "./client";

/** For what needs a login. */
const client = createClient(api);

/** For what needs none. */
const guest = createClient(open);

/** @param {RegistrationRequest} values */
export async function register(values) {
  await guest.userRegisterCreate(values);
}

/** @returns {Promise<CurrentUser>} */
export function me() {
  return client.userMeRetrieve();
}

/**
 * @param {PatchedCurrentUserRequest} values
 * @returns {Promise<CurrentUser>}
 */
export function changeMe(values) {
  return client.userMePartialUpdate(values);
}

/** @param {string} password */
export async function deleteMe(password) {
  await client.userMeDestroy({ password });
}

/** @param {PasswordChangeRequest} values */
export async function changePassword(values) {
  await client.userPasswordCreate(values);
}

/** @param {string} email */
export async function forgotPassword(email) {
  await guest.userPasswordResetCreate({ email });
}

/** @param {PasswordResetConfirmRequest} values */
export async function resetPassword(values) {
  await guest.userPasswordResetConfirmCreate(values);
}

/** @returns {Promise<TokenSession[]>} */
export function sessions() {
  return client.sessionsList();
}

/** @param {string} id */
export async function endSession(id) {
  await client.sessionsDestroy(id, outliving);
}

export async function endOtherSessions() {
  await client.sessionsEndAll({ but: "current" });
}

export async function endAllSessions() {
  await client.sessionsEndAll();
}

/** @import { Note, NoteRequest, PatchedNoteRequest } from "./schema" */

/** @returns {Promise<Note[]>} */
export function notes() {
  return client.notesList();
}

/**
 * @param {NoteRequest} values
 * @returns {Promise<Note>}
 */
export function addNote(values) {
  return client.notesCreate(values);
}

/**
 * @param {number} id
 * @param {PatchedNoteRequest} values
 * @returns {Promise<Note>}
 */
export function changeNote(id, values) {
  return client.notesPartialUpdate(id, values);
}

/** @param {number} id */
export async function deleteNote(id) {
  await client.notesDestroy(id, outliving);
}
