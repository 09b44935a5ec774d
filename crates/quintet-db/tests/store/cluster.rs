//! A PostgreSQL server of a test's own, which can be stopped, started, copied and encrypted.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// A server, gone when the test ends.
pub(crate) struct Cluster {
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
    is_running: bool,
}

/// The user that runs servers: PostgreSQL refuses to be root.
fn as_server(program: &str) -> Command {
    let id = Command::new("id").arg("-u").output().expect("`id`");
    if id.stdout.trim_ascii() != b"0" {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--", program]);
    command
}

/// The program as a whole path: another user has another `PATH`.
fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").expect("a path");
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.exists());
    found.unwrap_or_else(|| panic!("`{name}` is on the path that scripts/postgres sets"))
}

fn run(name: &str, words: &[&str]) {
    let mut command = as_server(program(name).to_str().expect("a path of text"));
    // What a server inherits it keeps open; a pipe would never end.
    let done =
        command.current_dir("/").args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(done.expect("the program runs").success(), "{name} {words:?}");
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

impl Cluster {
    fn folder() -> PathBuf {
        let folder = PathBuf::from("/tmp").join(crate::scratch::unique());
        let made = as_server("mkdir").args(["-m", "700"]).arg(&folder).status();
        assert!(made.expect("`mkdir`").success());
        folder
    }

    /// A new server; nothing where the tests have none, which is said.
    pub(crate) fn start(settings: &str) -> Option<Self> {
        crate::scratch::server()?;
        let folder = Self::folder();
        let data = folder.join("data");
        run("initdb", &["-D", text(&data), "-U", "quintet", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        let mut cluster = Self { folder, port: free_port(), is_running: false };
        cluster.configure(settings);
        cluster.resume();
        Some(cluster)
    }

    /// A copy of a server that follows it.
    pub(crate) fn replica(of: &Self) -> Self {
        let folder = Self::folder();
        let (data, port, socket) = (folder.join("data"), of.port.to_string(), text(&of.folder).to_owned());
        let place = ["-D", text(&data), "-h", &socket, "-p", &port, "-U", "quintet"];
        run("pg_basebackup", &[&place[..], &["-R", "-X", "stream", "-c", "fast"]].concat());
        let mut cluster = Self { folder, port: free_port(), is_running: false };
        cluster.configure("");
        cluster.resume();
        cluster
    }

    /// What is said last counts.
    pub(crate) fn configure(&self, settings: &str) {
        let (folder, port) = (text(&self.folder), self.port);
        let text = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{folder}'\nfsync = off\n\
             shared_buffers = 16MB\nmax_connections = 40\n{settings}\n"
        );
        let file = self.folder.join("data/postgresql.auto.conf");
        let script = format!("cat >> {}", file.display());
        let mut command = as_server("sh").args(["-c", &script]).stdin(Stdio::piped()).spawn().expect("a shell");
        std::io::Write::write_all(&mut command.stdin.take().expect("a pipe"), text.as_bytes()).expect("written");
        assert!(command.wait().expect("the shell ends").success());
    }

    /// Puts a file into the server's folder, for its user alone.
    pub(crate) fn put(&self, name: &str, content: &[u8]) {
        let script = format!("umask 077; cat > {}", self.folder.join(name).display());
        let mut command = as_server("sh").args(["-c", &script]).stdin(Stdio::piped()).spawn().expect("a shell");
        std::io::Write::write_all(&mut command.stdin.take().expect("a pipe"), content).expect("written");
        assert!(command.wait().expect("the shell ends").success());
    }

    /// Starts a server that is stopped, and waits until it answers.
    pub(crate) fn resume(&mut self) {
        let (data, log) = (self.folder.join("data"), self.folder.join("log"));
        run("pg_ctl", &["start", "-D", text(&data), "-l", text(&log), "-w", "-t", "60", "-s"]);
        self.is_running = true;
    }

    /// Ends it at once, whoever is connected.
    pub(crate) fn stop(&mut self) {
        let data = self.folder.join("data");
        run("pg_ctl", &["stop", "-D", text(&data), "-m", "immediate", "-w", "-t", "30", "-s"]);
        self.is_running = false;
    }

    /// By TCP, with more parameters.
    pub(crate) fn url(&self, parameters: &str) -> String {
        format!("postgres://quintet@127.0.0.1:{}/postgres{parameters}", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.is_running {
            let data = self.folder.join("data");
            let mut command = as_server(program("pg_ctl").to_str().unwrap_or_default());
            command.current_dir("/").args(["stop", "-D", text(&data), "-m", "immediate", "-w", "-s"]);
            drop(command.stdout(Stdio::null()).stderr(Stdio::null()).status());
        }
        drop(as_server("rm").arg("-rf").arg(&self.folder).status());
    }
}

/// A pooler in front of a server, which gives each transaction one of two connections.
pub(crate) struct Pooler {
    folder: PathBuf,
    port: u16,
}

impl Pooler {
    /// Nothing where there is no `pgbouncer`.
    pub(crate) fn start(cluster: &Cluster) -> Option<Self> {
        let program =
            ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].into_iter().find(|file| Path::new(file).exists())?;
        let (folder, port) = (cluster.folder.clone(), free_port());
        let (shown, server) = (text(&folder), cluster.port);
        cluster.put("users", b"\"quintet\" \"\"\n");
        let settings = format!(
            "[databases]\npostgres = host=127.0.0.1 port={server} dbname=postgres user=quintet\n[pgbouncer]\n\
             listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = trust\n\
             auth_file = {shown}/users\npool_mode = transaction\ndefault_pool_size = 2\nmax_client_conn = 100\n\
             pidfile = {shown}/pooler.pid\nlogfile = {shown}/pooler.log\n"
        );
        cluster.put("pooler.ini", settings.as_bytes());
        let done = as_server(program).current_dir("/").args(["-d", "-q"]).arg(folder.join("pooler.ini")).status();
        assert!(done.expect("the pooler starts").success());
        // It says that it runs before it listens.
        let answers = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
        let tries = (0..100).take_while(|_| !answers()).inspect(|_| std::thread::sleep(Duration::from_millis(50)));
        assert!(tries.count() < 100, "the pooler does not answer");
        Some(Self { folder, port })
    }

    pub(crate) fn url(&self, parameters: &str) -> String {
        format!("postgres://quintet@127.0.0.1:{}/postgres{parameters}", self.port)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let script = format!("kill \"$(cat {}/pooler.pid)\"", self.folder.display());
        drop(as_server("sh").args(["-c", &script]).status());
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of text")
}
