// @ts-check

/**
 * Where to go after a login: only ever to a page of this site, whatever the address says.
 */

const HOME = "/";

/**
 * The address of the login page that leads back to where somebody wanted to go.
 *
 * @param {string} place
 */
export function loginFor(place) {
  return place === HOME ? "/login" : `/login?next=${encodeURIComponent(place)}`;
}

/**
 * The page that a login leads to.
 *
 * @param {string} search
 */
export function nextPlace(search) {
  const next = new URLSearchParams(search).get("next") ?? HOME;
  // What a browser reads as another site: `//host`, `/\host`, and the same with control characters between.
  return /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next) ? next : HOME;
}
