// @ts-check

/**
 * What stands around each request that needs a login: the access token on the way out, and where it has ended, another
 * one and the same request once more.
 */

/** @import { AxiosInstance } from "axios" */
import { isAxiosError } from "axios";

/**
 * @typedef {object} Guarded
 * @property {() => string | null} accessToken
 * @property {() => boolean} mayHaveSession
 * @property {(stale: string | null) => Promise<string>} refresh
 */

/**
 * `again` sends the second time. It has no interceptors: what fails twice has failed, and nothing goes round in circles.
 *
 * @param {AxiosInstance} client
 * @param {AxiosInstance} again
 * @param {Guarded} session
 */
export function guard(client, again, session) {
  client.interceptors.request.use(async (config) => {
    const token = session.accessToken() ?? (session.mayHaveSession() ? await session.refresh(null) : null);
    if (token !== null) config.headers.set("Authorization", `Bearer ${token}`);
    return config;
  });

  client.interceptors.response.use(undefined, async (/** @type {unknown} */ error) => {
    const stale = refusedToken(error);
    if (stale === null || !isAxiosError(error) || !error.config || !session.mayHaveSession()) throw error;
    const token = await session.refresh(stale);
    error.config.headers.set("Authorization", `Bearer ${token}`);
    return again.request(error.config);
  });
}

/**
 * The token that a request was refused with.
 *
 * @param {unknown} error
 * @returns {string | null}
 */
function refusedToken(error) {
  if (!isAxiosError(error) || error.response?.status !== 401) return null;
  const sent = String(error.config?.headers.get("Authorization") ?? "");
  return sent.startsWith("Bearer ") ? sent.slice("Bearer ".length) : null;
}
