//! Work beside a test that is a future: what waits by blocking has a thread to do so.

/// Does work in a thread of its own, at the time that the caller's has, and waits for it. A panic of it is the caller's.
pub(super) fn run<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let time = quintet_db::set_time(None);
    quintet_db::set_time(time);
    let done = std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            quintet_db::set_time(time);
            let done = work();
            quintet_db::set_time(None);
            done
        });
        thread.join()
    });
    done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
