//! What the end-to-end tests share: the checkout, the programs, processes that end with the test, folders that go.
//!
//! Sends nothing anywhere but to this machine, and ends only processes that it started.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The checkout.
pub fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the checkout").to_owned()
}

/// How often what can be done many times is done: 1 in `make test`, more in `make soak`.
pub fn scale() -> usize {
    std::env::var("QUINTET_TEST_SCALE").ok().and_then(|text| text.parse().ok()).unwrap_or(1).max(1)
}

/// A program of the workspace, built if it must be.
pub fn program(name: &str) -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut build = Command::new(env!("CARGO"));
        // As the tests themselves are built, so that nothing is compiled twice.
        build.args(["build", "--quiet", "--workspace", "--bins"]).current_dir(checkout());
        if cfg!(feature = "tls") {
            build.args(["--features", "quintet-tests/tls"]);
        }
        assert!(build.status().expect("cargo starts").success(), "the programs cannot be built");
    });
    let path = target().join(name).with_extension(std::env::consts::EXE_EXTENSION);
    assert!(path.is_file(), "{} was not built", path.display());
    path
}

/// Where cargo puts this workspace's programs: two folders above the test itself.
fn target() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    test.ancestors().nth(2).expect("target/debug/deps").to_owned()
}

/// A command that inherits no setting of whoever runs the tests.
pub fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    for name in [
        "SECRET_KEY",
        "DEBUG",
        "DATABASE_URL",
        "ENV_FILE",
        "PROFILE",
        "PGHOST",
        "PGPORT",
        "PGUSER",
        "PGDATABASE",
        "PGPASSWORD",
        "CARGO_MANIFEST_DIR",
        "NO_COLOR",
        "ALLOWED_HOSTS",
    ] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// What a command that ended said.
#[derive(Debug)]
pub struct Said {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// How long any command may take; the longest is the first build of a project.
const PATIENCE: Duration = Duration::from_secs(400);

/// Runs a command to its end.
///
/// # Panics
/// Where it cannot be started, is killed, or does not end.
pub fn run(command: &mut Command) -> Said {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let out = read_all(process.stdout.take().expect("a pipe"));
    let err = read_all(process.stderr.take().expect("a pipe"));
    let end = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = process.try_wait().expect("a child of ours") {
            break status;
        }
        if Instant::now() > end {
            let _ = process.kill();
            panic!("{command:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Said {
        code: status.code().unwrap_or_else(|| panic!("{command:?} was killed")),
        out: out.join().expect("a reader"),
        err: err.join().expect("a reader"),
    }
}

fn read_all(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// A folder that goes with the test.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// A new empty folder.
    pub fn new(name: &str) -> Self {
        static NUMBER: Mutex<u32> = Mutex::new(0);
        let number = {
            let mut number = NUMBER.lock().expect("no test panics here");
            *number += 1;
            *number
        };
        let path = std::env::temp_dir().join(format!("quintet-{name}-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A server that ends with the test.
#[derive(Debug)]
pub struct Server {
    process: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
    /// Where it listens, as it said.
    pub place: String,
}

impl Server {
    /// Starts a command and waits until it says where it serves.
    ///
    /// # Panics
    /// Where it ends, or says nothing for a minute.
    pub fn start(command: &mut Command) -> Self {
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let lines = follow(process.stderr.take().expect("a pipe"));
        let mut server = Self { process, lines, seen: vec![], place: String::new() };
        let line = server.wait_for("serving at ", Duration::from_secs(60));
        server.place = line.split("serving at ").nth(1).unwrap_or_default().trim().to_owned();
        server
    }

    /// The address that it listens at.
    ///
    /// # Panics
    /// Where that is none.
    pub fn address(&self) -> SocketAddr {
        let host = self.place.split("//").nth(1).unwrap_or_default().trim_end_matches('/');
        host.parse().unwrap_or_else(|_| panic!("`{}` is no address", self.place))
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Waits for a line of its standard error that contains a text.
    ///
    /// # Panics
    /// Where none comes in time; the panic shows what came.
    pub fn wait_for(&mut self, text: &str, patience: Duration) -> String {
        let end = Instant::now() + patience;
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) if line.contains(text) => {
                    self.seen.push(line.clone());
                    return line;
                }
                Ok(line) => self.seen.push(line),
                Err(_) => panic!("`{text}` did not come; these lines did: {:#?}", self.seen),
            }
        }
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let kill = Command::new("kill").args([&format!("-{name}"), &self.process.id().to_string()]).status();
        assert!(kill.expect("kill").success(), "no process to send {name} to");
    }

    /// Waits for its end and gives the exit code.
    ///
    /// # Panics
    /// Where it does not end in time.
    pub fn wait(&mut self, patience: Duration) -> Option<i32> {
        let end = Instant::now() + patience;
        while Instant::now() < end {
            if let Some(status) = self.process.try_wait().expect("a child of ours") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the server did not end within {patience:?}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn follow(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    receive
}

/// An answer as it came over a connection.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The head, without the body.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// `GET` over a connection of its own.
pub fn get(address: SocketAddr, path: &str) -> std::io::Result<Answer> {
    exchange(address, &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
}

/// Sends text, and reads until the other side closes.
pub fn exchange(address: SocketAddr, request: &str) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parsed(&bytes)
}

/// An answer out of its bytes; an error where they are none.
pub fn parsed(bytes: &[u8]) -> std::io::Result<Answer> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let status =
        head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or(std::io::ErrorKind::InvalidData)?;
    Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
}
