//! Where the values come from: the process, the `.env` file, the project's folder.
//!
//! The one place that reads the environment for settings. Finds problems; whoever asked decides what to do about them.

use std::path::{Path, PathBuf};

use quintet_core::dotenv;

use super::{Env, Reads, Settings};

/// Where a project is, and how its settings are made.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    /// What relative paths of the settings are relative to.
    pub(crate) folder: PathBuf,
    /// The function of `settings.rs`.
    pub(crate) settings: fn(&Env) -> Settings,
    /// Whether a key that is missing is stood in for.
    in_test: bool,
}

impl Project {
    /// The project's folder is where cargo found its manifest, or the current one where cargo is not at work.
    pub(crate) fn new(settings: fn(&Env) -> Settings) -> Self {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let folder = manifest.or_else(|| std::env::current_dir().ok()).unwrap_or_else(|| PathBuf::from("."));
        Self { folder, settings, in_test: false }
    }

    /// The same, under test: a checkout without a `.env` file has a key as well.
    pub(crate) fn in_test(settings: fn(&Env) -> Settings) -> Self {
        Self { in_test: true, ..Self::new(settings) }
    }
}

/// Settings with everything that is wrong with their sources.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) settings: Settings,
    /// What must be put right before anything can be served.
    pub(crate) problems: Vec<(String, String)>,
    /// What is odd.
    pub(crate) warnings: Vec<(String, String)>,
    /// What was read to make them.
    pub(crate) reads: Reads,
}

/// The settings of a project, as its environment is now.
pub(crate) fn load(project: &Project) -> Loaded {
    let mut problems = Vec::new();
    let mut warnings = Vec::new();
    let file = match env_file(&project.folder) {
        Ok(Some((path, text))) => variables(&path, &text, &mut warnings),
        Ok(None) => Vec::new(),
        Err(problem) => {
            problems.push(problem);
            Vec::new()
        }
    };
    let env = Env::new(process(), file);
    let env = if project.in_test { stand_in(env) } else { env };
    let settings = (project.settings)(&env);
    let told = |problem: super::EnvProblem| (format!("`{}` {}", problem.variable, problem.problem), problem.hint);
    // What a file that cannot be read would have held is not missed as well.
    if problems.is_empty() {
        problems.extend(env.problems().into_iter().map(told));
    }
    warnings.extend(env.suspects().into_iter().map(told));
    Loaded { settings, problems, warnings, reads: env.reads() }
}

/// The file named by `ENV_FILE`, which must then be there, or `.env` beside the manifest, which need not.
fn env_file(folder: &Path) -> Result<Option<(PathBuf, String)>, (String, String)> {
    let named = std::env::var_os("ENV_FILE").filter(|name| !name.is_empty());
    let path = named.as_ref().map_or_else(|| folder.join(".env"), |name| folder.join(name));
    match std::fs::read(&path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some((path, text))),
            Err(_) => Err((format!("`{}` is not UTF-8", path.display()), "save the file as UTF-8".to_owned())),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => Ok(None),
        Err(error) => Err((
            format!("`{}` cannot be read: {error}", path.display()),
            "correct the variable `ENV_FILE`, or the file's permissions".to_owned(),
        )),
    }
}

fn variables(path: &Path, text: &str, warnings: &mut Vec<(String, String)>) -> Vec<(String, String)> {
    let parsed = dotenv::parse(text);
    for error in &parsed.errors {
        warnings.push((format!("`{}`: {error}", path.display()), error.hint().to_owned()));
    }
    dotenv::expand(&parsed.entries, |name| std::env::var(name).ok())
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

/// Variables whose name or value is no Unicode cannot be settings.
fn process() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// A checkout without a `.env` file can be tested: its key protects nothing.
fn stand_in(env: Env) -> Env {
    env.with_fallback("SECRET_KEY", "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz")
}
