//! What `generatedeployment` writes works: with nginx, with systemd's tools, as files of containers; and the commands that a
//! deployment needs.

#![cfg(unix)]

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[path = "deployment/container.rs"]
mod container;
#[path = "deployment/files.rs"]
mod files;
#[path = "deployment/nginx.rs"]
mod nginx;
#[path = "deployment/statics.rs"]
mod statics;
#[path = "deployment/systemd.rs"]
mod systemd;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use quintet_tests::support::{Folder, Said, command, run};

/// In no file that is written.
const SECRET: &str = "hush-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-hush";

/// A project's folder with a front end that was built.
struct Project(Folder);

impl Project {
    fn new(name: &str) -> Self {
        let project = Self(Folder::new(name));
        project.write("Cargo.toml", "[dependencies]\nquintet = { path = \"/srv/quintet/crates/quintet\" }\n");
        project.write("frontend/package.json", "{}");
        project.write("frontend/dist/index.html", "<p>page");
        project.write("frontend/dist/icon.svg", "<svg/>");
        project.write("frontend/dist/assets/app-1a2b.js", "script");
        project.write("frontend/dist/assets/app-1a2b.js.gz", "script, gzipped");
        project
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn has(&self, path: &str) -> bool {
        self.folder().join(path).symlink_metadata().is_ok()
    }

    /// The program in it, with its secret.
    fn program(&self, args: &[&str]) -> Command {
        let mut program = command(env!("CARGO_BIN_EXE_deployed"));
        program
            .args(args)
            .env("CARGO_MANIFEST_DIR", self.folder())
            .env("SECRET_KEY", SECRET)
            .current_dir(self.folder());
        program
    }

    fn run(&self, args: &[&str]) -> Said {
        run(&mut self.program(args))
    }

    /// The same, where it has to end well; what it printed, with `DIR` for the folder.
    fn does(&self, args: &[&str]) -> String {
        let said = self.run(args);
        assert_eq!(said.code, 0, "{args:?}: {said:?}");
        said.out.replace(&self.folder().display().to_string(), "DIR")
    }
}

/// The first of these programs that is here.
fn found(candidates: &[&str]) -> Option<PathBuf> {
    candidates.iter().map(PathBuf::from).find(|path| path.is_file())
}

/// Says why a test is not done.
#[expect(clippy::print_stdout, reason = "a test says why it is skipped")]
fn skipped(what: &str) {
    println!("skipped: {what} is not here");
}
