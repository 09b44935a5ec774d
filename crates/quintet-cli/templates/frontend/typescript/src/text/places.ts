/**
 * Where to go after a login: only ever to a page of this site, whatever the address says.
 */

const HOME = "/";

/** The address of the login page that leads back to where somebody wanted to go. */
export function loginFor(place: string) {
  return place === HOME ? "/login" : `/login?next=${encodeURIComponent(place)}`;
}

/** The page that a login leads to. */
export function nextPlace(search: string) {
  const next = new URLSearchParams(search).get("next") ?? HOME;
  // What a browser reads as another site: `//host`, `/\host`, and the same with control characters between.
  return /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next) ? next : HOME;
}
