//! The server when things go wrong: slow clients, large and malformed requests, failing views, the end of the process.
//!
//! Facts are asserted, and ceilings ten times the targets; the targets themselves are for `make bench` and `make soak`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use quintet_tests::support::{Client, Folder, Server, command, exchange, get, parsed, run, scale, soaked};

fn faulty() -> Command {
    command(env!("CARGO_BIN_EXE_faulty"))
}

fn served() -> Server {
    Server::start(faulty().args(["serve", "127.0.0.1:0"]))
}

/// A visitor who has asked for a path, and whose answer is still to come.
fn asking(address: SocketAddr, path: &str) -> Client {
    let mut visit = Client::new(address).expect("a connection");
    visit.say(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")).expect("a request");
    visit
}

#[test]
fn sigterm_lets_every_request_in_flight_finish_and_refuses_new_connections() {
    let mut server = served();
    let address = server.address();
    // Each has said all it has to say before the signal, however busy the machine is: no time decides who is in flight.
    let mut visits: Vec<Client> = (0..200).map(|_| asking(address, "/slow/1500/")).collect();
    server.signal("TERM");
    server.wait_for("stopping", Duration::from_secs(20));
    thread::sleep(Duration::from_millis(100));
    assert!(get(address, "/json/").is_err(), "a new connection is refused");
    for visit in &mut visits {
        let answer = visit.answer().expect("an answer");
        assert_eq!((answer.status, answer.body.as_str()), (200, "{\"slept\":1500}"));
    }
    assert_eq!(server.wait(Duration::from_secs(15)), Some(0));
}

#[test]
fn what_is_not_finished_after_the_grace_is_cut_and_counted() {
    let mut server = Server::start(faulty().args(["serve", "127.0.0.1:0"]).env("GRACE_MILLISECONDS", "300"));
    let address = server.address();
    let mut visit = asking(address, "/slow/20000/");
    let asked = Instant::now();
    server.signal("TERM");
    server.wait_for("1 connections were cut", Duration::from_secs(15));
    assert_eq!(server.wait(Duration::from_secs(15)), Some(0));
    assert!(asked.elapsed() < Duration::from_secs(15));
    assert!(visit.answer().is_err());
}

#[test]
fn a_second_signal_ends_the_server_at_once() {
    let mut server = served();
    let address = server.address();
    let mut visit = asking(address, "/slow/20000/");
    server.signal("INT");
    server.wait_for("stopping", Duration::from_secs(15));
    thread::sleep(Duration::from_millis(100));
    server.signal("INT");
    assert_eq!(server.wait(Duration::from_secs(15)), Some(1));
    assert!(visit.answer().is_err());
}

/// Whoever starts a server and thinks better of it: from its first word on it listens to signals.
#[test]
fn a_signal_right_after_the_start_ends_the_server_politely() {
    // Many at once, so that none is sure to get on with it before the signal comes.
    let starts = || {
        (0..5).map(|_| {
            let mut server = served();
            server.signal("TERM");
            server.wait(Duration::from_secs(20))
        })
    };
    let threads: Vec<_> = (0..16).map(|_| thread::spawn(move || starts().collect::<Vec<_>>())).collect();
    for codes in threads {
        assert_eq!(codes.join().expect("a starter"), [Some(0); 5]);
    }
}

/// A view that blocks its thread cannot be waited for.
#[test]
fn a_second_signal_ends_a_server_whose_view_blocks_a_thread() {
    let mut server = Server::start(faulty().args(["serve", "--workers", "1", "127.0.0.1:0"]));
    let address = server.address();
    let mut visit = asking(address, "/block/20000/");
    server.signal("TERM");
    server.wait_for("stopping", Duration::from_secs(15));
    thread::sleep(Duration::from_millis(100));
    server.signal("TERM");
    assert_eq!(server.wait(Duration::from_secs(15)), Some(1));
    assert!(visit.answer().is_err());
}

#[test]
fn a_view_that_blocks_a_thread_does_not_outlast_the_grace() {
    let mut server =
        Server::start(faulty().args(["serve", "--workers", "1", "127.0.0.1:0"]).env("GRACE_MILLISECONDS", "300"));
    let address = server.address();
    let mut visit = asking(address, "/block/20000/");
    server.signal("TERM");
    assert_eq!(server.wait(Duration::from_secs(15)), Some(0));
    assert!(visit.answer().is_err());
}

/// Clients that send a head one byte at a time, in a process of their own, and a probe beside them.
#[test]
fn slow_clients_do_not_keep_others_waiting() {
    let started = Instant::now();
    let server = Server::start(faulty().args(["serve", "127.0.0.1:0"]).env("HEADER_MILLISECONDS", "4000"));
    let address = server.address();
    let wanted = 1000 * scale().min(10);
    let count = descriptors(wanted);
    println!("count used: {count} of {wanted} connections");
    let mut clients = command(env!("CARGO_BIN_EXE_slow_clients"))
        .args([address.to_string(), count.to_string(), "3000".to_owned(), "8000".to_owned()])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the clients start");
    let mut lines = BufReader::new(clients.stdout.take().expect("a pipe")).lines();
    let mut next = || lines.next().and_then(Result::ok).unwrap_or_default();
    assert_eq!(next(), format!("connected: {count}"));
    let mut probes = Vec::new();
    let end = Instant::now() + Duration::from_millis(2500);
    while Instant::now() < end {
        let start = Instant::now();
        assert_eq!(get(address, "/json/").expect("the probe is answered").status, 200);
        probes.push(start.elapsed());
        thread::sleep(Duration::from_millis(2));
    }
    probes.sort();
    let p99 = probes[probes.len() * 99 / 100];
    println!("{} probes, p99 {p99:?}", probes.len());
    assert!(p99 < Duration::from_secs(1), "p99 of the probe was {p99:?}");
    // The deadline frees what they held.
    assert_eq!(next(), "open: 0", "slow connections are closed after the header timeout");
    assert!(clients.wait().expect("a child of ours").success());
    soaked("slow_clients_do_not_keep_others_waiting", count, started);
}

/// As many connections as are wanted, or as the limit of open files leaves to one process besides its own few.
fn descriptors(wanted: usize) -> usize {
    let limit = run(command("/bin/sh").args(["-c", "ulimit -n"])).out.trim().parse().unwrap_or(usize::MAX);
    let count = wanted.min(limit.saturating_sub(100));
    assert!(count > 0, "a limit of {limit} open files leaves none");
    count
}

#[test]
fn a_panicking_and_a_failing_view_get_the_500_page_and_the_server_goes_on() {
    let mut server = served();
    for (path, cause) in [("/panic/", "a view of the tests panics"), ("/fail/", "invalid digit")] {
        let answer = get(server.address(), path).expect("an answer");
        assert_eq!(answer.status, 500);
        assert!(answer.body.contains("<h1>Server Error (500)</h1>"), "{}", answer.body);
        assert!(!answer.body.contains(cause), "the cause is not for visitors");
        server.wait_for(cause, Duration::from_secs(15));
    }
    assert_eq!(get(server.address(), "/json/").expect("an answer").status, 200);
}

#[test]
fn a_body_over_the_limit_is_refused_before_it_is_kept() {
    let server = served();
    let limit = 2_621_440;
    let declared = exchange(
        server.address(),
        &format!(
            "POST /length/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            limit + 1
        ),
    );
    assert_eq!(declared.expect("an answer").status, 413, "refused by its declared length");

    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    stream
        .write_all(
            b"POST /length/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        )
        .expect("sent");
    let chunk = vec![b'x'; 65_536];
    for _ in 0..60 {
        if stream
            .write_all(b"10000\r\n")
            .and_then(|()| stream.write_all(&chunk))
            .and_then(|()| stream.write_all(b"\r\n"))
            .is_err()
        {
            break;
        }
    }
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let chunked = parsed(&bytes).expect("an answer");
    assert_eq!(chunked.status, 413, "refused by what came");
    assert_eq!(chunked.body, "{\"detail\":\"The request body is too large.\"}");

    let fits = exchange(
        server.address(),
        "POST /length/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\n\r\nabcde",
    );
    assert_eq!(fits.expect("an answer").body, "{\"length\":5}");
}

#[test]
fn malformed_requests_are_refused_by_a_4xx_or_a_closed_connection() {
    let server = served();
    let long = "x".repeat(200_000);
    let many = (0..2000).map(|number| format!("X-{number}: y\r\n")).collect::<String>();
    let cases = [
        ("no version", "GET /json/\r\n\r\n".to_owned()),
        ("garbage", "\u{0}\u{1}\u{2}\r\n\r\n".to_owned()),
        ("no host", "GET /json/ HTTP/1.1\r\n\r\n".to_owned()),
        ("two hosts", "GET /json/ HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n".to_owned()),
        (
            "two lengths",
            "POST /length/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"
                .to_owned(),
        ),
        ("a long header", format!("GET /json/ HTTP/1.1\r\nHost: localhost\r\nX: {long}\r\n\r\n")),
        ("many headers", format!("GET /json/ HTTP/1.1\r\nHost: localhost\r\n{many}\r\n")),
        ("a long path", format!("GET /{long} HTTP/1.1\r\nHost: localhost\r\n\r\n")),
        ("space before the colon", "GET /json/ HTTP/1.1\r\nHost : localhost\r\n\r\n".to_owned()),
        (
            "a bad chunk",
            "POST /length/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nab\r\n".to_owned(),
        ),
    ];
    for (name, request) in cases {
        match exchange(server.address(), &request) {
            Ok(answer) => assert!((400..500).contains(&answer.status), "{name}: {}", answer.head),
            Err(error) => {
                assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "{name}: neither answered nor closed");
            }
        }
    }
    assert_eq!(get(server.address(), "/json/").expect("an answer").status, 200, "the server goes on");
}

#[test]
fn forwarded_headers_count_only_when_they_are_trusted() {
    let ask = |server: &Server| {
        let request = "GET /client/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.9, 198.51.100.7\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n";
        exchange(server.address(), request).expect("an answer").body
    };
    assert_eq!(ask(&served()), "{\"ip\":\"127.0.0.1\",\"scheme\":\"http\"}");
    let trusting = Server::start(faulty().args(["serve", "127.0.0.1:0"]).env("TRUSTED_PROXIES", "1"));
    assert_eq!(ask(&trusting), "{\"ip\":\"198.51.100.7\",\"scheme\":\"http\"}");
}

#[test]
fn health_is_answered_for_any_host() {
    let server = served();
    for path in ["/livez", "/readyz"] {
        let answer =
            exchange(server.address(), &format!("GET {path} HTTP/1.1\r\nHost: 10.0.0.7\r\nConnection: close\r\n\r\n"))
                .expect("an answer");
        assert_eq!((answer.status, answer.body.as_str()), (200, "ok\n"));
    }
    let refused = exchange(server.address(), "GET /json/ HTTP/1.1\r\nHost: 10.0.0.7\r\nConnection: close\r\n\r\n")
        .expect("an answer");
    assert_eq!(refused.status, 400);
}

#[cfg(unix)]
#[test]
fn an_inherited_socket_is_served() {
    use std::os::fd::OwnedFd;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a socket");
    let address = listener.local_addr().expect("its address");
    let mut shell = command("/bin/sh");
    let script = "exec 3<&0 0</dev/null; export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$0\" serve";
    shell.args(["-c", script, env!("CARGO_BIN_EXE_faulty")]).stdin(Stdio::from(OwnedFd::from(listener)));
    let server = Server::start(&mut shell);
    assert_eq!(get(address, "/json/").expect("an answer").status, 200);
    assert_eq!(server.address(), address);
}

#[test]
fn an_address_that_is_taken_is_an_error_with_the_way_out() {
    let server = served();
    let said = run(faulty().args(["serve", &server.address().to_string()]));
    assert_eq!(said.code, 1);
    assert!(said.err.contains("hint: another program listens there"), "{}", said.err);
}

#[test]
fn the_access_log_names_every_answer_and_masks_secrets() {
    for (format, expected) in
        [("text", "\"GET /json/?a=1&token=**** HTTP/1.1\" 200 27 "), ("json", "\"path\":\"/json/?a=1&token=****\"")]
    {
        let folder = Folder::new("log");
        let file = folder.path().join("access.log");
        let output = std::fs::File::create(&file).expect("a file");
        let mut server = Server::start(faulty().args(["serve", "127.0.0.1:0", "--access-log", format]).stdout(output));
        assert_eq!(get(server.address(), "/json/?a=1&token=hush").expect("an answer").status, 200);
        thread::sleep(Duration::from_millis(300));
        server.signal("TERM");
        assert_eq!(server.wait(Duration::from_secs(15)), Some(0));
        let log = std::fs::read_to_string(&file).expect("the log");
        assert!(log.contains(expected) && !log.contains("hush"), "{format}: {log}");
        assert_eq!(log.lines().count(), 1, "{log}");
    }
}

#[test]
fn an_access_log_that_nobody_reads_does_not_stop_the_server() {
    let mut server =
        Server::start(faulty().args(["serve", "127.0.0.1:0", "--access-log", "text"]).stdout(Stdio::piped()));
    server.hang_up_on_its_output();
    for _ in 0..50 {
        assert_eq!(get(server.address(), "/json/").expect("an answer").status, 200);
        thread::sleep(Duration::from_millis(5));
    }
    server.signal("TERM");
    assert_eq!(server.wait(Duration::from_secs(15)), Some(0));
    assert!(!server.log().iter().any(|line| line.contains("panicked")), "{:#?}", server.log());
}

#[cfg(feature = "tls")]
#[test]
fn tls_is_served_with_a_certificate_and_refused_without_its_key() {
    let folder = Folder::new("tls");
    let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let made = run(command("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-keyout",
        ])
        .arg(&key)
        .arg("-out")
        .arg(&certificate));
    assert_eq!(made.code, 0, "{}", made.err);
    let files = |key: &std::path::Path| {
        ["--tls-cert".to_owned(), certificate.display().to_string(), "--tls-key".to_owned(), key.display().to_string()]
    };
    let server = Server::start(faulty().args(["serve", "127.0.0.1:0"]).args(files(&key)));
    assert!(server.place.starts_with("https://"), "{}", server.place);
    let url = format!("https://localhost:{}/client/", server.address().port());
    for version in ["--http1.1", "--http2"] {
        let said = run(command("curl").args(["-sS", version, "--cacert"]).arg(&certificate).arg(&url));
        assert_eq!(said.out, "{\"ip\":\"127.0.0.1\",\"scheme\":\"https\"}", "{version}: {said:?}");
    }
    let plain = exchange(server.address(), "GET /json/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(plain.is_err(), "plain HTTP on a TLS port gets nothing");
    let swapped = run(faulty().args(["serve", "127.0.0.1:0"]).args(files(&certificate)));
    assert!(swapped.code == 1 && swapped.err.contains("TLS cannot be set up"), "{swapped:?}");
}

#[cfg(not(feature = "tls"))]
#[test]
fn tls_without_the_feature_says_how_to_switch_it_on() {
    let folder = Folder::new("tls");
    let file = folder.path().join("any.pem");
    std::fs::write(&file, "x").expect("written");
    let file = file.display().to_string();
    let said = run(faulty().args(["serve", "127.0.0.1:0", "--tls-cert", &file, "--tls-key", &file]));
    assert!(said.code == 1 && said.err.contains("features = [\"tls\"]"), "{said:?}");
}

#[test]
fn http2_is_served_on_the_same_port() {
    let server = served();
    let url = format!("http://localhost:{}/json/", server.address().port());
    let said = run(command("curl").args(["-sS", "--http2-prior-knowledge", "-w", " %{http_version}", &url]));
    assert_eq!(said.out, "{\"message\":\"Hello, World!\"} 2", "{said:?}");
}

#[test]
fn an_idle_server_is_small() {
    let server = served();
    assert_eq!(get(server.address(), "/json/").expect("an answer").status, 200);
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap_or_default();
    let Some(line) = status.lines().find(|line| line.starts_with("VmRSS:")) else {
        println!("skipped: no /proc here to measure by");
        return;
    };
    let kilobytes: usize = line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number");
    println!("idle: {kilobytes} KiB (debug build)");
    // The target is 15 MB; this is the ceiling.
    assert!(kilobytes < 150_000, "{kilobytes} KiB");
}
