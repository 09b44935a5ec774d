//! A service and its socket.
//!
//! systemd listens, so that a restart refuses no connection and the program needs no right to a port. The service may do
//! what a web site does: read the system, write its own folder, speak to a network. Everything else is switched off.

use super::quote::systemd_path;
use super::{Facts, File, Unfit};

/// What a program like this never does, and so may not.
const HARDENED: &str = "NoNewPrivileges=true
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=true
PrivateTmp=true
PrivateDevices=true
PrivateUsers=true
ProtectClock=true
ProtectControlGroups=true
ProtectHostname=true
ProtectKernelLogs=true
ProtectKernelModules=true
ProtectKernelTunables=true
ProtectProc=invisible
ProcSubset=pid
LockPersonality=true
MemoryDenyWriteExecute=true
RemoveIPC=true
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
";

/// The files, in the folder `deploy`.
pub fn files(facts: &Facts) -> Result<Vec<File>, Unfit> {
    let name = facts.name()?;
    let file = |ending: &str, text: String| File { path: format!("deploy/{name}.{ending}"), text };
    Ok(vec![file("service", service(facts, name)?), file("socket", socket(facts, name)?)])
}

fn service(facts: &Facts, name: &str) -> Result<String, Unfit> {
    // What each connection may have open, and room for everything else; without a limit, what systemd gives at most.
    let files = match facts.max_connections {
        0 => "infinity".to_owned(),
        most => most.saturating_add(1024).to_string(),
    };
    Ok(format!(
        "# /etc/systemd/system/{name}.service
#
# The program is /usr/local/bin/{name}, its variables are in /etc/{name}.env (readable by root alone), its files in
# /var/lib/{name}. Once, as root:
#
#     useradd --system --home-dir /var/lib/{name} --shell /usr/sbin/nologin {name}
#     systemctl daemon-reload && systemctl enable --now {name}.socket {name}.service
#
# Another program: put it in place of the old one, then `systemctl restart {name}.service`. The socket stays open.
[Unit]
Description=The site {name}
Requires={name}.socket
After={name}.socket network-online.target postgresql.service
Wants=network-online.target

[Service]
Type=exec
User={name}
Group={name}
EnvironmentFile=/etc/{name}.env
StateDirectory={name}
StateDirectoryMode=0750
WorkingDirectory=/var/lib/{name}
UMask=0027
# Several machines may do it at once: one works, the others wait.
ExecStartPre=/usr/local/bin/{name} migrate --noinput
ExecStart=/usr/local/bin/{name} serve --access-log json
Restart=on-failure
RestartSec=2
TimeoutStartSec=infinity
TimeoutStopSec={stop}
LimitNOFILE={files}
{HARDENED}{writable}
[Install]
WantedBy=multi-user.target
",
        stop = facts.patience(),
        writable = writable(facts)?,
    ))
}

/// Folders of the settings that are not below the service's own.
fn writable(facts: &Facts) -> Result<String, Unfit> {
    let home = facts.home()?;
    let mut text = String::new();
    for (what, path) in [("`static_root`", &facts.static_root), ("`media_root`", &facts.media_root)] {
        let folder = Facts::folder(&home, path);
        if !folder.is_empty() && folder != home && !folder.starts_with(&format!("{home}/")) {
            // A folder that is not there is no reason not to start: the minus says so.
            let path = systemd_path((what, &folder))?;
            text += &format!("ReadWritePaths=\"-{}\n", &path[1..]);
        }
    }
    Ok(text)
}

fn socket(facts: &Facts, name: &str) -> Result<String, Unfit> {
    Ok(format!(
        "# /etc/systemd/system/{name}.socket
#
# The server in front is the one who may connect: on Debian it is www-data.
[Unit]
Description=The socket of the site {name}

[Socket]
ListenStream={}
SocketUser=www-data
SocketMode=0600

[Install]
WantedBy=sockets.target
",
        facts.socket()?
    ))
}
