//! When the process shall end: SIGTERM or Ctrl-C.
//!
//! Heard by a thread of its own, so that no view, however it blocks, keeps a signal from being heard.

use std::sync::mpsc;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// The signals that ask the process to end, from the moment on at which this was made.
pub(super) struct Signals(UnboundedReceiver<()>);

impl Signals {
    /// Begins to listen. A system that lets nobody listen ends the process by the signal itself.
    pub(super) fn listen() -> Self {
        let (told, heard) = unbounded_channel();
        let (ready, is_ready) = mpsc::channel();
        std::thread::spawn(move || {
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
                runtime.block_on(pass_on(&told, &ready));
            }
        });
        let _ = is_ready.recv();
        Self(heard)
    }

    /// Resolves with the next signal.
    pub(super) async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
async fn pass_on(told: &UnboundedSender<()>, ready: &mpsc::Sender<()>) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return;
    };
    let _ = ready.send(());
    loop {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        if told.send(()).is_err() {
            return;
        }
    }
}

#[cfg(not(unix))]
async fn pass_on(told: &UnboundedSender<()>, ready: &mpsc::Sender<()>) {
    let _ = ready.send(());
    while tokio::signal::ctrl_c().await.is_ok() && told.send(()).is_ok() {}
}
