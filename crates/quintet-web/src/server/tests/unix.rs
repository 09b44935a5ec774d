//! A Unix socket in place of a port.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::{UnixListener, UnixStream};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::super::{Limits, Listener, serve};
use super::harness::{Client, Counts, SOON, application, get};

#[tokio::test]
async fn a_unix_socket_is_served_and_closed() {
    let path = a_path();
    let listener = UnixListener::bind(&path).unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let app = application(Arc::new(Counts::default()));
    let shutdown = async {
        let _ = stopped.await;
    };
    let serving = tokio::spawn(serve(Listener::Unix(listener), None, Limits::default(), app, shutdown));

    let mut client = Client::new(UnixStream::connect(&path).await.unwrap());
    assert_eq!(client.ask(&get("/peer")).await.body, "false false");
    stop.send(()).unwrap();
    assert_eq!(client.rest().await, "");
    let report = timeout(SOON, serving).await.unwrap().unwrap();
    assert_eq!((report.finished, report.aborted), (1, 0));
    assert!(UnixStream::connect(&path).await.is_err());
    remove(&path);
}

#[allow(clippy::disallowed_methods, reason = "a socket needs a place in the file system")]
fn a_path() -> PathBuf {
    std::env::temp_dir().join(format!("server-{}.sock", std::process::id()))
}

#[allow(clippy::disallowed_methods, reason = "a test takes away the socket that it made")]
fn remove(path: &PathBuf) {
    let _ = std::fs::remove_file(path);
}
