//! The front end of a project: its built files, from the program or from the folder, and its own server.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use bytes::Bytes;
use quintet_web::assets::{Assets, FrontEnd, unpack};

use super::{CommandError, Context};

/// Names to the site's process the address of the front end's server.
pub(super) const SERVER: &str = "QUINTET_FRONTEND_SERVER";
/// Names to the front end's server the port that it listens at.
const PORT: &str = "QUINTET_FRONTEND_PORT";

/// The page without which there is no front end.
pub(super) const PAGE: &str = "index.html";
/// Below the folder of the front end: where its build puts what it made.
const BUILT: &str = "dist";

/// What a build made, as a site serves it. None where nothing was built.
pub(super) fn built(context: &Context<'_>) -> Result<Option<FrontEnd>, CommandError> {
    let Some(files) = built_files(context)? else { return Ok(None) };
    let assets = Assets::new(files, context.settings.frontend.shown_policy());
    Ok(Some(FrontEnd::Built(Arc::new(assets))))
}

/// The same as files: those in this program, or else those in the folder.
pub(super) fn built_files(context: &Context<'_>) -> Result<Option<Vec<(String, Bytes)>>, CommandError> {
    let pack = context.settings.frontend.pack();
    if !pack.is_empty() {
        let unpacked = unpack(pack).map_err(|bad| CommandError::new(bad.to_string()).with_hint("build it again"))?;
        return Ok(Some(unpacked));
    }
    let Some(folder) = folder(context).map(|folder| built_folder(&folder)).filter(|folder| folder.is_dir()) else {
        return Ok(None);
    };
    let files: Vec<_> = files(&folder)?.into_iter().map(|(name, content)| (name, Bytes::from(content))).collect();
    Ok(Some(files).filter(|files| files.iter().any(|(name, _)| name == PAGE)))
}

/// All files of a built front end, by their names below its folder, with slashes.
pub(super) fn files(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, CommandError> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let failed = |error: io::Error| CommandError::because(format!("`{}` cannot be read", folder.display()), error);
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            match entry.path().is_dir() {
                true => folders.push((entry.path(), name + "/")),
                false => files.push((name, std::fs::read(entry.path()).map_err(failed)?)),
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The folder of the front end's sources, where there is one.
pub(super) fn folder(context: &Context<'_>) -> Option<PathBuf> {
    let folder = context.folder().join(context.settings.frontend.folder()?);
    folder.join("package.json").is_file().then_some(folder)
}

/// Where the build of the front end in a folder puts what it made.
pub(super) fn built_folder(folder: &Path) -> PathBuf {
    folder.join(BUILT)
}

/// The server that a supervisor has started.
pub(super) fn handed() -> Option<FrontEnd> {
    std::env::var(SERVER).ok()?.parse().ok().map(FrontEnd::Server)
}

/// The front end's own server. It ends with this value; and should this process be killed, with the pipe that is its
/// standard input.
pub(super) struct Vite {
    process: Child,
    pub(super) address: SocketAddr,
}

impl Vite {
    /// Starts it, where there is a front end that is installed.
    pub(super) fn start(context: &Context<'_>) -> Result<Option<Self>, CommandError> {
        const PROGRAM: &str = "node_modules/vite/bin/vite.js";
        let Some(folder) = folder(context) else { return Ok(None) };
        let shown = context.settings.frontend.folder().unwrap_or(&folder).display().to_string();
        if !folder.join(PROGRAM).is_file() {
            let told = format!("the front end in `{shown}` is not installed: only the API is served");
            let hint = format!("run `npm install` in `{shown}` and start again; `--no-frontend` says nothing of it");
            context.terminal.warn(&told, Some(&hint));
            return Ok(None);
        }
        let failed = |error| CommandError::because("the front end's server cannot be started", error);
        // Free now, and nobody else's a moment later: systems give such ports in turn.
        let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).map_err(failed)?;
        let mut command = Command::new("node");
        command.args([PROGRAM, "--host", "127.0.0.1", "--clearScreen", "false", "--logLevel", "warn"]);
        command.env(PORT, address.port().to_string()).current_dir(folder).stdin(Stdio::piped());
        let started = command.spawn();
        let process = started.map_err(|error| failed(error).with_hint("install Node.js, or add `--no-frontend`"))?;
        Ok(Some(Self { process, address }))
    }
}

impl Drop for Vite {
    fn drop(&mut self) {
        // It may have ended by itself, at the same Ctrl-C: then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
