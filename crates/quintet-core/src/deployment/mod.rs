//! The files by which a project is deployed: for a container, for systemd, for nginx.
//!
//! Facts about a project in, files as text out. Every value is written by the rules of the file that it goes into; one that
//! those rules cannot hold is refused, never cut or changed. Knows no settings, no disk and no program of the three.

mod compose;
mod docker;
mod nginx;
mod notes;
mod quote;
mod systemd;

use std::fmt;
use std::time::Duration;

pub use compose::Engine;
pub use docker::files as docker;
pub use nginx::files as nginx;
pub use notes::{Note, notes};
pub use systemd::files as systemd;

/// What the files depend on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The program, as cargo calls it.
    pub program: String,
    /// The version of Rust that builds it: `1.95`.
    pub rust: String,
    /// The folder of the front end below the project's, where there is one.
    pub frontend: Option<String>,
    /// The checkout of the framework, where the project takes it from a folder.
    pub checkout: Option<String>,
    /// The project's folder, as seen from the folder of the container's files.
    pub project: String,
    /// The Dockerfile, as seen from the project's folder.
    pub dockerfile: String,
    /// The database of the container's site.
    pub engine: Engine,
    /// The variable from which the settings read the database, if they do.
    pub database_variable: Option<String>,
    /// Every other variable that the settings read.
    pub variables: Vec<String>,
    /// Those that must be there.
    pub required: Vec<String>,
    /// The hosts that are answered.
    pub hosts: Vec<String>,
    /// Where `collectstatic` puts the front end; empty for nowhere.
    pub static_root: String,
    /// Where uploaded files are; empty for nowhere.
    pub media_root: String,
    /// The path below which they are reached, where a server in front shall send them.
    pub media_path: Option<String>,
    /// The path that says that the process lives; empty for none.
    pub livez: String,
    /// The path that says that the process can serve; empty for none.
    pub readyz: String,
    /// How many proxies in front are believed.
    pub trusted_proxies: usize,
    /// The header and the value by which a proxy says that a client came by HTTPS.
    pub ssl_header: Option<(String, String)>,
    /// Whether the host is taken from `X-Forwarded-Host`.
    pub is_forwarded_host: bool,
    /// Whether the port is taken from `X-Forwarded-Port`.
    pub is_forwarded_port: bool,
    /// Bytes of any body; 0 is no limit.
    pub max_body_bytes: u64,
    /// Connections at the same time; 0 is no limit.
    pub max_connections: usize,
    /// How long a connection without a request is kept; 0 is for good.
    pub keep_alive: Duration,
    /// How long requests may take to end after SIGTERM.
    pub shutdown_grace: Duration,
}

/// A file by its path, with slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Below the folder that is asked for.
    pub path: String,
    /// Its content.
    pub text: String,
}

/// A value that no file can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// What it is: a setting, or the program's name.
    pub what: String,
    /// The value.
    pub value: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {:?}, which {}", self.what, self.value, self.why)
    }
}

impl std::error::Error for Unfit {}

impl Facts {
    /// The program's name, where it can be one of a user, a unit and an image as well.
    fn name(&self) -> Result<&str, Unfit> {
        let is_plain = |text: &str| {
            text.starts_with(|first: char| first.is_ascii_alphabetic())
                && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter))
        };
        let why = "is more than letters, digits, `_` and `-`, or begins with none of the first";
        if is_plain(&self.program) {
            Ok(&self.program)
        } else {
            Err(Unfit { what: "the program's name".to_owned(), value: self.program.clone(), why })
        }
    }

    /// A folder of the settings as it is on the machine that serves: what is relative is below `home`.
    fn folder(home: &str, path: &str) -> String {
        let path = path.trim_end_matches('/');
        if path.starts_with('/') || path.is_empty() { path.to_owned() } else { format!("{home}/{path}") }
    }

    /// Where the program is started by systemd: relative paths of its settings are below that.
    fn home(&self) -> Result<String, Unfit> {
        Ok(format!("/var/lib/{}", self.name()?))
    }

    /// The socket between the units and nginx.
    fn socket(&self) -> Result<String, Unfit> {
        Ok(format!("/run/{}.sock", self.name()?))
    }

    /// Whole seconds until whoever stops the program may kill it: longer than it gives its requests.
    fn patience(&self) -> u64 {
        self.shutdown_grace.as_secs().saturating_add(10)
    }
}

#[cfg(test)]
mod tests;
