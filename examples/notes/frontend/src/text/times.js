// @ts-check

/**
 * Moments as people say them.
 *
 * @type {[Intl.RelativeTimeFormatUnit, number][]}
 */
const STEPS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

const near = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const far = new Intl.DateTimeFormat("en", { dateStyle: "medium" });

/**
 * `just now`, `5 minutes ago`, `yesterday`; a date where it is longer ago than a week. Both in milliseconds.
 *
 * @param {number} moment
 * @param {number} now
 */
export function ago(moment, now) {
  const seconds = Math.round((moment - now) / 1000);
  if (Math.abs(seconds) < 60) return "just now";
  if (Math.abs(seconds) > 7 * 86_400) return far.format(moment);
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return near.format(Math.round(seconds / length), unit);
  }
  return "just now";
}
