/**
 * The addresses of the API, each as a function. `cargo manage generateclient` writes those of your own apps.
 */

import type { CurrentUser, TokenSession } from "./schema";
import { api, open } from "./api";

export async function register(values: { username: string; email: string; password: string }) {
  await open.post("/api/user/register/", values);
}

export async function me(): Promise<CurrentUser> {
  const answer = await api.get("/api/user/me/");
  return answer.data;
}

export async function changeMe(values: Partial<CurrentUser>): Promise<CurrentUser> {
  const answer = await api.patch("/api/user/me/", values);
  return answer.data;
}

export async function deleteMe(password: string) {
  await api.delete("/api/user/me/", { data: { password } });
}

export async function changePassword(values: { old_password: string; new_password: string }) {
  await api.post("/api/user/password/", values);
}

export async function forgotPassword(email: string) {
  await open.post("/api/user/password/reset/", { email });
}

export async function resetPassword(values: { uid: string; token: string; new_password: string }) {
  await open.post("/api/user/password/reset/confirm/", values);
}

export async function sessions(): Promise<TokenSession[]> {
  const answer = await api.get("/api/sessions/");
  return answer.data;
}

export async function endSession(id: string) {
  await api.delete(`/api/sessions/${encodeURIComponent(id)}/`);
}

export async function endOtherSessions() {
  await api.delete("/api/sessions/", { params: { but: "current" } });
}

export async function endAllSessions() {
  await api.delete("/api/sessions/");
}
