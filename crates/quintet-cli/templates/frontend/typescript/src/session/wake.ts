/**
 * Tells when a tab comes back: from the background, from sleep, from the history, or from a dead network.
 */

/** Calls `woken` then; gives a function that ends this. */
export function onWake(woken: () => void) {
  const shown = () => {
    if (document.visibilityState === "visible") woken();
  };
  // A page that has just been loaded has slept no more than it has lived.
  const returned = (event: PageTransitionEvent) => {
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
