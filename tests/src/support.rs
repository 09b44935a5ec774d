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
    number("QUINTET_TEST_SCALE").and_then(|number| number.try_into().ok()).unwrap_or(1).max(1)
}

/// Where chance begins: 1 in `make test`, drawn or given in `make soak`.
pub fn seed() -> u64 {
    number("QUINTET_TEST_SEED").unwrap_or(1)
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok().filter(|text| !text.is_empty())?;
    Some(text.parse().unwrap_or_else(|_| panic!("`{variable}` is no number: `{text}`")))
}

/// Says what a scaled test did, in the line that `make soak` keeps.
#[expect(clippy::print_stdout, reason = "what a test prints is its report")]
pub fn soaked(name: &str, count: usize, started: Instant) {
    println!("soak: {name} seed={} count={count} {:.1} s", seed(), started.elapsed().as_secs_f64());
}

/// Chance that can be repeated: SplitMix64.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The chance of one test: the same for the same seed and name, another for another name.
    pub fn of(name: &str) -> Self {
        Self::seeded(seed(), name)
    }

    /// The same with another seed than the run's.
    pub fn seeded(seed: u64, name: &str) -> Self {
        Self(name.bytes().fold(seed, |state, byte| Self(state ^ u64::from(byte)).number()))
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below a limit, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        let below = self.number() % u64::try_from(limit).unwrap_or(u64::MAX);
        usize::try_from(below).unwrap_or_default()
    }

    /// One of some things.
    pub fn one_of<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }

    /// A chance of its own, for a thread.
    #[must_use]
    pub fn split(&mut self) -> Self {
        Self(self.number())
    }
}

/// A program of the workspace, built if it must be.
pub fn program(name: &str) -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut build = Command::new(env!("CARGO"));
        // As the tests themselves are built, so that nothing is compiled twice.
        build.args(["build", "--quiet", "--workspace", "--bins"]).current_dir(checkout());
        for (feature, is_on) in [("tls", cfg!(feature = "tls")), ("redis", cfg!(feature = "redis"))] {
            if is_on {
                build.args(["--features", &format!("quintet-tests/{feature}")]);
            }
        }
        assert!(build.status().expect("cargo starts").success(), "the programs cannot be built");
    });
    let path = target().join(name).with_extension(std::env::consts::EXE_EXTENSION);
    assert!(path.is_file(), "{} was not built", path.display());
    path
}

/// A program of these tests: as it was built with them, and in `make soak`, where the same is done a thousand times, one
/// that is built for speed, as users run theirs.
pub fn swift(name: &str, built: &str) -> PathBuf {
    if scale() == 1 {
        return built.into();
    }
    let target = target();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--release", "-p", "quintet-tests", "--bin", name]).current_dir(checkout());
    build.arg("--target-dir").arg(target.parent().expect("a folder of profiles"));
    for (feature, is_on) in [("tls", cfg!(feature = "tls")), ("redis", cfg!(feature = "redis"))] {
        if is_on {
            build.args(["--features", &format!("quintet-tests/{feature}")]);
        }
    }
    assert!(build.status().expect("cargo starts").success(), "`{name}` cannot be built");
    target.with_file_name("release").join(name).with_extension(std::env::consts::EXE_EXTENSION)
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

/// Runs a command as `run` does, but at a pseudo terminal; both streams come as the output. `None`, and a line that says
/// so, where this machine has no `script` that can do it.
///
/// # Panics
/// As `run`.
#[expect(clippy::print_stdout, reason = "a test says why it is skipped")]
pub fn run_at_a_terminal(command: &Command) -> Option<Said> {
    if !Command::new("script").arg("--version").output().is_ok_and(|said| said.stdout.starts_with(b"script from util"))
    {
        println!("skipped: the program `script` of util-linux is not here (scripts/bootstrap installs it)");
        return None;
    }
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line: Vec<String> = words.map(|word| format!("'{}'", word.to_string_lossy())).collect();
    let mut script = Command::new("script");
    script.args(["-qec", &line.join(" "), "/dev/null"]).env("TERM", "xterm").stdin(Stdio::null());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => script.env(name, value),
            None => script.env_remove(name),
        };
    }
    Some(run(&mut script))
}

/// How long a command may take: what may build a project or is long by itself, and what is neither.
const PATIENCE: [Duration; 2] = [Duration::from_secs(400), Duration::from_secs(60)];

fn patience(command: &Command) -> Duration {
    let name = Path::new(command.get_program()).file_stem().unwrap_or_default();
    // The judge of recorded exchanges is a program of Python's, and puts thousands of them.
    PATIENCE[usize::from(name != "cargo" && name != "quintet" && name != "python")]
}

/// Runs a command to its end.
///
/// # Panics
/// Where it cannot be started, is killed, or does not end.
pub fn run(command: &mut Command) -> Said {
    run_unless_killed(command).unwrap_or_else(|said| panic!("{command:?} was killed: {said:?}"))
}

/// The same, where it may be killed: then that is the error, and what it said.
///
/// # Errors
/// Where it is killed, with -1 for its code.
///
/// # Panics
/// Where it cannot be started, or does not end.
pub fn run_unless_killed(command: &mut Command) -> Result<Said, Said> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let out = read_all(process.stdout.take().expect("a pipe"));
    let err = read_all(process.stderr.take().expect("a pipe"));
    let end = Instant::now() + patience(command);
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
    let said = Said {
        code: status.code().unwrap_or(-1),
        out: out.join().expect("a reader"),
        err: err.join().expect("a reader"),
    };
    if status.code().is_some() { Ok(said) } else { Err(said) }
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

    /// Every line of its standard error so far.
    pub fn log(&mut self) -> &[String] {
        self.seen.extend(self.lines.try_iter());
        &self.seen
    }

    /// Closes the reading end of its standard output, which must be a pipe.
    ///
    /// # Panics
    /// Where it is none.
    pub fn hang_up_on_its_output(&mut self) {
        drop(self.process.stdout.take().expect("a pipe"));
    }

    /// Sends a signal by its name; by the shell's own `kill`, for not every machine has the program.
    ///
    /// # Panics
    /// Where the process is gone.
    pub fn signal(&self, name: &str) {
        let kill = Command::new("/bin/sh").args(["-c", &format!("kill -{name} {}", self.process.id())]).status();
        assert!(kill.expect("a shell").success(), "no process to send {name} to");
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

/// A connection that is kept, for one request after the other.
#[derive(Debug)]
pub struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    /// A new connection, on which 20 seconds of silence are an error.
    pub fn new(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// Sends bytes.
    pub fn say(&mut self, bytes: impl AsRef<[u8]>) -> std::io::Result<()> {
        self.stream.get_mut().write_all(bytes.as_ref())
    }

    /// Sends bytes and reads one answer.
    pub fn ask(&mut self, bytes: impl AsRef<[u8]>) -> std::io::Result<Answer> {
        self.say(bytes)?;
        self.answer()
    }

    /// Reads one answer, which must tell its length. `UnexpectedEof` where the other end closes before its first byte,
    /// `InvalidData` where it closes later.
    pub fn answer(&mut self) -> std::io::Result<Answer> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let read = self.stream.read_until(b'\n', &mut head);
            match read {
                Ok(0) if head.is_empty() => return Err(std::io::ErrorKind::UnexpectedEof.into()),
                Ok(0) => return Err(cut(&head)),
                Err(_) if !head.is_empty() => return Err(cut(&head)),
                read => read?,
            };
        }
        let mut answer = parsed(&head)?;
        let length = answer.header("content-length").and_then(|length| length.parse().ok());
        let mut body = vec![0; length.ok_or_else(|| cut(&head))?];
        self.stream.read_exact(&mut body).map_err(|_| cut(&head))?;
        answer.body = String::from_utf8_lossy(&body).into_owned();
        Ok(answer)
    }

    /// Whether the other end says nothing and does not close for a time.
    pub fn is_left_alone_for(&mut self, time: Duration) -> bool {
        let _ = self.stream.get_ref().set_read_timeout(Some(time));
        let silent = self.stream.fill_buf().is_err_and(|error| is_timeout(&error));
        let _ = self.stream.get_ref().set_read_timeout(Some(Duration::from_secs(20)));
        silent
    }

    /// Whether the other end closes without another byte, within the 20 seconds.
    pub fn is_closed(&mut self) -> bool {
        match self.stream.fill_buf() {
            Ok(bytes) => bytes.is_empty(),
            Err(error) => !is_timeout(&error),
        }
    }
}

fn cut(head: &[u8]) -> std::io::Error {
    let what = format!("the answer is not whole: {:?}", String::from_utf8_lossy(head));
    std::io::Error::new(std::io::ErrorKind::InvalidData, what)
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}

/// An answer out of its bytes; an error where they are none.
pub fn parsed(bytes: &[u8]) -> std::io::Result<Answer> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let status =
        head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or(std::io::ErrorKind::InvalidData)?;
    Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
}
