//! A visitor over HTTP/2 who can leave: takes a request back, or closes the connection in the middle of it.
//!
//! As little of the protocol as that takes: no compression, no answer is read.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;

/// Ends of a header and of a stream.
const COMPLETE: u8 = 0x5;
const CANCEL: [u8; 4] = [0, 0, 0, 8];

/// A connection with one request on it.
pub(crate) struct Visitor(TcpStream);

impl Visitor {
    /// Asks for a path.
    pub(crate) fn asks(address: SocketAddr, path: &str) -> Self {
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        // `:method GET`, `:scheme http`, and by their names `:path` and `:authority`.
        let mut head = vec![0x82, 0x86];
        for (name, value) in [(0x04, path), (0x01, "localhost")] {
            head.extend([name, u8::try_from(value.len()).expect("a short value")]);
            head.extend(value.as_bytes());
        }
        let said = [PREFACE, &frame(SETTINGS, 0, 0, &[]), &frame(HEADERS, COMPLETE, 1, &head)].concat();
        stream.write_all(&said).expect("asked");
        Self(stream)
    }

    /// Takes the request back, and stays until the server has heard it.
    pub(crate) fn takes_it_back(mut self) {
        self.0.write_all(&frame(RST_STREAM, 0, 1, &CANCEL)).expect("said");
        self.0.shutdown(std::net::Shutdown::Write).expect("open");
        let mut rest = vec![];
        drop(self.0.read_to_end(&mut rest));
    }

    /// Closes the connection.
    pub(crate) fn leaves(self) {
        drop(self.0);
    }
}

fn frame(kind: u8, flags: u8, stream: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).expect("a short frame");
    [&[0, 0, length, kind, flags, 0, 0, 0, stream], content].concat()
}
