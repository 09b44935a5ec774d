//! The environment as `settings.rs` reads it: process variables over the `.env` file over the default given there.
//!
//! Reading never fails at once: every problem is kept, so that a project hears of all of them together. No variable
//! acts unless `settings.rs` asks for it, and what it asks for is remembered, to find misspelt ones.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};
use std::str::FromStr;

use quintet_core::database_url::{DatabaseUrl, Parts};
use quintet_core::near::near_name;
use quintet_core::secrecy::{MASK, Secret, is_secret_name};
use quintet_core::settings::Section;
use quintet_web::cache::CacheSettings;

/// The variables of a project, as its `settings.rs` reads them.
#[derive(Default)]
pub struct Env {
    variables: BTreeMap<String, Variable>,
    asked: RefCell<BTreeSet<String>>,
    required: RefCell<BTreeSet<String>>,
    databases: RefCell<Vec<String>>,
    problems: RefCell<Vec<EnvProblem>>,
    fallbacks: BTreeMap<String, String>,
}

/// Which variables the settings have read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reads {
    /// All of them, by name.
    pub(crate) variables: BTreeSet<String>,
    /// Those that must be there.
    pub(crate) required: BTreeSet<String>,
    /// Those that hold the URL of a database, in the order of reading.
    pub(crate) databases: Vec<String>,
}

/// Names only: any value may be a secret.
impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

struct Variable {
    value: String,
    from_file: bool,
}

/// Something wrong with a variable: which, what, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvProblem {
    /// The variable.
    pub variable: String,
    /// What is wrong with it.
    pub problem: String,
    /// What to do.
    pub hint: String,
}

const TRUE: [&str; 6] = ["1", "true", "yes", "on", "t", "y"];
const FALSE: [&str; 7] = ["0", "false", "no", "off", "f", "n", ""];

impl Env {
    /// An environment out of the process's variables and those of a file; the process's win.
    pub fn new(
        process: impl IntoIterator<Item = (String, String)>,
        file: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let named = |from_file| move |(name, value)| (name, Variable { value, from_file });
        let mut variables: BTreeMap<_, _> = file.into_iter().map(named(true)).collect();
        variables.extend(process.into_iter().map(named(false)));
        Self { variables, ..Self::default() }
    }

    /// A value for a required variable that nobody has set; for tests.
    #[must_use]
    pub(crate) fn with_fallback(mut self, name: &str, value: &str) -> Self {
        self.fallbacks.insert(name.to_owned(), value.to_owned());
        self
    }

    /// A variable that must be there.
    pub fn required<T: From<String>>(&self, name: &str) -> T {
        self.required.borrow_mut().insert(name.to_owned());
        let value = self.optional(name).filter(|value| !value.is_empty()).or_else(|| self.fallbacks.get(name).cloned());
        if value.is_none() {
            let what = if self.variables.contains_key(name) { "is empty" } else { "is not set" };
            let fix = format!("add `{name}=..` to the file `.env`, or set it in the environment");
            let fix =
                if name == "SECRET_KEY" { format!("{fix}; `openssl rand -hex 32` makes a good one") } else { fix };
            self.problem(name, format!("{what}, and the settings need it"), fix);
        }
        value.unwrap_or_default().into()
    }

    /// A variable that may be absent.
    pub fn optional(&self, name: &str) -> Option<String> {
        self.asked.borrow_mut().insert(name.to_owned());
        self.variables.get(name).map(|variable| variable.value.clone())
    }

    /// A text, with a default.
    pub fn text<T: From<String>>(&self, name: &str, default: &str) -> T {
        self.optional(name).unwrap_or_else(|| default.to_owned()).into()
    }

    /// Yes or no: `True`, `yes`, `on`, `1` or `False`, `no`, `off`, `0`, in any case.
    pub fn flag(&self, name: &str, default: bool) -> bool {
        let Some(value) = self.optional(name) else {
            return default;
        };
        let lower = value.trim().to_lowercase();
        if TRUE.contains(&lower.as_str()) {
            return true;
        }
        if !FALSE.contains(&lower.as_str()) {
            self.problem(
                name,
                format!("is {}, which is neither yes nor no", shown(name, &value)),
                format!("write `{name}=True` or `{name}=False`"),
            );
        }
        false
    }

    /// A list, separated by commas; white space around the values is dropped, and empty values.
    pub fn list(&self, name: &str, default: &[&str]) -> Vec<String> {
        match self.optional(name) {
            None => default.iter().map(|value| (*value).to_owned()).collect(),
            Some(value) => {
                value.split(',').map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
            }
        }
    }

    /// A number, or anything else that can be read from text.
    pub fn parsed<T: FromStr<Err: Display>>(&self, name: &str, default: T) -> T {
        let Some(value) = self.optional(name) else {
            return default;
        };
        match value.trim().parse() {
            Ok(value) => value,
            Err(error) => {
                self.problem(
                    name,
                    refused(name, &value, &error.to_string()),
                    format!("correct the value of `{name}`, or remove it for the default"),
                );
                default
            }
        }
    }

    /// The database of a URL, or of `DB_NAME, DB_USER, DB_PWD, DB_HOST, DB_PORT` where there is no URL but a `DB_NAME`.
    pub fn database(&self, name: &str, default: &str) -> DatabaseUrl {
        self.databases.borrow_mut().push(name.to_owned());
        let url = self.optional(name);
        let parts = Parts {
            engine: self.optional("DB_ENGINE"),
            name: self.optional("DB_NAME"),
            user: self.optional("DB_USER"),
            password: self.optional("DB_PWD").map(Secret::new),
            host: self.optional("DB_HOST"),
            port: self.optional("DB_PORT"),
        };
        let database = match (url, parts.name.is_some()) {
            (None, true) => DatabaseUrl::from_parts(&parts),
            (url, _) => DatabaseUrl::parse(name, url.as_deref().unwrap_or(default)),
        };
        database.unwrap_or_else(|error| {
            self.problem(&error.variable, error.problem, error.hint);
            super::no_database()
        })
    }

    /// The cache of a URL: `memory://`, `dummy://`, `database://TABLE`, `redis://HOST:PORT/NUMBER`.
    pub fn cache(&self, name: &str, default: &str) -> CacheSettings {
        let url = self.optional(name).filter(|url| !url.is_empty());
        CacheSettings::parse(url.as_deref().unwrap_or(default)).unwrap_or_else(|error| {
            self.problem(name, error.problem, error.hint);
            CacheSettings::default()
        })
    }

    /// Says that a variable's value cannot be used; for readers of your own.
    pub fn problem(&self, variable: &str, problem: impl Into<String>, hint: impl Into<String>) {
        let problem = EnvProblem { variable: variable.to_owned(), problem: problem.into(), hint: hint.into() };
        let mut problems = self.problems.borrow_mut();
        // Two settings may be read from one variable.
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    /// What was wrong so far.
    pub fn problems(&self) -> Vec<EnvProblem> {
        self.problems.borrow().clone()
    }

    /// What was read so far.
    pub(crate) fn reads(&self) -> Reads {
        Reads {
            variables: self.asked.borrow().clone(),
            required: self.required.borrow().clone(),
            databases: self.databases.borrow().clone(),
        }
    }

    /// Variables that nobody asked for and that are nearly one that somebody did.
    pub fn suspects(&self) -> Vec<EnvProblem> {
        let asked = self.asked.borrow();
        let known: Vec<&str> = asked.iter().map(String::as_str).collect();
        let unread = self.variables.iter().filter(|(name, _)| !asked.contains(*name));
        unread.filter_map(|(name, variable)| suspect(name, variable, &known)).collect()
    }
}

/// A setting of the reference's in the `.env` file that nothing reads: it would be believed to act.
fn unread(name: &str, variable: &Variable) -> Option<EnvProblem> {
    let rows = super::Settings::default().rows();
    let row = rows.iter().find(|row| variable.from_file && row.reference == name)?;
    Some(EnvProblem {
        variable: name.to_owned(),
        problem: "stands in the `.env` file and is read by nothing in `src/settings.rs`".to_owned(),
        hint: format!(
            "let `src/settings.rs` read it into `{}`, with `env.flag`, `env.text`, `env.list` or `env.parsed`",
            row.path
        ),
    })
}

/// A value as a message may show it.
fn shown(name: &str, value: &str) -> String {
    if is_secret_name(name) { MASK.to_owned() } else { format!("{value:?}") }
}

/// Why a value cannot be read; a reader's own words may quote it.
fn refused(name: &str, value: &str, error: &str) -> String {
    if is_secret_name(name) { "cannot be read".to_owned() } else { format!("is {value:?}: {error}") }
}

fn suspect(name: &str, variable: &Variable, known: &[&str]) -> Option<EnvProblem> {
    let place = if variable.from_file { "the `.env` file" } else { "the environment" };
    let Some(meant) = near_name(name, known) else { return unread(name, variable) };
    Some(EnvProblem {
        variable: name.to_owned(),
        problem: "is read by nothing in `src/settings.rs`".to_owned(),
        hint: format!("did you mean `{meant}`? Rename it in {place}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Env {
        Env::new([], pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn the_process_wins_over_the_file_and_the_file_over_the_default() {
        let owned = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let env = Env::new([owned("A", "process")], [owned("A", "file"), owned("B", "file")]);
        assert_eq!(env.text::<String>("A", "default"), "process");
        assert_eq!(env.text::<String>("B", "default"), "file");
        assert_eq!(env.text::<String>("C", "default"), "default");
    }

    #[test]
    fn every_problem_is_kept_with_its_variable_and_fix() {
        let env = env(&[("DEBUG", "maybe"), ("PORT", "x"), ("EMPTY", "")]);
        let _: String = env.required("SECRET_KEY");
        let _: String = env.required("EMPTY");
        assert!(!env.flag("DEBUG", true));
        assert_eq!(env.parsed("PORT", 8000_u16), 8000);
        let problems = env.problems();
        let named: Vec<&str> = problems.iter().map(|problem| problem.variable.as_str()).collect();
        assert_eq!(named, ["SECRET_KEY", "EMPTY", "DEBUG", "PORT"]);
        assert!(problems.iter().all(|problem| !problem.hint.is_empty()));
    }

    #[test]
    fn a_setting_in_the_file_that_nothing_reads_is_suspected() {
        let suspects = env(&[("SECURE_SSL_REDIRECT", "True")]).suspects();
        assert_eq!(suspects.len(), 1, "{suspects:?}");
        assert!(suspects[0].hint.contains("`security.ssl_redirect`"), "{suspects:?}");
        let process = Env::new([("SECURE_SSL_REDIRECT".to_owned(), "True".to_owned())], []);
        assert_eq!(process.suspects(), [], "the environment may be somebody else's");
    }

    #[test]
    fn an_environment_shows_names_and_no_values() {
        assert_eq!(format!("{:?}", env(&[("A", "hush"), ("B", "hush")])), r#"{"A", "B"}"#);
    }

    #[test]
    fn the_value_of_a_secret_is_never_shown() {
        let env = env(&[("API_TOKEN_TTL", "hush"), ("USE_SECRET", "hush")]);
        let _ = (env.parsed("API_TOKEN_TTL", 5_u8), env.flag("USE_SECRET", false));
        let problems = env.problems();
        assert_eq!(problems.len(), 2);
        assert!(!format!("{problems:?}").contains("hush"), "{problems:?}");
    }

    #[test]
    fn flags_take_the_words_that_people_write() {
        let env = env(&[("A", "True"), ("B", " on "), ("C", "0"), ("D", "")]);
        assert!(env.flag("A", false) && env.flag("B", false));
        assert!(!env.flag("C", true) && !env.flag("D", true));
        assert!(env.flag("ABSENT", true) && env.problems().is_empty());
    }

    #[test]
    fn lists_are_split_at_commas_and_trimmed() {
        assert_eq!(env(&[("HOSTS", " a.example , ,b.example,")]).list("HOSTS", &["x"]), ["a.example", "b.example"]);
        assert_eq!(env(&[]).list("HOSTS", &["x"]), ["x"]);
    }

    #[test]
    fn a_nearly_right_name_is_suspected_and_an_unrelated_one_is_not() {
        let env = env(&[("CORS_ALLOWS_CREDENTIALS", "1"), ("PATH", "/bin"), ("ALLOWED_HOSTS", "a")]);
        let _ = (env.flag("CORS_ALLOW_CREDENTIALS", false), env.list("ALLOWED_HOSTS", &[]));
        let suspects = env.suspects();
        assert_eq!(suspects.len(), 1, "{suspects:?}");
        assert_eq!(suspects[0].variable, "CORS_ALLOWS_CREDENTIALS");
        assert!(suspects[0].hint.contains("`CORS_ALLOW_CREDENTIALS`"));
    }
}
