//! A new project in a folder of its own, or in one that is there.
//!
//! Never needs the network: where the command was built from a checkout, the project uses that
//! checkout and its lockfile; else it names a version, which cargo gets when it builds.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::ScaffoldError;
use crate::frontend::Frontend;
use crate::name::check_project_name;
use crate::plan::{NOTHING_OVERWRITTEN, Plan};
use crate::project::is_project;
use crate::report::Report;
use crate::secret::secret_key;
use crate::template::{self, NewFile, ProjectValues};

/// Makes the project `name` in `directory`, or in a new folder `name`. All of it, or nothing.
pub fn startproject(name: &str, directory: Option<&Path>, options: &Options) -> Result<Report, ScaffoldError> {
    check_project_name(name)?;
    let root = directory.unwrap_or(Path::new(name)).to_path_buf();
    let plan = Plan { root, files: files(name, options)?, edits: Vec::new() };
    check_place(&plan, name, directory)?;
    plan.write()?;
    Ok(report(&plan, name, options))
}

/// What a project is made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Which database the settings name at first.
    pub database: Database,
    /// Which front end is made beside it.
    pub frontend: Frontend,
    /// How the project gets the framework.
    pub dependency: Dependency,
}

impl Default for Options {
    /// SQLite, no front end, and the framework as [`Dependency::of_this_build`] finds it.
    fn default() -> Self {
        Options { database: Database::Sqlite, frontend: Frontend::None, dependency: Dependency::of_this_build() }
    }
}

/// The database that a new project's settings name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file in the project's folder.
    Sqlite,
    /// A server on this machine, with a database that has the project's name.
    Postgres,
}

impl Database {
    fn url(self, name: &str) -> String {
        match self {
            Database::Sqlite => "sqlite://db.sqlite3".to_owned(),
            Database::Postgres => format!("postgres://localhost/{name}"),
        }
    }

    fn comment(self) -> &'static str {
        match self {
            Database::Sqlite => {
                "# A file in this folder. `sqlite:///srv/db.sqlite3`, with three slashes, is an absolute path."
            }
            Database::Postgres => "# In full: postgres://USER:PASSWORD@HOST:5432/DATABASE",
        }
    }
}

/// How a generated project gets the framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dependency {
    /// From a checkout on this machine.
    Path {
        /// The folder of the whole checkout.
        checkout: PathBuf,
        /// Its lockfile: with a copy of it, a project builds from what the checkout was built from.
        lockfile: Option<PathBuf>,
    },
    /// From where cargo gets its crates.
    Version(String),
}

impl Dependency {
    /// The checkout that this program was built from while it is there, or else this version.
    pub fn of_this_build() -> Self {
        Self::of_crate(Path::new(env!("CARGO_MANIFEST_DIR")))
    }

    /// As [`of_this_build`](Self::of_this_build), for a program built in the folder `manifest_dir` of a crate.
    pub fn of_crate(manifest_dir: &Path) -> Self {
        let checkout = manifest_dir.parent().and_then(Path::parent);
        match checkout.filter(|checkout| framework_in(checkout).join("Cargo.toml").is_file()) {
            Some(checkout) => Dependency::Path {
                checkout: checkout.to_path_buf(),
                lockfile: Some(checkout.join("Cargo.lock")).filter(|lockfile| lockfile.is_file()),
            },
            None => Dependency::Version(env!("CARGO_PKG_VERSION").to_owned()),
        }
    }

    /// The line in `Cargo.toml`.
    fn line(&self) -> Result<String, ScaffoldError> {
        match self {
            Dependency::Version(version) => Ok(format!("quintet = {}", toml_string(version))),
            Dependency::Path { checkout, .. } => {
                let path = framework_in(checkout);
                let path = path.to_str().ok_or_else(|| not_unicode(&path))?;
                Ok(format!("quintet = {{ path = {} }}", toml_string(path)))
            }
        }
    }

    fn lockfile(&self) -> Result<Option<NewFile>, ScaffoldError> {
        let Dependency::Path { lockfile: Some(lockfile), .. } = self else {
            return Ok(None);
        };
        match fs::read_to_string(lockfile) {
            Ok(text) => Ok(Some(NewFile { path: PathBuf::from("Cargo.lock"), text, private: false })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ScaffoldError::io("read", lockfile, &error)),
        }
    }
}

fn framework_in(checkout: &Path) -> PathBuf {
    checkout.join("crates").join("quintet")
}

fn files(name: &str, options: &Options) -> Result<Vec<NewFile>, ScaffoldError> {
    let mut files = template::project(&ProjectValues {
        name,
        dependency: &options.dependency.line()?,
        secret_key: &secret_key()?,
        database_url: &options.database.url(name),
        database_comment: options.database.comment(),
        frontend: options.frontend,
    });
    files.extend(options.dependency.lockfile()?);
    Ok(files)
}

/// A folder that is there is filled if it was named, and if nothing in it is in the way.
fn check_place(plan: &Plan, name: &str, directory: Option<&Path>) -> Result<(), ScaffoldError> {
    let in_the_way = plan.in_the_way();
    let fits = in_the_way.is_none() && plan.root.is_dir();
    let message = match directory {
        None if plan.root_exists() => format!("`{name}` already exists"),
        _ => match in_the_way {
            Some(message) => message,
            None => return Ok(()),
        },
    };
    let hint = if fits {
        format!("choose another name, or make the project in that folder: `startproject {name} {name}`")
    } else if plan.root != Path::new(".") && is_project(&plan.root) {
        format!("it is a project already: `cd {}`", plan.root.display())
    } else {
        NOTHING_OVERWRITTEN.to_owned()
    };
    Err(ScaffoldError::new(message, hint))
}

fn report(plan: &Plan, name: &str, options: &Options) -> Report {
    Report {
        root: plan.root.clone(),
        created: plan.files.iter().map(|file| file.path.clone()).collect(),
        changed: Vec::new(),
        next: next(&plan.root, name, options),
    }
}

/// `cargo build` comes first because `cargo manage` is silent while it builds. No line has a
/// comment: not every shell takes one where lines are typed.
fn next(root: &Path, name: &str, options: &Options) -> Vec<(String, Vec<String>)> {
    let mut build = vec!["cargo build".to_owned()];
    if options.frontend.is_some() {
        build.insert(0, "npm install --prefix frontend".to_owned());
    }
    if root != Path::new(".") {
        build.insert(0, format!("cd {}", root.display()));
    }
    let verbs = ["migrate", "createsuperuser", "runserver"].map(|verb| format!("cargo manage {verb}"));
    let first = "next (the first build takes a minute or two)".to_owned();
    match options.database {
        Database::Sqlite => {
            build.push("cargo manage check".to_owned());
            build.extend(verbs);
            vec![(first, build)]
        }
        Database::Postgres => {
            let mut connect = vec![format!("createdb {name}"), "cargo manage check --database default".to_owned()];
            connect.extend(verbs);
            let then = "then put user and password of the database into `.env`, and".to_owned();
            vec![(first, build), (then, connect)]
        }
    }
}

fn not_unicode(path: &Path) -> ScaffoldError {
    ScaffoldError::new(
        format!("`{}` cannot be written into a Cargo.toml: it is not Unicode", path.display()),
        "move the checkout of the framework to a folder with another name",
    )
}

/// A basic string of TOML: a path may hold quotes and, on Windows, backslashes.
fn toml_string(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            control if control.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_for_toml() {
        assert_eq!(toml_string(r#"C:\a "b""#), r#""C:\\a \"b\"""#);
        assert_eq!(toml_string("a\nb"), r#""a\u000Ab""#);
    }

    #[test]
    fn this_build_depends_on_its_checkout_and_lockfile() {
        let Dependency::Path { checkout, lockfile } = Dependency::of_this_build() else { panic!("a version") };
        assert!(checkout.join("crates/quintet-cli/Cargo.toml").is_file());
        assert_eq!(lockfile, Some(checkout.join("Cargo.lock")));
    }

    #[test]
    fn a_build_whose_checkout_is_gone_depends_on_its_version() {
        let gone = Dependency::of_crate(Path::new("/nowhere/crates/quintet-cli"));
        assert_eq!(gone, Dependency::Version(env!("CARGO_PKG_VERSION").to_owned()));
        assert_eq!(gone.line(), Ok(format!("quintet = \"{}\"", env!("CARGO_PKG_VERSION"))));
    }
}
