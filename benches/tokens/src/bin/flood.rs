//! More logins than a machine has time for, while somebody else asks for a page: `flood ADDRESS LOGINS_A_SECOND SECONDS`.
//!
//! Logins come at their times, whether the earlier ones were answered or not, each on a connection of its own. The probe
//! asks for `/user/` with a token, fifty times a second, each at its time. Sends nothing anywhere but to this machine.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::{interval, timeout};

type Failure = Box<dyn std::error::Error>;
type Statuses = Arc<Mutex<BTreeMap<u16, u32>>>;

const PROBES: u64 = 50;
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1);
    let mut next = || words.next().unwrap_or_default();
    let address: SocketAddr = next().parse()?;
    if !address.ip().is_loopback() {
        return Err("only this machine is asked".into());
    }
    let (rate, seconds): (u64, u64) = (next().parse()?, next().parse()?);
    let (rate, seconds) = (rate.min(500), seconds.clamp(1, 60));
    let token = token(address).await?;
    let quiet = probed(address, &token, 3).await;
    let statuses = Statuses::default();
    let flood = tokio::spawn(flooded(address, rate, seconds, statuses.clone()));
    let busy = probed(address, &token, seconds).await;
    flood.await?;
    told("quiet", quiet);
    told("busy", busy);
    for (status, count) in statuses.lock().await.iter() {
        println!("logins_{status} {count}");
    }
    Ok(())
}

/// Logs in once.
async fn token(address: SocketAddr) -> Result<String, Failure> {
    let (status, body) = login(address, "pw").await?;
    let token = body.split("\"access\":\"").nth(1).and_then(|rest| rest.split('"').next());
    token.map(str::to_owned).ok_or_else(|| format!("no token: {status} {body}").into())
}

async fn flooded(address: SocketAddr, rate: u64, seconds: u64, statuses: Statuses) {
    let mut ticks = interval(Duration::from_nanos(1_000_000_000 / rate.max(1)));
    let mut asked = vec![];
    for number in 0..rate * seconds {
        ticks.tick().await;
        let statuses = statuses.clone();
        asked.push(tokio::spawn(async move {
            // Some know the password, some guess.
            let password = if number % 4 == 0 { "pw" } else { "guessed" };
            let status = match timeout(PATIENCE, login(address, password)).await {
                Ok(Ok((status, _))) => status,
                _ => 0,
            };
            *statuses.lock().await.entry(status).or_default() += 1;
        }));
    }
    for one in asked {
        drop(one.await);
    }
}

async fn login(address: SocketAddr, password: &str) -> Result<(u16, String), std::io::Error> {
    let body = format!(r#"{{"username":"ann","password":"{password}"}}"#);
    let head = "POST /token/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n";
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok((status(&answer), answer))
}

fn status(answer: &str) -> u16 {
    answer.get(9..12).and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// The times of the probe's answers, counted from when each was to be sent; what was no 200 counts as a minute.
async fn probed(address: SocketAddr, token: &str, seconds: u64) -> Vec<Duration> {
    let mut ticks = interval(Duration::from_nanos(1_000_000_000 / PROBES));
    let mut asked = vec![];
    for _ in 0..PROBES * seconds {
        let due: Instant = ticks.tick().await.into_std();
        let token = token.to_owned();
        asked.push(tokio::spawn(async move {
            let answered = timeout(PATIENCE, probe(address, &token)).await;
            if matches!(answered, Ok(Ok(200))) { due.elapsed() } else { PATIENCE }
        }));
    }
    let mut times = vec![];
    for one in asked {
        times.push(one.await.unwrap_or(PATIENCE));
    }
    times.sort();
    times
}

async fn probe(address: SocketAddr, token: &str) -> Result<u16, std::io::Error> {
    let mut stream = TcpStream::connect(address).await?;
    let head = "GET /user/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer ";
    stream.write_all(format!("{head}{token}\r\n\r\n").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(status(&answer))
}

fn told(name: &str, times: Vec<Duration>) {
    for (label, part) in [("p50", 50), ("p99", 99), ("max", 100)] {
        let place = (times.len() * part).div_ceil(100).saturating_sub(1);
        println!("{name}_{label}_ms {:.2}", times.get(place).copied().unwrap_or_default().as_secs_f64() * 1e3);
    }
}
