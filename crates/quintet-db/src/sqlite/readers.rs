//! Threads that read, each with a connection of its own. They do not wait for the writer, nor it for them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::queue::{Closing, Queue};
use super::slot::{Access, Slot};
use crate::error::{Error, ErrorKind, Result};

type Job = Box<dyn FnOnce(&mut Slot) + Send>;

/// The threads; they end when nobody holds this any more.
pub(super) struct Readers {
    queue: Closing<Job>,
}

impl Readers {
    pub(super) fn start(count: usize, file: &Path) -> Self {
        let queue = Arc::new(Queue::<Job>::new());
        for _ in 0..count {
            let (jobs, mut slot) = (Arc::clone(&queue), Slot::new(Some(file), Access::Read));
            let work = move || {
                while let Some(job) = jobs.pop() {
                    // A panic of a function that SQLite called costs the connection, not the thread.
                    if catch_unwind(AssertUnwindSafe(|| job(&mut slot))).is_err() {
                        slot.close();
                    }
                }
            };
            // Without any thread every call waits for one; that is as good as a machine without threads can be.
            drop(std::thread::Builder::new().name("sqlite-read".to_owned()).spawn(work));
        }
        Self { queue: Closing(queue) }
    }

    /// Has a thread do something for which nobody waits.
    pub(super) fn push(&self, work: impl FnOnce(&mut Slot) + Send + 'static) {
        self.queue.0.push(Box::new(work));
    }

    /// Reads. A caller who goes away ends it.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (done, answer) = oneshot::channel();
        let left = Leaving { flag: Arc::default(), is_answered: false };
        let flag = Arc::clone(&left.flag);
        self.push(move |slot| {
            if done.is_closed() {
                return;
            }
            let made = slot.watched(flag, |slot| slot.connection().and_then(work));
            drop(done.send(made));
        });
        let made = answer.await;
        left.answered();
        made.map_err(|_| Error::new(ErrorKind::Connection, "the work upon the database ended in a panic"))?
    }
}

/// Tells the thread when the caller goes away.
struct Leaving {
    flag: Arc<AtomicBool>,
    is_answered: bool,
}

impl Leaving {
    fn answered(mut self) {
        self.is_answered = true;
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        if !self.is_answered {
            self.flag.store(true, Ordering::Relaxed);
        }
    }
}
