//! The list of an app's migrations: `migrations/mod.rs`, kept in order.

use super::layout::lay_out;
use super::text::Text;

const MACRO: &str = "quintet::migrations!";

/// The file of a migration: `m0001_initial.rs`.
pub fn file_name(migration: &str) -> String {
    format!("{}.rs", module(migration))
}

/// The module of a migration: `m0001_initial`.
pub fn module(migration: &str) -> String {
    format!("m{migration}")
}

/// `migrations/mod.rs` of an app with these migrations.
pub fn new_mod(migrations: &[String]) -> String {
    let mut modules: Vec<String> = migrations.iter().map(|name| module(name)).collect();
    modules.sort();
    format!("//! The app's migrations, in order; kept by `makemigrations`.\n\n{};\n", list(&modules))
}

/// The same file with one more migration, and everything else as it was. The error is what to paste, where the list
/// cannot be found or holds more than names.
pub fn add_to_mod(existing: &str, migration: &str) -> Result<String, String> {
    let new = module(migration);
    if !existing.contains("migrations![") {
        return Err(format!("{MACRO}[{new}];"));
    }
    let paste = format!("add `{new}` to the list in `{MACRO}[..]`, in order");
    changed(existing, &format!("{MACRO}[{new}];"), &paste, |modules| {
        if !modules.contains(&new) {
            let at = modules.iter().position(|name| *name > new).unwrap_or(modules.len());
            modules.insert(at, new.clone());
        }
    })
}

/// The same file without a migration, and everything else as it was.
pub fn remove_from_mod(existing: &str, migration: &str) -> Result<String, String> {
    let old = module(migration);
    let paste = format!("take `{old}` out of the list in `{MACRO}[..]`");
    changed(existing, &paste, &paste, |modules| modules.retain(|name| *name != old))
}

/// The file with a changed list. Where there is no list the error is `missing`, where it cannot be read, `paste`.
fn changed(
    existing: &str,
    missing: &str,
    paste: &str,
    change: impl FnOnce(&mut Vec<String>),
) -> Result<String, String> {
    let unknown = || paste.to_owned();
    let start = start_of_list(existing).ok_or_else(|| missing.to_owned())?;
    // The path before the word is kept: `quintet::`, or none after a `use`.
    let head = existing[..start].rfind(|c: char| c.is_whitespace() || c == ';' || c == '}').map_or(0, |at| at + 1);
    let open = start + "migrations![".len();
    let close = open + existing[open..].find(']').ok_or_else(unknown)?;
    let mut modules: Vec<String> =
        existing[open..close].split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    let plain = |name: &String| name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !modules.iter().all(plain) || existing[head..start].contains('/') {
        return Err(unknown());
    }
    let before = modules.clone();
    change(&mut modules);
    if modules == before {
        return Ok(existing.to_owned());
    }
    let path = &existing[head..open - 1];
    Ok(format!("{}{}{}", &existing[..head], listed(path, &modules), &existing[close + 1..]))
}

/// Where the list's macro is called; comments may speak of it before.
fn start_of_list(existing: &str) -> Option<usize> {
    let in_comment = |at: usize| existing[..at].rsplit('\n').next().is_some_and(|line| line.contains("//"));
    existing.match_indices("migrations![").map(|(at, _)| at).find(|at| !in_comment(*at))
}

fn list(modules: &[String]) -> String {
    listed(MACRO, modules)
}

fn listed(path: &str, modules: &[String]) -> String {
    let words: Vec<Text> = modules.iter().map(Text::word).collect();
    lay_out(&Text::List(path.to_owned(), words), 0)
}
