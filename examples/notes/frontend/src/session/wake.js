// @ts-check

/**
 * Tells when a tab comes back: from the background, from sleep, from the history, or from a dead network.
 */

/**
 * Calls `woken` then; gives a function that ends this.
 *
 * @param {() => void} woken
 */
export function onWake(woken) {
  const shown = () => {
    if (document.visibilityState === "visible") woken();
  };
  // A page that has just been loaded has slept no more than it has lived.
  /** @param {PageTransitionEvent} event */
  const returned = (event) => {
    if (event.persisted) woken();
  };
  document.addEventListener("visibilitychange", shown);
  window.addEventListener("online", woken);
  window.addEventListener("pageshow", returned);
  return () => {
    document.removeEventListener("visibilitychange", shown);
    window.removeEventListener("online", woken);
    window.removeEventListener("pageshow", returned);
  };
}
