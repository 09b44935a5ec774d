//! Files that strangers send: names that want out of the folder, uploads that drip or are cut off, and a disk that is full.
//! Whatever becomes of one, no temporary file of it stays.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use quintet_tests::databases::Scratch;
use quintet_tests::support::{Answer, Client, Folder, Server, command, get, run};

/// A site that keeps what it is sent, with a folder for what stays and one for what does not.
struct Site {
    server: Server,
    folder: Folder,
}

impl Site {
    fn start(variables: &[(&str, &str)]) -> Self {
        Self::started_by("exec \"$0\" \"$@\"", variables)
    }

    /// Started by a line of the shell, which sets limits first.
    fn started_by(line: &str, variables: &[(&str, &str)]) -> Self {
        let folder = Folder::new("uploads");
        for name in ["media", "temporary"] {
            fs::create_dir(folder.path().join(name)).expect("the test's folder");
        }
        let mut start = command("/bin/sh");
        start.args(["-c", line, env!("CARGO_BIN_EXE_faulty"), "serve", "127.0.0.1:0"]);
        start.env("MEDIA", folder.path().join("media")).env("TEMPORARY", folder.path().join("temporary"));
        start.env("FILE_MEMORY", "1000").envs(variables.iter().copied());
        Self { server: Server::start(&mut start), folder }
    }

    fn address(&self) -> SocketAddr {
        self.server.address()
    }

    fn upload(&self, bytes: usize) -> std::io::Result<Answer> {
        let body = form("a.bin", &"x".repeat(bytes));
        let mut client = Client::new(self.address())?;
        // Whoever is refused early may find the connection closed.
        let _ = client.say(head(body.len())).and_then(|()| client.say(body));
        client.answer()
    }

    fn files(&self, name: &str) -> Vec<String> {
        files(&self.folder.path().join(name))
    }

    /// Waits until nothing is left of what was sent.
    fn assert_nothing_stays(&self) {
        let end = Instant::now() + Duration::from_secs(5);
        while !self.files("temporary").is_empty() && Instant::now() < end {
            thread::sleep(Duration::from_millis(20));
        }
        assert_eq!((self.files("temporary"), self.files("media")), (vec![], vec![]));
    }
}

/// The plain files below a folder, by their paths within it.
fn files(folder: &Path) -> Vec<String> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let entry = entry.expect("the test's folder");
        let name = entry.file_name().to_string_lossy().into_owned();
        match entry.path().is_dir() {
            true => found.extend(files(&entry.path()).into_iter().map(|inner| format!("{name}/{inner}"))),
            false => found.push(name),
        }
    }
    found.sort();
    found
}

fn head(length: usize) -> String {
    format!(
        "POST /keep/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\n\r\n"
    )
}

fn form(name: &str, content: &str) -> String {
    format!("{}{content}\r\n--b--\r\n", part(name))
}

fn part(name: &str) -> String {
    format!("--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"{name}\"\r\n\r\n")
}

#[test]
fn hostile_names_of_files_stay_within_the_folder_and_become_plain() {
    let (database, folder) = (Scratch::sqlite(), Folder::new("names"));
    let said = run(database.conformance().arg("migrate").env("PROFILE", "gallery"));
    assert_eq!(said.code, 0, "{said:?}");
    let media = folder.path().join("deep/media");
    let mut start = database.conformance();
    start.args(["serve", "127.0.0.1:0"]).env("PROFILE", "gallery").env("MEDIA", &media).current_dir(folder.path());
    let server = Server::start(&mut start);
    let names = [
        "../../../etc/passwd",
        "..\\..\\windows\\system.ini",
        "/etc/shadow",
        "C:\\boot.ini",
        "\\\\host\\share\\x",
        "....//....//x",
        "..%2f..%2fx",
        "%2e%2e%2fx",
        "&#46;&#46;&#47;x",
        "&sol;etc&sol;x",
        "..",
        ".",
        "a/",
        "a\\",
        ".htaccess",
        "..a",
        "a\0b.png",
        "a\0",
        "\u{202e}gnp.exe",
        "\u{ff0e}\u{ff0e}\u{ff0f}x",
        "\u{2024}\u{2024}\u{2215}x",
        "e\u{301}\u{301}\u{301}.png",
        "\u{200b}",
        "\u{feff}x.png",
        "CON",
        "nul.txt",
        "LPT1.png",
        "x.png::$DATA",
        "x.png ",
        "x.png.",
        "~",
        "-rf",
        "$(touch x)",
        "`touch x`",
        "|touch x",
        "a;b",
        "a\tb",
        "a\nb",
        "a\u{85}b",
        "<script>alert(1)</script>.png",
        "x.png\"; name=\"title",
        "x.png; filename=../y",
    ];
    let long =
        ["a".repeat(10_000), format!("{}.png", "a".repeat(900)), format!("a.{}", "b".repeat(900)), "é".repeat(400)];
    let mut kept = 0;
    for name in names.iter().map(|name| (*name).to_owned()).chain(long) {
        let body = form(&name, "x");
        let mut client = Client::new(server.address()).expect("a connection");
        let asked = head(body.len()).replace("/keep/", "/api/gallery/photos/") + &body;
        let answer = client.ask(asked).unwrap_or_else(|error| panic!("{name:?}: {error}"));
        assert!([201, 400].contains(&answer.status), "{name:?}: {} {}", answer.status, answer.body);
        kept += usize::from(answer.status == 201);
    }
    let found = files(folder.path());
    assert_eq!(found.len(), kept, "{found:?}");
    assert!(kept > names.len() / 2, "{kept} of {} were kept", names.len());
    for path in &found {
        let name = path.strip_prefix("deep/media/photos/").unwrap_or_else(|| panic!("{path} is elsewhere"));
        let is_plain = |letter: char| letter.is_alphanumeric() || ['-', '_', '.'].contains(&letter);
        assert!(name.chars().all(is_plain) && !name.trim_matches('.').is_empty(), "{path}");
        assert!(name.chars().count() <= 33, "{path} is longer than its column");
    }
}

#[test]
fn a_name_in_content_disposition_adds_no_header_and_leaves_its_quotes_closed() {
    let site = Site::start(&[]);
    for (name, header) in [
        ("a%0D%0AX-Evil:%201", "attachment; filename*=utf-8''a%0D%0AX-Evil%3A%201"),
        ("a%22;%20filename=%22b", "attachment; filename=\"a\\\"; filename=\\\"b\""),
        ("a%5C", "attachment; filename=\"a\\\\\""),
        ("..%2F..%2Fx", "attachment; filename=\"x\""),
        ("%00", "attachment; filename*=utf-8''%00"),
        ("%E2%80%AEx", "attachment; filename*=utf-8''%E2%80%AEx"),
    ] {
        let answer = get(site.address(), &format!("/download/?name={name}")).expect("an answer");
        assert_eq!((answer.status, answer.header("content-disposition")), (200, Some(header)), "{name}");
        assert_eq!((answer.header("x-evil"), &*answer.body), (None, "what it has"));
    }
}

#[test]
fn uploads_that_drip_end_by_their_deadline_and_hold_nobody_up() {
    let site = Site::start(&[("BODY_MILLISECONDS", "1500"), ("BODY_RATE", "0")]);
    let started = Instant::now();
    let drips: Vec<_> = (0..100)
        .map(|_| {
            let mut client = Client::new(site.address()).expect("a connection");
            client.say(head(5_000_000) + &part("a.bin") + &"x".repeat(3000)).expect("a server that listens");
            thread::spawn(move || {
                for _ in 0..400 {
                    if client.say("x").is_err() {
                        break;
                    }
                    thread::sleep(Duration::from_millis(20));
                }
                client.answer().map(|answer| answer.status)
            })
        })
        .collect();
    thread::sleep(Duration::from_millis(300));
    assert!(!site.files("temporary").is_empty(), "so much is kept on disk");
    for _ in 0..20 {
        let asked = Instant::now();
        assert_eq!(get(site.address(), "/json/").expect("an answer").status, 200);
        assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    }
    for drip in drips {
        // Whoever does not listen while sending may hear only that the connection is closed.
        if let Ok(status) = drip.join().expect("a thread") {
            assert_eq!(status, 408);
        }
    }
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    site.assert_nothing_stays();
}

#[test]
fn an_upload_that_is_cut_off_leaves_no_file() {
    let site = Site::start(&[]);
    for sent in [2000, 300_000, 3_000_000] {
        let mut client = Client::new(site.address()).expect("a connection");
        client.say(head(5_000_000) + &part("a.bin") + &"x".repeat(sent)).expect("a server that listens");
        let end = Instant::now() + Duration::from_secs(5);
        while site.files("temporary").is_empty() {
            assert!(Instant::now() < end, "{sent} bytes were not written to disk");
            thread::sleep(Duration::from_millis(5));
        }
        drop(client);
        site.assert_nothing_stays();
    }
}

#[test]
fn an_upload_past_the_limit_of_bodies_is_413_and_leaves_no_file() {
    let site = Site::start(&[("MAX_BODY_BYTES", "500000")]);
    assert_eq!(site.upload(400_000).expect("an answer").body, "[\"a.bin\"]");
    fs::remove_file(site.folder.path().join("media/a.bin")).expect("a file that was kept");
    assert_eq!(site.upload(600_000).expect("an answer").status, 413);
    let mut client = Client::new(site.address()).expect("a connection");
    let chunked = head(0).replace("Content-Length: 0", "Transfer-Encoding: chunked");
    let piece = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
    let _ = client.say(chunked + &piece(&part("a.bin")) + &piece(&"x".repeat(600_000)));
    assert_eq!(client.answer().expect("an answer").status, 413);
    site.assert_nothing_stays();
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "sets a limit of files")]
fn a_disk_that_is_full_is_an_error_that_names_its_cause_and_nothing_stays() {
    // No process of this shell writes a file of more than a MiB.
    let mut site = Site::started_by("trap '' XFSZ; ulimit -f 2048; exec \"$0\" \"$@\"", &[]);
    let answer = site.upload(3_000_000).expect("an answer");
    assert_eq!(answer.status, 500, "{}", answer.body);
    let line = site.server.wait_for("there is no room for an uploaded file: ", Duration::from_secs(5));
    assert!(line.contains("too large") && line.contains("POST \"/keep/\""), "{line}");
    site.assert_nothing_stays();
    assert_eq!(site.upload(100_000).expect("an answer").body, "[\"a.bin\"]");
}
