// @ts-check

/**
 * The browser and the system that a `User-Agent` names. A guess for people to recognise their own devices by.
 */

/**
 * In this order: most browsers also call themselves what comes later in the list.
 *
 * @type {[RegExp, string][]}
 */
const BROWSERS = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\/|Chromium\//, "Chrome"],
  [/Safari\//, "Safari"],
];

/** @type {[RegExp, string][]} */
const SYSTEMS = [
  [/iPhone|iPod/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/CrOS/, "ChromeOS"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/Linux|X11/, "Linux"],
];

/**
 * As `Firefox on Linux`; what is no browser is called by its first word, as `curl`.
 *
 * @param {string} userAgent
 */
export function device(userAgent) {
  const browser = named(BROWSERS, userAgent);
  const system = named(SYSTEMS, userAgent);
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? (userAgent.split(/[\s/]/)[0] || "Unknown device");
}

/**
 * @param {[RegExp, string][]} table
 * @param {string} text
 */
function named(table, text) {
  return table.find(([pattern]) => pattern.test(text))?.[1];
}
