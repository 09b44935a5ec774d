// @ts-check

/**
 * What a token says of itself. Whether it is genuine only the server can tell, so nothing is allowed because of it.
 */

/**
 * When a token ends, in seconds since 1970; null where it does not say so.
 *
 * @param {string | null} token
 * @returns {number | null}
 */
export function endOf(token) {
  const claims = claimsOf(token);
  return typeof claims?.exp === "number" ? claims.exp : null;
}

/**
 * Whether a token is over `seconds` after `now`, which is in milliseconds. One that does not say so is not.
 *
 * @param {string | null} token
 * @param {number} now
 * @param {number} seconds
 */
export function isOver(token, now, seconds) {
  const end = endOf(token);
  return end !== null && end - now / 1000 <= seconds;
}

/**
 * The middle part of the token: JSON in base64 with the alphabet of addresses.
 *
 * @param {string | null} token
 * @returns {Record<string, unknown> | null}
 */
function claimsOf(token) {
  const part = token?.split(".")[1];
  if (!part) return null;
  try {
    const letters = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
