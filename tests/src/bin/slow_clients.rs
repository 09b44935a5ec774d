//! Many clients that send a request's head one byte at a time: `slow_clients ADDRESS COUNT DRIP_MS PATIENCE_MS`.
//!
//! A process of its own, so that its sockets do not use up the descriptors of the test that probes the server meanwhile.
//! Says `connected: N` when all are connected, drips for as long as it is told, and says `open: N` when the server has
//! closed them or its patience is over. Knows nothing of what the answer should be; ends by itself.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const HEAD: &[u8] = b"GET /json/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";

/// Between two bytes on the same connection, where the machine can do that.
const PAUSE: Duration = Duration::from_millis(50);

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [address, numbers @ ..] = args.as_slice() else {
        return ExitCode::from(2);
    };
    let numbers: Vec<u64> = numbers.iter().filter_map(|number| number.parse().ok()).collect();
    let &[count, drip, patience] = numbers.as_slice() else {
        return ExitCode::from(2);
    };
    let mut clients: Vec<TcpStream> = (0..count).map_while(|_| TcpStream::connect(address).ok()).collect();
    say(&format!("connected: {}", clients.len()));
    drip_for(Duration::from_millis(drip), &mut clients);
    say(&format!("open: {}", open_after(Duration::from_millis(patience), &mut clients)));
    ExitCode::SUCCESS
}

/// A reader that has gone does not matter.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn drip_for(time: Duration, clients: &mut [TcpStream]) {
    let started = Instant::now();
    let head = HEAD.iter().copied().chain(std::iter::repeat(b'x'));
    for byte in head.take_while(|_| started.elapsed() < time) {
        let round = Instant::now();
        for client in clients.iter_mut() {
            let _ = client.write_all(&[byte]);
        }
        std::thread::sleep(PAUSE.saturating_sub(round.elapsed()));
    }
}

fn open_after(patience: Duration, clients: &mut [TcpStream]) -> usize {
    let end = Instant::now() + patience;
    for client in clients.iter() {
        let _ = client.set_nonblocking(true);
    }
    loop {
        let open = clients.iter_mut().map(is_open).filter(|open| *open).count();
        if open == 0 || Instant::now() > end {
            return open;
        }
        std::thread::sleep(PAUSE);
    }
}

fn is_open(client: &mut TcpStream) -> bool {
    let mut buffer = [0; 1024];
    loop {
        match client.read(&mut buffer) {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) => return error.kind() == std::io::ErrorKind::WouldBlock,
        }
    }
}
