//! A Redis server of a test's own, on a socket in a folder that goes with the test. It keeps nothing on the disk.

use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::Folder;

/// A server, gone when the test ends.
#[derive(Debug)]
pub struct Redis {
    folder: Folder,
    server: Option<Child>,
    words: Vec<String>,
}

impl Redis {
    /// A new server with more words, as its configuration has them; nothing, and a line that says so, where there is no
    /// `redis-server`.
    ///
    /// # Panics
    /// Where it does not start.
    #[expect(clippy::print_stdout, reason = "a test says why it is skipped")]
    pub fn start_with(words: &[&str]) -> Option<Self> {
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            println!("SKIPPED: there is no `redis-server`; `scripts/bootstrap redis` installs it");
            return None;
        }
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        let mut redis = Self { folder: Folder::new("redis"), server: None, words };
        redis.resume();
        Some(redis)
    }

    /// The URL of its database 0.
    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.socket())
    }

    /// What it answers to a command, as text without quotes.
    ///
    /// # Panics
    /// Where it cannot be asked.
    pub fn ask(&self, words: &[&str]) -> String {
        let said = Command::new("redis-cli").args(["-s", &self.socket()]).args(words).output().expect("`redis-cli`");
        String::from_utf8_lossy(&said.stdout).trim_end().to_owned()
    }

    /// Stops it without ending it: it takes connections and answers nothing.
    ///
    /// # Panics
    /// Where it is not there.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// Lets it answer again.
    ///
    /// # Panics
    /// Where it is not there.
    pub fn go_on(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let server = self.server.as_ref().expect("a server").id();
        let kill = Command::new("/bin/sh").args(["-c", &format!("kill -{name} {server}")]).status();
        assert!(kill.expect("a shell").success());
    }

    /// Ends it at once, whoever is connected.
    pub fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            drop((server.kill(), server.wait()));
        }
    }

    /// Starts it again, empty, and waits until it takes connections.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn resume(&mut self) {
        let mut server = Command::new("redis-server");
        server.args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket", &self.socket()]);
        server.args(["--dir", &self.folder.path().display().to_string()]).args(&self.words);
        self.server = Some(server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("`redis-server`"));
        let end = Instant::now() + Duration::from_secs(20);
        while UnixStream::connect(self.socket()).is_err() {
            assert!(Instant::now() < end, "the Redis server does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn socket(&self) -> String {
        format!("{}/s", self.folder.path().display())
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop();
    }
}
