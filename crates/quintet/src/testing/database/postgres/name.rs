//! The names of test databases: whose they are, and of which build of the tests.
//!
//! `test_shop_quintet_1234_0badcafe_7` is a copy: of a process, the seventh. `test_shop_quintet_template_SCOPE_BUILD_WHAT`
//! is a template: of the tests of a folder, of one build of them, for some settings.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;

use quintet_core::database_url::PostgresOptions;

use crate::settings::Settings;

/// How much of a database's own name is in those of its tests: with it a template's has 63 bytes, the most there may be.
const LONGEST: usize = 14;

const TEMPLATE: &str = "template_";
const MAKING: &str = "making_";

/// What the names of all test databases of a database begin with.
pub(super) fn prefix(options: &PostgresOptions) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let name: String = options.name().unwrap_or_default().chars().take(LONGEST).map(word).collect();
    format!("test_{name}_quintet_")
}

/// Whose a copy is: the process's id and chance, `test_shop_quintet_1234_0badcafe`.
pub(super) fn owner<'n>(name: &'n str, prefix: &str) -> Option<&'n str> {
    let mut parts = name.strip_prefix(prefix)?.splitn(3, '_');
    let (process, chance, _) = (parts.next()?, parts.next()?, parts.next()?);
    let is_ours = process.bytes().all(|byte| byte.is_ascii_digit()) && is_mark(chance);
    is_ours.then(|| &name[..prefix.len() + process.len() + 1 + chance.len()])
}

/// The name of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TemplateName {
    prefix: String,
    /// Whose: the folder and the program of the tests.
    scope: String,
    /// Which build of the program.
    build: String,
    /// Which settings of it, and which of their databases.
    what: String,
}

impl TemplateName {
    /// That of this process's tests.
    pub(super) fn of(settings: &Settings, name: &str, project: usize, options: &PostgresOptions) -> Self {
        let program = std::env::current_exe().ok();
        let stem = program.as_ref().and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
        let built = program.and_then(|path| path.metadata().ok()).map(|file| (file.modified().ok(), file.len()));
        let folder = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).or(std::env::current_dir().ok());
        let apps: Vec<&str> = settings.installed_apps.iter().map(|app| app.label).collect();
        Self {
            prefix: prefix(options),
            scope: mark(&(folder, stem.as_deref().map(without_hash))),
            // Of a program that cannot be looked at nobody knows whether it is the same.
            build: built.map_or_else(|| mark(&crate::clock::seed()), |built| mark(&built)),
            what: mark(&(project, name, format!("{options:?}"), apps, &settings.auth_user_model)),
        }
    }

    /// Out of the name of a database, with whether it is whole.
    pub(super) fn read(name: &str, prefix: &str) -> Option<(Self, bool)> {
        let rest = name.strip_prefix(prefix)?;
        let is_whole = rest.starts_with(TEMPLATE);
        let rest = rest.strip_prefix(if is_whole { TEMPLATE } else { MAKING })?;
        let parts: Vec<&str> = rest.split('_').collect();
        let [scope, build, what] = parts.as_slice() else { return None };
        let is_ours = parts.iter().all(|part| is_mark(part));
        let read = || Self {
            prefix: prefix.to_owned(),
            scope: (*scope).to_owned(),
            build: (*build).to_owned(),
            what: (*what).to_owned(),
        };
        is_ours.then(|| (read(), is_whole))
    }

    /// Whether another is of the same tests, of another build.
    pub(super) fn makes_stale(&self, other: &Self) -> bool {
        self.scope == other.scope && self.build != other.build
    }

    /// When all is in it.
    pub(super) fn whole(&self) -> String {
        self.written(TEMPLATE)
    }

    /// While it is being made.
    pub(super) fn half(&self) -> String {
        self.written(MAKING)
    }

    /// What is locked by who makes it.
    pub(super) fn making_lock(&self) -> String {
        self.half()
    }

    /// SQL that notes that it is used, by the server's clock.
    pub(super) fn mark(&self) -> String {
        let (name, now) = (self.whole(), "extract(epoch FROM now())::bigint::text");
        format!("DO $$BEGIN EXECUTE format('COMMENT ON DATABASE %I IS %L', '{name}', {now}); END$$")
    }

    fn written(&self, state: &str) -> String {
        let Self { prefix, scope, build, what } = self;
        format!("{prefix}{state}{scope}_{build}_{what}")
    }
}

/// A program's name without what cargo puts behind it, which changes with the build.
fn without_hash(stem: &str) -> &str {
    match stem.rsplit_once('-') {
        Some((name, hash)) if hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => name,
        _ => stem,
    }
}

fn mark(of: &impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    format!("{:08x}", hasher.finish() as u32)
}

fn is_mark(part: &str) -> bool {
    part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(name: &str) -> PostgresOptions {
        PostgresOptions { name: Some(name.to_owned()), ..PostgresOptions::default() }
    }

    #[test]
    fn only_names_that_tests_give_are_those_of_tests() {
        let prefix = "test_shop_quintet_";
        assert_eq!(owner("test_shop_quintet_12_0badcafe_7", prefix), Some("test_shop_quintet_12_0badcafe"));
        for other in [
            "test_shop_quintet_12_0badcafe",
            "test_shop_quintet_ab_0badcafe_7",
            "test_shop_quintet_template_0badcafe_0badcafe_0badcafe",
            "test_shop",
            "shop",
        ] {
            assert_eq!(owner(other, prefix), None, "{other}");
        }
    }

    #[test]
    fn a_template_is_known_by_its_name_again_and_its_name_is_never_too_long() {
        let options = options("a name with Ünusual letters, and a long one");
        let name = TemplateName::of(&Settings::default(), "default", 7, &options);
        assert_eq!(name.whole().len(), 63);
        assert_eq!(TemplateName::read(&name.whole(), &prefix(&options)), Some((name.clone(), true)));
        assert_eq!(TemplateName::read(&name.half(), &prefix(&options)), Some((name.clone(), false)));
        assert_eq!(TemplateName::read("test_shop_quintet_template_x_y_z", "test_shop_quintet_"), None);
        assert_eq!(name, TemplateName::of(&Settings::default(), "default", 7, &options), "the same again");
    }

    #[test]
    fn only_another_build_of_the_same_tests_is_stale() {
        let name = TemplateName::of(&Settings::default(), "default", 7, &options("shop"));
        let other = TemplateName { build: "0badcafe".to_owned(), ..name.clone() };
        assert!(name.makes_stale(&other));
        let settings = TemplateName { what: "0badcafe".to_owned(), ..name.clone() };
        let folder = TemplateName { scope: "0badcafe".to_owned(), ..other };
        assert!(!name.makes_stale(&settings) && !name.makes_stale(&folder) && !name.makes_stale(&name));
    }

    #[test]
    fn what_cargo_writes_behind_a_name_is_no_part_of_it() {
        assert_eq!(without_hash("shop-0a1b2c3d4e5f6071"), "shop");
        assert_eq!(without_hash("my-shop"), "my-shop");
    }
}
