/**
 * What stands around each request that needs a login: the access token on the way out, and where it has ended, another
 * one and the same request once more.
 */

import type { AxiosInstance } from "axios";
import { isAxiosError } from "axios";

export interface Guarded {
  accessToken(): string | null;
  mayHaveSession(): boolean;
  refresh(stale: string | null): Promise<string>;
}

/** `again` sends the second time. It has no interceptors: what fails twice has failed, and nothing goes round in circles. */
export function guard(client: AxiosInstance, again: AxiosInstance, session: Guarded) {
  client.interceptors.request.use(async (config) => {
    const token = session.accessToken() ?? (session.mayHaveSession() ? await session.refresh(null) : null);
    if (token !== null) config.headers.set("Authorization", `Bearer ${token}`);
    return config;
  });

  client.interceptors.response.use(undefined, async (error: unknown) => {
    const stale = refusedToken(error);
    if (stale === null || !isAxiosError(error) || !error.config || !session.mayHaveSession()) throw error;
    const token = await session.refresh(stale);
    error.config.headers.set("Authorization", `Bearer ${token}`);
    return again.request(error.config);
  });
}

/** The token that a request was refused with. */
function refusedToken(error: unknown): string | null {
  if (!isAxiosError(error) || error.response?.status !== 401) return null;
  const sent = String(error.config?.headers.get("Authorization") ?? "");
  return sent.startsWith("Bearer ") ? sent.slice("Bearer ".length) : null;
}
