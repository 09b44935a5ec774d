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
  document.addEventListener("visibilitychange", shown);
  window.addEventListener("online", woken);
  window.addEventListener("pageshow", woken);
  return () => {
    document.removeEventListener("visibilitychange", shown);
    window.removeEventListener("online", woken);
    window.removeEventListener("pageshow", woken);
  };
}
