//! When the process shall end: SIGTERM or Ctrl-C.

use std::future::Future;

/// Resolves, to true, when the process is asked to end. It listens from the call on, not from the first poll: a signal
/// that comes right after a server has said that it serves is not missed. Must be called inside a runtime.
#[cfg(unix)]
pub(super) fn end_is_asked_for() -> impl Future<Output = bool> {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
    async move {
        let [terminate, interrupt] = signals;
        // Without a handler a signal ends the process by itself.
        let (Ok(mut terminate), Ok(mut interrupt)) = (terminate, interrupt) else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => true,
            _ = interrupt.recv() => true,
        }
    }
}

/// Resolves, to true, when Ctrl-C is pressed.
#[cfg(not(unix))]
pub(super) fn end_is_asked_for() -> impl Future<Output = bool> {
    let pressed = tokio::signal::ctrl_c();
    async move {
        let _ = pressed.await;
        true
    }
}
