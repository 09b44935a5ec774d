/**
 * What the pages ask of the API, each as a function. `client` has one for every address of the API, with the types of
 * what it takes and gives; `cargo manage generateclient` writes it anew when the API has changed.
 */

import type {
  CurrentUser,
  PasswordChangeRequest,
  PasswordResetConfirmRequest,
  PatchedCurrentUserRequest,
  RegistrationRequest,
  TokenSession,
} from "./schema";
import { api, open, outliving } from "./api";
import { createClient } from "./client";

/** For what needs a login. */
const client = createClient(api);

/** For what needs none. */
const guest = createClient(open);

export async function register(values: RegistrationRequest) {
  await guest.userRegisterCreate(values);
}

export function me(): Promise<CurrentUser> {
  return client.userMeRetrieve();
}

export function changeMe(values: PatchedCurrentUserRequest): Promise<CurrentUser> {
  return client.userMePartialUpdate(values);
}

export async function deleteMe(password: string) {
  await client.userMeDestroy({ password });
}

export async function changePassword(values: PasswordChangeRequest) {
  await client.userPasswordCreate(values);
}

export async function forgotPassword(email: string) {
  await guest.userPasswordResetCreate({ email });
}

export async function resetPassword(values: PasswordResetConfirmRequest) {
  await guest.userPasswordResetConfirmCreate(values);
}

export function sessions(): Promise<TokenSession[]> {
  return client.sessionsList();
}

export async function endSession(id: string) {
  await client.sessionsDestroy(id, outliving);
}

export async function endOtherSessions() {
  await client.sessionsEndAll({ but: "current" });
}

export async function endAllSessions() {
  await client.sessionsEndAll();
}
