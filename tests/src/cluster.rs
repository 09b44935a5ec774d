//! A PostgreSQL server of a test's own, which can be stopped, started, and hurt.
//!
//! `scripts/postgres` makes it and takes it away, however the test ends: the shell that holds it ends with the pipe
//! between them. Other than the server that all tests share, it keeps what it has acknowledged when it is stopped at once.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::support::checkout;

/// A server.
#[derive(Debug)]
pub struct Cluster {
    holder: Child,
    orders: Option<ChildStdin>,
    said: BufReader<ChildStdout>,
    folder: String,
}

impl Cluster {
    /// A new server; nothing, and a line that says so, where the tests have none.
    ///
    /// # Panics
    /// Where it does not start.
    #[expect(clippy::print_stdout, reason = "a test says why it is skipped")]
    pub fn start() -> Option<Self> {
        if std::env::var_os("QUINTET_TEST_POSTGRES").is_none() {
            println!("skipped: QUINTET_TEST_POSTGRES is not set (scripts/postgres sets it)");
            return None;
        }
        let mut holder = Command::new(checkout().join("scripts/postgres"));
        holder.args(["sh", "-c", HOLDER]).env_remove("QUINTET_TEST_POSTGRES");
        let mut holder = holder.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("scripts/postgres");
        let orders = holder.stdin.take();
        let said = BufReader::new(holder.stdout.take().expect("a pipe"));
        let mut cluster = Self { holder, orders, said, folder: String::new() };
        cluster.folder = cluster.line();
        assert!(cluster.folder.starts_with('/'), "the server did not start");
        Some(cluster)
    }

    /// Its URL, with more parameters.
    pub fn url(&self, parameters: &str) -> String {
        format!("postgres://quintet@/postgres?host={}{parameters}", self.folder)
    }

    /// Ends it at once, whoever is connected.
    pub fn stop(&mut self) {
        self.order("stop");
    }

    /// Starts it again, and waits until it takes connections.
    pub fn resume(&mut self) {
        self.order("start");
    }

    /// Kills one of its processes, which it says are its own.
    pub fn kill(&mut self, process: &str) {
        assert!(process.bytes().all(|byte| byte.is_ascii_digit()), "`{process}` is no process");
        self.order(&format!("kill {process}"));
    }

    fn order(&mut self, order: &str) {
        let orders = self.orders.as_mut().expect("the holder listens");
        writeln!(orders, "{order}").expect("the holder is there");
        assert_eq!(self.line(), "0", "`{order}` went wrong");
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).expect("text");
        line.trim_end().to_owned()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.orders = None;
        drop(self.holder.wait());
    }
}

/// Says where the server is, and does what it is told until nobody is there to tell it anything.
const HOLDER: &str = r#"
data=${PGHOST%/s}/data
user=$(stat -c %U "$data" 2>/dev/null || id -un)
pg_ctl=$(command -v pg_ctl)
cd /
as() {
    if [ "$(id -un)" = "$user" ]; then "$@"
    elif command -v runuser >/dev/null; then runuser -u "$user" -- "$@"
    else su -s /bin/sh "$user" -c "$*"
    fi
}
obey() {
    case $1 in
        stop) as "$pg_ctl" stop -D "$data" -m immediate -w -t 30 -s ;;
        start) as "$pg_ctl" start -D "$data" -l "$data/server.log" -w -t 60 -s ;;
        sync) echo 'synchronous_commit = on' | as tee -a "$data/postgresql.conf" && as "$pg_ctl" reload -D "$data" -s ;;
        kill) kill -9 "$2" ;;
    esac
}
obey sync </dev/null >/dev/null 2>&1 || exit 1
echo "$PGHOST"
while read -r verb process; do
    obey "$verb" "$process" </dev/null >/dev/null 2>&1
    echo $?
done
"#;
