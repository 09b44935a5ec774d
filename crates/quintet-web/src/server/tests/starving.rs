//! A server that has no files left: it stays, says so now and then, and goes on when there are some again.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use super::super::Limits;
use super::harness::{Server, get};

const FILES: usize = 40;

#[test]
fn a_server_without_files_left_goes_on_when_there_are_some_again() {
    let mut child = start();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let address = said.find_map(|line| line.strip_prefix("address ").map(str::to_owned)).unwrap();

    let held: Vec<_> = (0..FILES * 2).map(|_| TcpStream::connect(&address).unwrap()).collect();
    std::thread::sleep(Duration::from_millis(300));
    drop(held);
    let mut client = TcpStream::connect(&address).unwrap();
    client.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    client.write_all(get("/").as_bytes()).unwrap();
    let mut answer = [0; 12];
    client.read_exact(&mut answer).expect("an answer should come");
    assert_eq!(&answer, b"HTTP/1.1 200");

    drop(child.stdin.take());
    let complaints = said.find_map(|line| line.strip_prefix("complaints ").map(str::to_owned));
    assert_eq!(complaints.as_deref(), Some("1"), "it should say so, once a second at most");
    assert!(child.wait().unwrap().success());
}

/// The server under test is this program, with fewer files.
#[allow(clippy::disallowed_methods, reason = "the program has to be found to be started again")]
fn start() -> Child {
    let program = std::env::current_exe().unwrap();
    let name = format!("{}::the_server_itself", module_path!().split_once("::").unwrap().1);
    Command::new("sh")
        .args(["-c", &format!("ulimit -n {FILES} && exec \"$0\" --exact {name} --ignored --nocapture")])
        .arg(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "it is started by the test above, and ends with its input"]
fn the_server_itself() {
    let complaints = Arc::new(AtomicUsize::new(0));
    tracing::subscriber::set_global_default(Complaints(Arc::clone(&complaints))).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(Limits::default()));
    say(&format!("\naddress {}", server.address));
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    say(&format!("\ncomplaints {}", complaints.load(Ordering::SeqCst)));
}

fn say(line: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{line}").and_then(|()| out.flush()).unwrap();
}

/// Counts the errors that are logged.
struct Complaints(Arc<AtomicUsize>);

impl Subscriber for Complaints {
    fn enabled(&self, about: &Metadata<'_>) -> bool {
        *about.level() == Level::ERROR && about.target() == "quintet.server"
    }

    fn event(&self, _: &Event<'_>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
