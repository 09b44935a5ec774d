//! What strangers send to a site: bodies without end, bombs, a hundred thousand levels, half characters. Each is refused in a
//! word, and costs the server next to nothing: 50 ms of its time, 16 MiB of memory.
//!
//! The site is the oracle's application, without a database. Limits of connections and heads are tested in `faults`.
//! `QUINTET_COSTS` names one that was built for speed, of which `scripts/costs` makes a table.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use quintet_tests::support::{Answer, Client, Folder, Server, command, program};

/// What a request may cost: milliseconds of the processor, and KiB of memory. A build without optimisation is slower.
fn milliseconds() -> u64 {
    if cfg!(debug_assertions) && measured().is_none() { 1000 } else { 50 }
}

const KIBIBYTES: u64 = 16 * 1024;

/// The program whose costs are wanted.
fn measured() -> Option<PathBuf> {
    std::env::var_os("QUINTET_COSTS").map(PathBuf::from)
}

/// The most bytes of a body.
const MOST: usize = 2_621_440;

/// Validates lists, dictionaries and JSON, and shows them.
const COMPOSITES: &str = "/api/gallery/fields/composites/";
/// The same of a list of pairs.
const PAIRS: &str = "/api/gallery/fields/pairs/";

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data; boundary=b";

/// A request, and what must be answered: the status, and a text that the body has.
struct Case {
    name: &'static str,
    path: &'static str,
    content_type: &'static str,
    body: Vec<u8>,
    status: u16,
    says: &'static str,
}

impl Case {
    fn json(name: &'static str, body: impl Into<Vec<u8>>, status: u16, says: &'static str) -> Self {
        Self { name, path: COMPOSITES, content_type: JSON, body: body.into(), status, says }
    }

    fn of(
        content_type: &'static str,
        name: &'static str,
        body: impl Into<Vec<u8>>,
        status: u16,
        says: &'static str,
    ) -> Self {
        Self { content_type, ..Self::json(name, body, status, says) }
    }

    fn at(self, path: &'static str) -> Self {
        Self { path, ..self }
    }
}

fn bodies_of_json() -> Vec<Case> {
    let many = |first: &str, item: &str, count: usize, last: &str| format!("{first}{}{last}", item.repeat(count));
    let members = |count: usize| {
        let all: Vec<String> = (0..count).map(|number| format!("\"{number}\":1")).collect();
        format!("{{{}}}", all.join(","))
    };
    let values = "more than 131072 values";
    let memory = "bytes of memory for the values";
    let deep = "more than 512 lists and objects are within each other";
    let digits = "9".repeat(5000);
    vec![
        Case::json("100,000 lists", many("{\"json\":", "[", 100_000, ""), 400, deep),
        Case::json("100,000 objects", many("", "{\"a\":", 100_000, ""), 400, deep),
        Case::json("a million members", members(1_000_000), 413, "The request body is too large."),
        Case::json("200,000 members", members(200_000), 400, memory),
        Case::json("a list of ones", many("{\"json\":[", "1,", 1_250_000, "1]}"), 400, values),
        Case::json("a list of lists", many("{\"json\":[", "[],", 800_000, "[]]}"), 400, values),
        Case::json("a list of texts", many("{\"json\":[", "\"\",", 800_000, "1]}"), 400, values),
        Case::json("as many values as there may be", many("{\"json\":[", "1,", 131_070, "1]}"), 200, "\"json\":[1,1"),
        Case::json("as many in a list of fields", many("{\"words\":[", "1,", 131_070, "1]}"), 200, "\"words\":[1,1"),
        Case::json("many that are wrong", many("{\"days\":[", "1,", 130_000, "1]}"), 400, "\"999\":[\"Date has wrong"),
        Case::json("many rows that are wrong", many("[", "1,", 130_000, "1]"), 400, "but got int").at(PAIRS),
        Case::json("many rows that are empty", many("[", "{},", 130_000, "{}]"), 400, "This field is required.")
            .at(PAIRS),
        Case::json("a long text", many("{\"json\":\"", "x", 2_600_000, "\"}"), 200, "xxx"),
        Case::json("many escapes", many("{\"json\":\"", "\\n", 1_300_000, "\"}"), 200, "\\n\\n"),
        Case::json(
            "many half pairs",
            many("{\"json\":\"", "\\ud800", 200_000, "\"}"),
            400,
            "Surrogate characters are not allowed",
        ),
        Case::json("a half pair in long text", many("{\"json\":\"\\ud800", "x", 2_600_000, "\"}"), 400, memory),
        Case::json("half a character", b"{\"json\":\"\xc3\"}", 400, "JSON parse error - 'utf-8' codec"),
        Case::json("5,000 digits", format!("{{\"ints\":[{digits}]}}"), 400, "Exceeds the limit (4300 digits)"),
        Case::json("5,000 digits as text", format!("{{\"ints\":[\"{digits}\"]}}"), 400, "String value too large."),
        Case::json("a million zeros in few letters", "{\"json_text\":\"1e999999\"}", 400, "Value must be valid JSON."),
        Case::json("not a number", "{\"json\":NaN}", 400, "Out of range float values are not JSON compliant: 'NaN'"),
        Case::json("a mark of the byte order", "\u{feff}{}", 400, "Unexpected UTF-8 BOM"),
        Case::json("nothing but spaces", " ".repeat(2_600_000), 400, "Expecting value: line 1 column 2600001"),
        Case::json("nothing but lines", "\n".repeat(2_600_000), 400, "Expecting value: line 2600001 column 1"),
        Case::json("a bomb", bomb(), 400, "JSON parse error"),
    ]
}

fn bodies_of_forms() -> Vec<Case> {
    let field =
        |name: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let pairs = |count: usize| (0..count).map(|number| format!("lists.{number}=1&")).collect::<String>();
    let end = "--b--\r\n";
    let (page, long) = ("Bad Request (400)", "Request max total header size exceeded.");
    vec![
        Case::of(FORM, "a thousand lists that are none", pairs(999), 400, "Expected a list of items"),
        Case::of(FORM, "a field too many", pairs(1001), 400, page),
        Case::of(
            FORM,
            "a name of 800,000 levels",
            format!("matrix{}=1", "[0]".repeat(800_000)),
            400,
            "A valid integer",
        ),
        Case::of(
            FORM,
            "a name of a million dots",
            format!("table{}=x", ".a".repeat(1_200_000)),
            400,
            "A valid integer",
        ),
        Case::of(FORM, "a text of escapes", format!("words={}", "%41".repeat(860_000)), 200, "AAA"),
        Case::of(FORM, "a number of digits", format!("matrix[{}]=1", "9".repeat(5000)), 200, "{"),
        Case::of(PARTS, "40,000 fields", field("words", "1").repeat(40_000), 400, page),
        Case::of(PARTS, "200,000 parts without a name", "--b\r\nX: y\r\n\r\n1\r\n".repeat(150_000), 400, page),
        Case::of(PARTS, "half a million boundaries", "--b\r\n".repeat(500_000), 400, page),
        Case::of(PARTS, "a head without end", format!("--b\r\nX: {}", "y".repeat(2_600_000)), 400, long),
        Case::of(
            PARTS,
            "what is nearly a boundary",
            format!("{}{end}", field("x", &"\r\n--".repeat(600_000))),
            200,
            "{",
        ),
        Case::of(
            "multipart/form-data",
            "no boundary",
            "x".repeat(2_600_000),
            400,
            "Invalid boundary in multipart: None",
        ),
    ]
}

/// A hundred million brackets, as gzip has them: nobody said that bodies may be compressed.
fn bomb() -> Vec<u8> {
    // One block of zeros again and again is what a bomb looks like; what matters is that it is not unpacked.
    let mut bytes = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff".to_vec();
    bytes.extend(std::iter::repeat_n([0xed_u8, 0xc1, 0x01, 0x0d], 25_000).flatten());
    bytes
}

/// The site, and what its process has cost.
struct Site {
    server: Server,
    _folder: Folder,
}

impl Site {
    fn start() -> Self {
        let folder = Folder::new("hostile");
        let mut start = command(measured().unwrap_or_else(|| program("conformance")));
        start.args(["serve", "127.0.0.1:0"]).current_dir(folder.path());
        start.env("PROFILE", "gallery").env("DATABASE_URL", "sqlite::memory:").env("MEDIA", folder.path());
        let site = Self { server: Server::start(&mut start), _folder: folder };
        // What the first request of each kind builds is no stranger's doing.
        for (content_type, body) in [(JSON, "{}"), (FORM, "words=1"), (PARTS, "--b--")] {
            let answer = site.ask(&Case::of(content_type, "first", body, 200, "{"));
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
        site
    }

    fn address(&self) -> SocketAddr {
        self.server.address()
    }

    fn ask(&self, case: &Case) -> Answer {
        let Case { path, content_type, body, .. } = case;
        let length = body.len();
        let mut client = Client::new(self.address()).expect("a connection");
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
        );
        // Whoever is refused early may find the connection closed.
        let _ = client.say(head).and_then(|()| client.say(body));
        client.answer().unwrap_or_else(|error| panic!("{}: no answer: {error}", case.name))
    }

    fn process(&self, file: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{file}", self.server.id()))
    }

    /// Runs something, and says what that cost the server.
    fn costs<T>(&self, run: impl FnOnce() -> T) -> (T, Costs) {
        // From now on the highest mark is counted anew.
        std::fs::write(self.process("clear_refs"), "5").expect("a process of ours");
        let (times, memory) = (self.times(), self.kibibytes("VmRSS:"));
        let done = run();
        // The end of a connection is told after the answer.
        thread::sleep(Duration::from_millis(20));
        let spent =
            |(thread, time): (String, u64)| time.saturating_sub(times.get(&thread).copied().unwrap_or_default());
        let microseconds = self.times().into_iter().map(spent).sum::<u64>() / 1000;
        (done, Costs { microseconds, kibibytes: self.kibibytes("VmHWM:").saturating_sub(memory) })
    }

    /// What each thread has had of the processor, in nanoseconds.
    fn times(&self) -> HashMap<String, u64> {
        let threads = std::fs::read_dir(self.process("task")).expect("the server lives").flatten();
        let time = |thread: std::fs::DirEntry| {
            let told = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
            Some((thread.file_name().to_string_lossy().into_owned(), told.split(' ').next()?.parse().ok()?))
        };
        threads.filter_map(time).collect()
    }

    fn kibibytes(&self, what: &str) -> u64 {
        let status = std::fs::read_to_string(self.process("status")).expect("the server lives");
        let line = status.lines().find_map(|line| line.strip_prefix(what)).expect("a line");
        line.trim().trim_end_matches("kB").trim().parse().expect("a number")
    }
}

/// What something cost the server.
struct Costs {
    microseconds: u64,
    kibibytes: u64,
}

impl Costs {
    /// Within the ceilings. What is measured is a row of a table.
    #[allow(clippy::print_stdout, clippy::cast_precision_loss, reason = "a table, with one digit behind the point")]
    fn assert_small(&self, name: &str, status: u16) {
        let Self { microseconds, kibibytes } = self;
        if measured().is_some() {
            println!(
                "costs | {name} | {status} | {:.1} | {:.1} |",
                *microseconds as f64 / 1000.0,
                *kibibytes as f64 / 1024.0
            );
        }
        assert!(*microseconds <= milliseconds() * 1000, "{name}: {microseconds} µs");
        assert!(*kibibytes <= KIBIBYTES, "{name}: {kibibytes} KiB");
    }
}

fn assert_cheap(site: &Site, cases: &[Case]) {
    for case in cases {
        let (answer, costs) = site.costs(|| site.ask(case));
        let name = case.name;
        let shown: String = answer.body.chars().take(300).collect();
        assert_eq!(answer.status, case.status, "{name}: {shown}");
        assert!(answer.body.contains(case.says), "{name}: {shown}");
        costs.assert_small(name, answer.status);
        assert!(answer.body.len() <= 2 * MOST, "{name}: {} bytes were answered", answer.body.len());
    }
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "asks /proc")]
fn hostile_json_is_refused_in_a_word_and_costs_little() {
    assert_cheap(&Site::start(), &bodies_of_json());
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "asks /proc")]
fn hostile_forms_are_refused_in_a_word_and_cost_little() {
    assert_cheap(&Site::start(), &bodies_of_forms());
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "asks /proc")]
fn a_body_of_a_gigabyte_is_refused_long_before_its_end() {
    let site = Site::start();
    let chunk = [b"10000\r\n".to_vec(), vec![b'1'; 65_536], b"\r\n".to_vec()].concat();
    let kinds = [
        (JSON, format!("Content-Length: {}", 1_u64 << 30), 413),
        (JSON, "Transfer-Encoding: chunked".to_owned(), 413),
        (FORM, "Transfer-Encoding: chunked".to_owned(), 413),
        (PARTS, "Transfer-Encoding: chunked".to_owned(), 400),
    ];
    for (content_type, length, status) in kinds {
        let (answer, costs) = site.costs(|| {
            let mut client = Client::new(site.address()).expect("a connection");
            let head = format!(
                "POST {COMPOSITES} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\n{length}\r\n\r\n"
            );
            client.say(head).expect("a server that reads heads");
            let mut sent = 0;
            while sent < 1 << 30 && client.say(&chunk).is_ok() {
                sent += chunk.len();
            }
            assert!(sent < 64 << 20, "{content_type}, {length}: {sent} bytes were taken");
            client.answer()
        });
        match answer {
            Ok(answer) => {
                assert_eq!(answer.status, status, "{content_type}, {length}");
                assert!(answer.body.starts_with("{\"detail\":"), "{content_type}, {length}: {}", answer.body);
            }
            // Whoever does not listen while sending may hear only that the connection is closed.
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{content_type}, {length}"),
        }
        costs.assert_small(&format!("a gigabyte, {content_type}, {length}"), status);
    }
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "asks /proc")]
fn hostile_heads_are_refused_in_a_word_and_cost_little() {
    let site = Site::start();
    let many = |line: &str, count: usize| line.repeat(count);
    let headers: String = (0..10_000).map(|number| format!("X-{number}: a\r\n")).collect();
    let cases = [
        ("10,000 headers", "GET / HTTP/1.1\r\n".to_owned(), headers, 431),
        (
            "one type forty times",
            format!("POST {COMPOSITES} HTTP/1.1\r\n"),
            many("Content-Type: application/json\r\n", 40) + "Content-Length: 2\r\n",
            415,
        ),
        (
            "one credential fifty times",
            "GET /api/notes/ HTTP/1.1\r\n".to_owned(),
            many("Authorization: Bearer x\r\n", 50),
            401,
        ),
        (
            "a token without end",
            "GET /api/notes/ HTTP/1.1\r\n".to_owned(),
            format!("Authorization: Bearer {}.a.b\r\n", many("eyJ", 10_000)),
            401,
        ),
        ("7,500 cookies", format!("GET {COMPOSITES} HTTP/1.1\r\n"), format!("Cookie: {}\r\n", many("a=b;", 7500)), 405),
        (
            "3,000 types",
            format!("GET {COMPOSITES} HTTP/1.1\r\n"),
            format!("Accept: {}*/*\r\n", many("a/b;q=0.1,", 3000)),
            406,
        ),
        (
            "7,500 parameters of a type",
            format!("GET {COMPOSITES} HTTP/1.1\r\n"),
            format!("Accept: a/b{}\r\n", many(";a=b", 7500)),
            406,
        ),
        (
            "7,000 fields of a query",
            format!("GET {COMPOSITES}?{} HTTP/1.1\r\n", many("a=b&", 7000)),
            String::new(),
            400,
        ),
        ("a path of 30,000 steps up", format!("GET /{} HTTP/1.1\r\n", many("../", 9000)), String::new(), 404),
    ];
    for (name, line, headers, status) in cases {
        let (answer, costs) = site.costs(|| {
            let mut client = Client::new(site.address()).expect("a connection");
            let _ = client.say(format!("{line}Host: localhost\r\n{headers}\r\n{{}}"));
            client.answer().unwrap_or_else(|error| panic!("{name}: no answer: {error}"))
        });
        assert_eq!(answer.status, status, "{name}: {}", answer.body);
        costs.assert_small(name, answer.status);
    }
}
