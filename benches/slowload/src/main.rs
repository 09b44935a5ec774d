//! Thousands of clients that send a request's header one byte at a time, and a probe that measures what others notice.
//!
//! A process of its own, so that its work is not counted as the server's. Knows TCP and enough HTTP to ask for one page; starts
//! no server, raises no limit, judges nothing: it prints facts, and ends by itself. The caller raises the descriptor limit.
//!
//! ```console
//! slowload 127.0.0.1:8000 /json --connections 10000 --seconds 20 --interval-ms 1000
//! ```

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until, timeout};

/// Descriptors that are not slow connections: standard streams, the reactor, probes, some room.
const RESERVED: u64 = 100;
/// How long one normal request may take before it counts as failed.
const PROBE_LIMIT: Duration = Duration::from_secs(10);
const PROBE_PAUSE: Duration = Duration::from_millis(20);
/// A client that was refused waits before it tries again, so that it does not become a flood.
const RETRY_PAUSE: Duration = Duration::from_millis(500);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match Plan::from_args(std::env::args().skip(1)) {
        Ok(plan) => {
            println!("{}", run(plan).await);
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!(
                "error: {message}\nhint: slowload ADDRESS PATH [--connections N] [--seconds N] [--interval-ms N]"
            );
            ExitCode::from(2)
        }
    }
}

async fn run(plan: Plan) -> String {
    let before = probe(&plan, Duration::from_secs(2)).await;
    let counters = Arc::new(Counters::default());
    let request: Arc<[u8]> = slow_request(&plan).into();
    for number in 0..plan.connections {
        let (plan, counters, request) = (plan.clone(), Arc::clone(&counters), Arc::clone(&request));
        tokio::spawn(slow_client(plan, counters, request));
        // A little at a time: a full accept queue would measure the kernel.
        if number % 100 == 99 {
            sleep(Duration::from_millis(10)).await;
        }
    }
    wait_until_open(&plan, &counters).await;
    let open_at_start = counters.open.load(Relaxed);
    let during = probe(&plan, plan.duration).await;
    let open_at_end = counters.open.load(Relaxed);
    counters.stop.store(true, Relaxed);
    facts(&plan, &counters, (open_at_start, open_at_end), &before, &during)
}

#[derive(Clone)]
struct Plan {
    address: Arc<str>,
    path: Arc<str>,
    wanted: u64,
    /// What the descriptor limit leaves of `wanted`.
    connections: u64,
    duration: Duration,
    interval: Duration,
}

impl Plan {
    fn from_args(mut args: impl Iterator<Item = String>) -> Result<Self, String> {
        let address = args.next().ok_or("an address is missing")?;
        let path = args.next().ok_or("a path is missing")?;
        let (mut wanted, mut seconds, mut milliseconds) = (10_000, 20, 1_000);
        while let Some(flag) = args.next() {
            let value = args.next().ok_or_else(|| format!("`{flag}` needs a value"))?;
            let number: u64 = value.parse().map_err(|_| format!("`{flag} {value}` is not a number"))?;
            match flag.as_str() {
                "--connections" => wanted = number,
                "--seconds" => seconds = number.clamp(1, 600),
                "--interval-ms" => milliseconds = number.clamp(1, 60_000),
                _ => return Err(format!("`{flag}` is not an option")),
            }
        }
        Ok(Self {
            address: address.into(),
            path: path.into(),
            wanted,
            connections: wanted.min(descriptor_limit().saturating_sub(RESERVED)),
            duration: Duration::from_secs(seconds),
            interval: Duration::from_millis(milliseconds),
        })
    }
}

/// The soft limit of open files, where the system tells.
fn descriptor_limit() -> u64 {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max open files"));
    line.and_then(|line| line.split_whitespace().nth(3)).and_then(|word| word.parse().ok()).unwrap_or(1_024)
}

#[derive(Default)]
struct Counters {
    open: AtomicU64,
    opened: AtomicU64,
    refused: AtomicU64,
    closed_by_server: AtomicU64,
    bytes: AtomicU64,
    stop: AtomicBool,
}

/// A header that never ends: far longer than one byte at a time will get in the time of a run.
fn slow_request(plan: &Plan) -> Vec<u8> {
    let padding = "a".repeat(4_000);
    format!("GET {} HTTP/1.1\r\nHost: {}\r\nX-Slow: {padding}", plan.path, plan.address).into_bytes()
}

/// Keeps one slow connection open; a server that closes it gets another, so that the load stays.
async fn slow_client(plan: Plan, counters: Arc<Counters>, request: Arc<[u8]>) {
    while !counters.stop.load(Relaxed) {
        let Ok(Ok(stream)) = timeout(PROBE_LIMIT, TcpStream::connect(&*plan.address)).await else {
            counters.refused.fetch_add(1, Relaxed);
            sleep(RETRY_PAUSE).await;
            continue;
        };
        counters.opened.fetch_add(1, Relaxed);
        counters.open.fetch_add(1, Relaxed);
        drip(stream, &plan, &counters, &request).await;
        counters.open.fetch_sub(1, Relaxed);
        sleep(RETRY_PAUSE).await;
    }
}

async fn drip(mut stream: TcpStream, plan: &Plan, counters: &Counters, request: &[u8]) {
    let _ = stream.set_nodelay(true);
    let (mut reader, mut writer) = stream.split();
    let mut ticks = interval(plan.interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut answer = [0; 512];
    for byte in request.iter().cycle() {
        tokio::select! {
            _ = ticks.tick() => {}
            // Whatever comes before the header has ended is the server's goodbye.
            _ = reader.read(&mut answer) => break,
        }
        if counters.stop.load(Relaxed) {
            return;
        }
        if writer.write_all(&[*byte]).await.is_err() {
            break;
        }
        counters.bytes.fetch_add(1, Relaxed);
    }
    counters.closed_by_server.fetch_add(1, Relaxed);
}

/// Up to half a minute; a server with a connection limit never lets all of them in.
async fn wait_until_open(plan: &Plan, counters: &Counters) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while counters.open.load(Relaxed) < plan.connections && Instant::now() < deadline {
        sleep(Duration::from_millis(50)).await;
    }
}

struct Probe {
    /// In microseconds, sorted.
    latencies: Vec<u64>,
    failed: u64,
}

impl Probe {
    fn percentile(&self, percent: usize) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        let index = (self.latencies.len() * percent / 100).min(last);
        self.latencies.get(index).map_or(f64::NAN, |micros| *micros as f64 / 1_000.0)
    }
}

/// Normal requests, one after the other, each on a connection of its own: what a new visitor notices.
async fn probe(plan: &Plan, duration: Duration) -> Probe {
    let deadline = Instant::now() + duration;
    let mut result = Probe { latencies: Vec::new(), failed: 0 };
    while Instant::now() < deadline {
        let started = Instant::now();
        match timeout(PROBE_LIMIT, normal_request(plan)).await {
            Ok(Ok(true)) => result.latencies.push(started.elapsed().as_micros() as u64),
            _ => result.failed += 1,
        }
        sleep_until(started + PROBE_PAUSE.max(started.elapsed())).await;
    }
    result.latencies.sort_unstable();
    result
}

/// True when the answer is a 200.
async fn normal_request(plan: &Plan) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(&*plan.address).await?;
    stream.set_nodelay(true)?;
    let request = format!("GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", plan.path, plan.address);
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer.starts_with(b"HTTP/1.1 200"))
}

/// One fact a line, `name value`: easy to read, easy to parse.
fn facts(plan: &Plan, counters: &Counters, open: (u64, u64), before: &Probe, during: &Probe) -> String {
    let mut lines = vec![
        format!("connections_wanted {}", plan.wanted),
        format!("connections_tried {}", plan.connections),
        format!("open_at_start {}", open.0),
        format!("open_at_end {}", open.1),
        format!("opened_in_all {}", counters.opened.load(Relaxed)),
        format!("refused {}", counters.refused.load(Relaxed)),
        format!("closed_by_server {}", counters.closed_by_server.load(Relaxed)),
        format!("slow_bytes_sent {}", counters.bytes.load(Relaxed)),
    ];
    for (name, probe) in [("before", before), ("during", during)] {
        lines.push(format!("probes_{name} {}", probe.latencies.len()));
        lines.push(format!("probes_failed_{name} {}", probe.failed));
        for (label, percent) in [("p50", 50), ("p99", 99), ("max", 100)] {
            lines.push(format!("{label}_ms_{name} {:.2}", probe.percentile(percent)));
        }
    }
    lines.join("\n")
}
