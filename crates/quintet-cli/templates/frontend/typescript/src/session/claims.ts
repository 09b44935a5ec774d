/**
 * What a token says of itself. Whether it is genuine only the server can tell, so nothing is allowed because of it.
 */

/** When a token ends, in seconds since 1970; null where it does not say so. */
export function endOf(token: string | null): number | null {
  const claims = claimsOf(token);
  return typeof claims?.exp === "number" ? claims.exp : null;
}

/** Whether a token is over `seconds` after `now`, which is in milliseconds. One that does not say so is not. */
export function isOver(token: string | null, now: number, seconds: number) {
  const end = endOf(token);
  return end !== null && end - now / 1000 <= seconds;
}

/** The middle part of the token: JSON in base64 with the alphabet of addresses. */
function claimsOf(token: string | null): Record<string, unknown> | null {
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
