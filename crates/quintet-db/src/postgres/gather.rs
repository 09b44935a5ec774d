//! What is asked in one turn of the runtime goes to the server together.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use super::under_way::UnderWay;

/// Runs the driver of a connection, but each time behind the tasks that are ready before it.
///
/// A runtime runs the task next that was woken last: a driver would send each statement by itself as soon as it is asked,
/// while those who ask the next ones stand in the queue behind it. Where a single statement is on its way, nobody is
/// waited for.
pub(crate) async fn behind_others<T>(driver: impl Future<Output = T>, statements: &UnderWay) -> T {
    let mut driver = pin!(driver);
    let mut has_let_pass = false;
    poll_fn(|cx| {
        has_let_pass = !has_let_pass && statements.are_several();
        if has_let_pass {
            // Who wakes itself goes to the end of the queue.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        driver.as_mut().poll(cx)
    })
    .await
}

/// Goes to the end of the queue of the tasks that are ready.
pub(crate) async fn let_others_pass() {
    let mut has_passed = false;
    poll_fn(|cx| {
        if has_passed {
            return Poll::Ready(());
        }
        has_passed = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::{Context, Wake, Waker};

    use super::*;

    /// How often somebody was woken.
    #[derive(Default)]
    struct Woken(AtomicU32);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_driver_lets_others_pass_where_there_are_others() {
        let (woken, statements) = (Arc::new(Woken::default()), UnderWay::default());
        let waker = Waker::from(woken.clone());
        let polled = AtomicU32::new(0);
        let never = poll_fn(|_| {
            polled.fetch_add(1, Ordering::Relaxed);
            Poll::<()>::Pending
        });
        let mut driver = pin!(behind_others(never, &statements));
        let mut poll = || {
            assert!(driver.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            (polled.load(Ordering::Relaxed), woken.0.load(Ordering::Relaxed))
        };
        assert_eq!(poll(), (1, 0), "nothing is on its way");
        let one = statements.begin();
        assert_eq!(poll(), (2, 0), "one is alone");
        let other = statements.begin();
        assert_eq!(poll(), (2, 1), "it goes behind the others, and comes again");
        assert_eq!(poll(), (3, 1));
        assert_eq!(poll(), (3, 2));
        // Who was alone meanwhile is not let pass again.
        drop((one, other));
        assert_eq!(poll(), (4, 2));
        assert_eq!(poll(), (5, 2));
    }
}
