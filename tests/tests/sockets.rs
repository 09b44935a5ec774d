//! Unix sockets: whose file it is, who may connect, and what is left when a server ends.
#![cfg(unix)]

use std::io::{Read, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use quintet_tests::support::{Answer, Folder, Server, command, parsed, run};

fn faulty() -> Command {
    command(env!("CARGO_BIN_EXE_faulty"))
}

fn place(path: &Path) -> String {
    format!("unix:{}", path.display())
}

fn served(path: &Path) -> Server {
    Server::start(faulty().args(["serve", &place(path)]))
}

fn ask(path: &Path, target: &str) -> std::io::Result<Answer> {
    let mut stream = UnixStream::connect(path)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.write_all(format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parsed(&bytes)
}

fn is_socket(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket())
}

fn ends(server: &mut Server) {
    server.signal("TERM");
    assert_eq!(server.wait(Duration::from_secs(15)), Some(0));
}

#[test]
fn a_unix_socket_is_served_and_its_file_goes_with_the_server() {
    let folder = Folder::new("unix");
    let path = folder.path().join("site.sock");
    let mut server = served(&path);
    assert_eq!(ask(&path, "/json/").expect("an answer").status, 200);
    ends(&mut server);
    assert!(!path.exists());
}

#[test]
fn a_socket_at_which_somebody_listens_is_refused_and_stays() {
    let folder = Folder::new("unix");
    let path = folder.path().join("site.sock");
    let _server = served(&path);
    let taken = run(faulty().args(["serve", &place(&path)]));
    assert!(taken.code == 1 && taken.err.contains("somebody listens"), "{taken:?}");
    assert_eq!(ask(&path, "/json/").expect("an answer").status, 200);
}

#[test]
fn a_socket_that_a_killed_server_left_is_replaced() {
    let folder = Folder::new("unix");
    let path = folder.path().join("site.sock");
    let mut server = served(&path);
    server.signal("KILL");
    let _ = server.wait(Duration::from_secs(15));
    assert!(is_socket(&path), "a killed server leaves its socket");
    let mut next = served(&path);
    assert_eq!(ask(&path, "/json/").expect("an answer").status, 200);
    ends(&mut next);
    assert!(!path.exists());
}

#[test]
fn a_file_that_is_no_socket_is_refused_and_stays() {
    let folder = Folder::new("unix");
    let path = folder.path().join("site.sock");
    std::fs::write(&path, "a file").expect("written");
    let file = run(faulty().args(["serve", &place(&path)]));
    assert!(file.code == 1 && file.err.contains("is no socket"), "{file:?}");
    assert_eq!(std::fs::read_to_string(&path).expect("still there"), "a file");
}

#[test]
fn the_next_server_may_take_the_socket_while_the_last_one_finishes() {
    let folder = Folder::new("unix");
    let path = folder.path().join("site.sock");
    let mut last = served(&path);
    let visited = path.clone();
    let visit = thread::spawn(move || ask(&visited, "/slow/4000/"));
    thread::sleep(Duration::from_secs(1));
    last.signal("TERM");
    last.wait_for("stopping", Duration::from_secs(15));
    let mut next = served(&path);
    assert!(!visit.is_finished(), "the last one is still at work");
    assert_eq!(visit.join().expect("a visitor").expect("an answer").body, "{\"slept\":4000}");
    assert_eq!(last.wait(Duration::from_secs(15)), Some(0));
    assert!(is_socket(&path), "the end of the last one leaves the socket of the next");
    assert_eq!(ask(&path, "/json/").expect("an answer").status, 200);
    ends(&mut next);
    assert!(!path.exists());
}

#[test]
fn a_server_whose_socket_was_replaced_leaves_the_other_ones() {
    let folder = Folder::new("unix");
    let path = folder.path().join("site.sock");
    let mut first = served(&path);
    std::fs::remove_file(&path).expect("removed by hand");
    let mut second = served(&path);
    assert_eq!(ask(&path, "/json/").expect("an answer").status, 200);
    ends(&mut first);
    assert_eq!(ask(&path, "/json/").expect("an answer").status, 200);
    ends(&mut second);
}

#[test]
fn the_socket_has_the_mode_that_is_asked_for() {
    let folder = Folder::new("unix");
    let path = folder.path().join("site.sock");
    let mode = || std::fs::symlink_metadata(&path).expect("the socket").permissions().mode() & 0o777;
    for (text, expected) in [("660", 0o660), ("0600", 0o600), ("777", 0o777)] {
        let mut server = Server::start(faulty().args(["serve", &place(&path), "--socket-mode", text]));
        assert_eq!(mode(), expected, "{text}");
        assert_eq!(ask(&path, "/json/").expect("an answer").status, 200);
        ends(&mut server);
    }
}

#[test]
fn a_mode_that_is_none_or_for_no_socket_is_refused() {
    let tcp = run(faulty().args(["serve", "127.0.0.1:0", "--socket-mode", "660"]));
    assert_eq!(tcp.code, 1, "{tcp:?}");
    assert!(tcp.err.contains("`--socket-mode` is for a Unix socket") && tcp.err.contains("hint: "), "{}", tcp.err);
    assert!(!tcp.err.contains("serving at"), "{}", tcp.err);
    let folder = Folder::new("unix");
    let path = folder.path().join("site.sock");
    for mode in ["u=rw", "668", "1777", ""] {
        let said = run(faulty().args(["serve", &place(&path), "--socket-mode", mode]));
        assert_eq!(said.code, 2, "{mode}: {said:?}");
    }
    assert!(!path.exists());
}

/// Another user's server: it can be seen, and not be asked whether it lives.
#[test]
fn a_socket_that_may_not_be_connected_to_is_an_error_and_stays() {
    let folder = Folder::new("unix");
    // The other user must be able to run the program, and to remove the socket: only then is it left out of respect.
    let program = folder.path().join("faulty");
    std::fs::copy(env!("CARGO_BIN_EXE_faulty"), &program).expect("copied");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).expect("opened");
    let mut as_nobody = command("setpriv");
    as_nobody.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&program).current_dir(folder.path());
    if !Command::new("setpriv").args(["--reuid=65534", "true"]).output().is_ok_and(|said| said.status.success()) {
        println!("skipped: this needs a second user: root, and the program `setpriv`");
        return;
    }
    let path = folder.path().join("site.sock");
    let listener = UnixListener::bind(&path).expect("a socket");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("closed");
    let said = run(as_nobody.args(["serve", &place(&path)]));
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains("it cannot be told whether somebody listens"), "{}", said.err);
    assert!(said.err.contains("hint: "), "{}", said.err);
    assert!(is_socket(&path));
    UnixStream::connect(&path).expect("its owner can still be reached");
    drop(listener);
}
