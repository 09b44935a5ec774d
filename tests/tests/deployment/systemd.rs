//! The units, as systemd's own tools read them; and a socket that outlives the program.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use quintet_tests::support::{checkout, command, parsed, run};

use super::{Project, found, skipped};

/// The units, with this program in the place of the one that will be installed.
fn units(project: &Project) {
    project.does(&["generatedeployment", "systemd"]);
    let service = project.text("deploy/deployed.service");
    let program = env!("CARGO_BIN_EXE_deployed");
    project.write("deploy/deployed.service", &service.replace("=/usr/local/bin/deployed", &format!("={program}")));
}

#[test]
fn systemd_finds_nothing_wrong_with_the_units() {
    let Some(analyze) = found(&["/usr/bin/systemd-analyze", "/bin/systemd-analyze"]) else {
        return skipped("systemd-analyze");
    };
    let project = Project::new("units-verify");
    project.write(".env", "STATIC_ROOT='/srv/a b;%n #é'\n");
    units(&project);
    let verify = || {
        let mut verify = command(&analyze);
        verify
            .args(["verify", "--man=no", "deploy/deployed.service", "deploy/deployed.socket"])
            .current_dir(project.folder());
        run(&mut verify)
    };
    // What it says of other units of this machine is nobody's fault here.
    let ours =
        |text: &str| text.lines().filter(|line| line.contains("deployed")).map(str::to_owned).collect::<Vec<_>>();
    let said = verify();
    assert_eq!(ours(&said.err), Vec::<String>::new(), "{said:?}");
    let service = project.text("deploy/deployed.service");
    assert!(service.contains("ReadWritePaths=\"-/srv/a b;%%n #é\"\n"), "{service}");
    project.write("deploy/deployed.service", &service.replace("ProtectSystem=strict", "ProtectSystem=perhaps"));
    assert!(!ours(&verify().err).is_empty(), "a mistake is found");
}

#[test]
fn the_service_may_do_little() {
    let Some(analyze) = found(&["/usr/bin/systemd-analyze", "/bin/systemd-analyze"]) else {
        return skipped("systemd-analyze");
    };
    let project = Project::new("units-security");
    units(&project);
    let mut security = command(&analyze);
    // 10 is a service without any limit; below 2 there is only what a web site needs.
    security.args(["security", "--offline=true", "--threshold=20", "--no-pager", "deploy/deployed.service"]);
    let said = run(security.current_dir(project.folder()));
    assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
    assert!(said.out.contains("Overall exposure level for deployed.service"), "{}", said.out);
}

/// Listens, and starts the program with that socket, again when it has ended: as systemd does.
const SYSTEMD: &str = r#"
import os, socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen(16)
while True:
    child = os.fork()
    if child == 0:
        os.dup2(listener.fileno(), 3)
        os.set_inheritable(3, True)
        os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES="deployed.socket")
        os.execv(sys.argv[2], sys.argv[2:])
    print(child, flush=True)
    os.waitpid(child, 0)
"#;

/// Both processes end with it.
struct Supervisor {
    process: Child,
    program: Option<String>,
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if let Some(program) = &self.program {
            kill(program);
        }
    }
}

fn kill(process: &str) {
    let _ = Command::new("/bin/sh").args(["-c", &format!("kill -TERM {process}")]).status();
}

#[test]
fn a_restart_behind_a_socket_of_systemds_refuses_nobody() {
    let python = checkout().join("oracle/venv/bin/python");
    if !python.is_file() {
        return skipped("Python (scripts/bootstrap python)");
    }
    let project = Project::new("units-socket");
    project.does(&["migrate"]);
    let socket = project.folder().join("site.sock");
    let mut supervisor = project.program(&[]);
    let words =
        ["-c", SYSTEMD, &socket.display().to_string(), env!("CARGO_BIN_EXE_deployed"), "serve"].map(str::to_owned);
    let mut python = {
        let mut started = command(&python);
        started.args(words).envs(supervisor.get_envs().filter_map(|(name, value)| Some((name, value?))));
        started
    };
    supervisor.stdin(Stdio::null());
    python.current_dir(project.folder()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut running = Supervisor { process: python.spawn().expect("it starts"), program: None };
    let mut lines = BufReader::new(running.process.stdout.take().expect("a pipe")).lines();
    let mut next = || lines.next().expect("a line").expect("text");
    let first = next();
    running.program = Some(first.clone());
    assert_eq!(ask(&socket), 200);
    kill(&first);
    // The first has been told to end, the second is yet to come: whoever comes now waits in the socket's queue.
    let statuses: Vec<u16> = (0..10).map(|_| ask(&socket)).collect();
    assert_eq!(statuses, [200; 10]);
    let second = next();
    running.program = Some(second.clone());
    assert_ne!(first, second);
    assert_eq!(ask(&socket), 200);
    assert!(fs::symlink_metadata(&socket).is_ok(), "the file is not the program's to remove");
}

fn ask(socket: &std::path::Path) -> u16 {
    let mut stream = UnixStream::connect(socket).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    let request =
        "GET /api/client/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    parsed(&answer).map_or(0, |answer| answer.status)
}
