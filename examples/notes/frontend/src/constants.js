// @ts-check

/** What the site is called, in titles and at the top of each page. */
export const SITE_NAME = "notes";

/**
 * Where the API is; empty where it has the address of this page. Set in `.env`.
 *
 * @type {string}
 */
export const API_URL = import.meta.env.VITE_API_URL ?? "";

/** A request that has no answer after so many milliseconds has failed. */
export const TIMEOUT = 15_000;

/** Loading is shown after so many milliseconds: what is quicker does not flicker. */
export const LOADING_DELAY = 200;

/** How long a deletion can be taken back, in milliseconds. */
export const UNDO_TIME = 6_000;

/** A tab that wakes gets another access token when this one is over within so many seconds. */
export const REFRESH_EARLY = 30;

/** Under this name the browser remembers that there is a session. The tokens themselves are not in any storage. */
export const SESSION = "session";
