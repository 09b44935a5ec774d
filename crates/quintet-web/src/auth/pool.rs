//! Where passwords are hashed: on threads of their own, fewer than there are cores, with a queue that has an end.
//!
//! A hash takes a core for a tenth of a second or more. Whoever wants one asks for a place first, before anything is read from
//! a database; without a place the answer is 503. A place is kept until the hash is there, though its request may be gone.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use http::StatusCode;
use tokio::sync::Semaphore;

use crate::http::{Error, Result};

/// The threads that this process has for hashes.
static POOL: LazyLock<Pool> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Pool::new(cores.saturating_sub(1).max(1))
});

struct Pool {
    threads: usize,
    free: Arc<Semaphore>,
    taken: Arc<AtomicUsize>,
}

/// A place in the queue.
#[derive(Clone)]
pub(crate) struct Place {
    free: Arc<Semaphore>,
    _taken: Arc<Taken>,
}

struct Taken(Arc<AtomicUsize>);

impl Drop for Taken {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A place for a hash, where no more than so many wait.
pub(crate) fn place(queue: usize) -> Result<Place> {
    POOL.place(queue)
}

impl Pool {
    fn new(threads: usize) -> Self {
        Self { threads, free: Arc::new(Semaphore::new(threads)), taken: Arc::default() }
    }

    fn place(&self, queue: usize) -> Result<Place> {
        let before = self.taken.fetch_add(1, Ordering::AcqRel);
        let taken = Arc::new(Taken(self.taken.clone()));
        if before >= self.threads.saturating_add(queue) {
            return Err(busy());
        }
        Ok(Place { free: self.free.clone(), _taken: taken })
    }
}

impl Place {
    /// Hashes, as soon as a thread is free.
    pub(crate) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let permit = self.free.clone().acquire_owned().await.map_err(Error::internal)?;
        let place = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            // The thread is taken until the work is done, whoever waits for it.
            let _kept = (permit, place);
            work()
        });
        done.await.map_err(|_| Error::internal("hashing a password failed"))
    }
}

fn busy() -> Error {
    let detail = "Too many logins at the moment. Try again in a few seconds.";
    Error::api(StatusCode::SERVICE_UNAVAILABLE, "too_many_logins", detail).with_header("retry-after", "5")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_finds_the_queue_full_is_told_to_come_back() {
        let pool = Pool::new(1);
        let kept: Vec<Place> = (0..3).map(|_| pool.place(2).expect("a place")).collect();
        let error = pool.place(2).err().expect("the queue is full");
        assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(error.headers()["retry-after"], "5");
        drop(kept);
        assert!(pool.place(0).is_ok(), "places come back");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn no_more_hashes_run_at_once_than_there_are_threads() {
        let pool = Pool::new(2);
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut works = vec![];
        for _ in 0..8 {
            let (place, now, most) = (pool.place(8).expect("a place"), now.clone(), most.clone());
            works.push(tokio::spawn(async move {
                let work = move || {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(std::time::Duration::from_millis(10));
                    now.fetch_sub(1, Ordering::SeqCst);
                };
                place.run(work).await.expect("done");
            }));
        }
        for work in works {
            work.await.expect("done");
        }
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_hash_that_nobody_waits_for_keeps_its_place_until_it_is_there() {
        let pool = Pool::new(1);
        let place = pool.place(0).expect("a place");
        let (end, wait) = std::sync::mpsc::channel::<()>();
        let work = place.run(move || wait.recv().is_ok());
        let gone = tokio::time::timeout(std::time::Duration::from_millis(20), work).await;
        assert!(gone.is_err());
        drop(place);
        assert!(pool.place(0).is_err(), "the thread is at work");
        drop(end);
        while pool.taken.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        assert!(pool.place(0).is_ok());
    }
}
