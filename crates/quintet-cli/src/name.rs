//! Which names a project and an app may have.
//!
//! The rules are tables: what is refused, and why. Knows no file system; what a project already
//! has (its files, its dependencies) is asked in [`startapp`](crate::startapp).

use crate::error::ScaffoldError;

/// Refuses a name that cargo, a file system or the framework could not live with.
pub fn check_project_name(name: &str) -> Result<(), ScaffoldError> {
    check(&PROJECT, name)
}

/// Refuses a name that cannot be a module and an app label.
pub fn check_app_name(name: &str) -> Result<(), ScaffoldError> {
    check(&APP, name)
}

/// What is named, the rules for it in the order in which they are reported, and how to repair a name.
struct Kind {
    noun: &'static str,
    example: &'static str,
    rules: &'static [Rule],
    reserved: &'static [Reserved],
    repair: fn(&str) -> String,
}

/// The name is refused if `refuses` says so.
struct Rule {
    refuses: fn(&str) -> bool,
    because: &'static str,
}

/// The name is refused if it is one of `words`.
struct Reserved {
    words: &'static [&'static str],
    because: &'static str,
}

const LONGEST: usize = 64;
const TOO_LONG: &str = "it is longer than 64 characters";
const EMPTY: &str = "it is empty";
const NO_LETTER: &str = "it has no letter";
const FIRST_IS_DIGIT: &str = "it starts with a digit";

const PROJECT: Kind = Kind {
    noun: "project",
    example: "startproject mysite",
    rules: &[
        Rule { refuses: str::is_empty, because: EMPTY },
        Rule { refuses: is_path, because: "it is a path" },
        Rule {
            refuses: |name| !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-'),
            because: "only the letters a to z, digits, `-` and `_` may be in it",
        },
        Rule { refuses: starts_with_digit, because: FIRST_IS_DIGIT },
        Rule { refuses: |name| name.starts_with('-'), because: "it starts with a hyphen" },
        Rule { refuses: has_no_letter, because: NO_LETTER },
        Rule { refuses: |name| name.len() > LONGEST, because: TOO_LONG },
        Rule {
            refuses: |name| name.starts_with("quintet-") || name.starts_with("quintet_"),
            because: "the framework's own crates have names like it",
        },
    ],
    reserved: &[
        Reserved { words: KEYWORDS, because: A_KEYWORD },
        Reserved { words: STANDARD_CRATES, because: A_STANDARD_CRATE },
        Reserved { words: &["quintet"], because: "it is the name of the framework" },
        Reserved {
            words: &["deps", "examples", "build", "incremental"],
            because: "cargo's build folder has a folder of that name",
        },
        Reserved { words: WINDOWS_DEVICES, because: A_WINDOWS_DEVICE },
    ],
    repair: repaired_project,
};

const APP: Kind = Kind {
    noun: "app",
    example: "startapp blog",
    rules: &[
        Rule { refuses: str::is_empty, because: EMPTY },
        Rule { refuses: |name| name.starts_with("r#"), because: "it is a raw identifier" },
        Rule { refuses: |name| name.contains('-'), because: "a hyphen cannot be in a Rust identifier" },
        Rule {
            refuses: |name| !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'),
            because: "only the letters a to z, digits and `_` may be in it",
        },
        Rule { refuses: starts_with_digit, because: FIRST_IS_DIGIT },
        Rule { refuses: has_no_letter, because: NO_LETTER },
        Rule { refuses: |name| name.len() > LONGEST, because: TOO_LONG },
        // `Self` is a keyword first, and only then a name with a capital.
        Rule {
            refuses: |name| !KEYWORDS.contains(&name) && name.chars().any(|c| c.is_ascii_uppercase()),
            because: "a module is written in lower case",
        },
        Rule { refuses: |name| name.contains("__"), because: "a module has no double underscore" },
        Rule { refuses: |name| name.starts_with("quintet_"), because: "the framework's own crates have names like it" },
    ],
    reserved: &[
        Reserved { words: KEYWORDS, because: A_KEYWORD },
        Reserved { words: STANDARD_CRATES, because: A_STANDARD_CRATE },
        Reserved { words: &["quintet"], because: "it is the name of the framework" },
        Reserved { words: &["tokio", "serde", "serde_json"], because: "it is the name of a crate that projects use" },
        Reserved { words: PRIMITIVES, because: "it is a type that every module has in scope" },
        Reserved {
            words: &["main", "lib", "bin", "settings", "urls", "tests"],
            because: "the project itself has a module or a folder of that name",
        },
        Reserved {
            words: &["admin", "auth", "authtoken", "contenttypes", "sessions", "token_blacklist"],
            because: "it is the label of an app that comes with the framework",
        },
        Reserved { words: WINDOWS_DEVICES, because: A_WINDOWS_DEVICE },
    ],
    repair: repaired_app,
};

const A_KEYWORD: &str = "it is a keyword of Rust";
/// Strict and reserved keywords of every edition up to 2024.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

const A_STANDARD_CRATE: &str = "it is a crate that every Rust program knows";
const STANDARD_CRATES: &[&str] = &["alloc", "core", "proc_macro", "proc-macro", "std", "test"];

const A_WINDOWS_DEVICE: &str = "no file on Windows can have that name";
#[rustfmt::skip]
const WINDOWS_DEVICES: &[&str] = &[
    "aux", "con", "nul", "prn", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

#[rustfmt::skip]
const PRIMITIVES: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16", "u32", "u64", "u128",
    "usize",
];

fn check(kind: &Kind, name: &str) -> Result<(), ScaffoldError> {
    match refusal(kind, name) {
        None => Ok(()),
        Some(because) => Err(ScaffoldError::new(
            format!("`{name}` cannot be the name of {} {}: {because}", article(kind.noun), kind.noun),
            hint(kind, name),
        )),
    }
}

fn refusal(kind: &Kind, name: &str) -> Option<&'static str> {
    // File systems and cargo's folders do not look at the case; Rust does.
    let lower = name.to_ascii_lowercase();
    let by_rule = || kind.rules.iter().find(|rule| (rule.refuses)(name)).map(|rule| rule.because);
    let by_word = || {
        let reserved =
            kind.reserved.iter().find(|row| row.words.contains(&name) || row.words.contains(&lower.as_str()));
        reserved.map(|row| row.because)
    };
    by_rule().or_else(by_word)
}

/// A name that the same rules accept, or an example where none can be made of this one.
fn hint(kind: &Kind, name: &str) -> String {
    let repaired = (kind.repair)(name);
    if refusal(kind, &repaired).is_some() {
        return format!("for example `{}`", kind.example);
    }
    match (kind.noun, is_path(name)) {
        ("project", true) => format!("the name comes first, the folder after it: `startproject {repaired} {name}`"),
        _ => format!("try `{repaired}`"),
    }
}

/// `my/site`, `.` and `..`: what was meant as the folder of the project.
fn is_path(name: &str) -> bool {
    name.contains(['/', '\\']) || name == "." || name == ".."
}

fn starts_with_digit(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit())
}

fn has_no_letter(name: &str) -> bool {
    !name.chars().any(|c| c.is_ascii_alphabetic())
}

fn repaired_project(name: &str) -> String {
    if is_path(name) {
        let last = name.split(['/', '\\']).rfind(|part| !part.is_empty() && !part.starts_with('.'));
        return repaired_project(last.unwrap_or("mysite"));
    }
    let name = in_alphabet(name, |c| c == '-' || c == '_', '-');
    let name = unless_reserved(&PROJECT, name, "-site");
    name.strip_prefix("quintet-").map_or(name.clone(), |rest| format!("my-{rest}"))
}

fn repaired_app(name: &str) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    let name = in_alphabet(&snake_case(name), |c| c == '_', '_');
    let name = unless_reserved(&APP, name, "_app");
    name.strip_prefix("quintet_").map_or(name.clone(), |rest| format!("my_{rest}"))
}

/// `BlogPosts` becomes `blog_posts`; a run of capitals stays one word.
fn snake_case(name: &str) -> String {
    let mut words = String::new();
    let mut previous = '_';
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && (previous.is_ascii_lowercase() || previous.is_ascii_digit()) {
            words.push('_');
        }
        words.push(letter.to_ascii_lowercase());
        previous = letter;
    }
    words
}

/// Other characters become one `joint` each run; what cannot stand at an end goes.
fn in_alphabet(name: &str, is_joint: fn(char) -> bool, joint: char) -> String {
    let name = name.replace(|c: char| !c.is_ascii_alphanumeric() && !is_joint(c), &joint.to_string());
    let name = name.trim_start_matches(|c: char| c.is_ascii_digit() || is_joint(c)).trim_end_matches(is_joint);
    let mut joined = String::new();
    for letter in name.chars().take(LONGEST) {
        if !(is_joint(letter) && joined.ends_with(is_joint)) {
            joined.push(letter);
        }
    }
    joined
}

fn unless_reserved(kind: &Kind, name: String, ending: &str) -> String {
    let lower = name.to_ascii_lowercase();
    match kind.reserved.iter().any(|row| row.words.contains(&lower.as_str())) {
        true => name + ending,
        false => name,
    }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with('a') { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Check = fn(&str) -> Result<(), ScaffoldError>;

    #[test]
    fn a_good_name_of_an_app_is_accepted() {
        for name in ["api", "blog", "blog2", "note_list", "_hidden", "x", "union", "default", "views", &"a".repeat(64)]
        {
            assert_eq!(check_app_name(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn a_good_name_of_a_project_is_accepted() {
        for name in ["mysite", "my-site", "my_site", "MySite", "x1", "_x", "tests", "main", &"a".repeat(64)] {
            assert_eq!(check_project_name(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn a_bad_name_of_an_app_is_refused_with_its_reason_and_a_way_out() {
        refused(
            check_app_name,
            &[
                ("", "it is empty", "for example `startapp blog`"),
                ("my-app", "a hyphen cannot be in a Rust identifier", "try `my_app`"),
                ("-", "a hyphen cannot be in a Rust identifier", "for example `startapp blog`"),
                ("my app", "only the letters a to z", "try `my_app`"),
                ("my.app", "only the letters a to z", "try `my_app`"),
                ("a/b", "only the letters a to z", "try `a_b`"),
                ("../x", "only the letters a to z", "try `x`"),
                ("café", "only the letters a to z", "try `caf`"),
                ("日本", "only the letters a to z", "for example `startapp blog`"),
                ("a\nb", "only the letters a to z", "try `a_b`"),
                ("2fast", "it starts with a digit", "try `fast`"),
                ("42", "it starts with a digit", "for example `startapp blog`"),
                ("_", "it has no letter", "for example `startapp blog`"),
                ("__", "it has no letter", "for example `startapp blog`"),
                ("a__b", "a module has no double underscore", "try `a_b`"),
                ("BlogPosts", "a module is written in lower case", "try `blog_posts`"),
                ("API", "a module is written in lower case", "try `api`"),
                ("r#type", "it is a raw identifier", "try `type_app`"),
                ("async", "it is a keyword of Rust", "try `async_app`"),
                ("dyn", "it is a keyword of Rust", "try `dyn_app`"),
                ("try", "it is a keyword of Rust", "try `try_app`"),
                ("gen", "it is a keyword of Rust", "try `gen_app`"),
                ("abstract", "it is a keyword of Rust", "try `abstract_app`"),
                ("self", "it is a keyword of Rust", "try `self_app`"),
                ("Self", "it is a keyword of Rust", "try `self_app`"),
                ("crate", "it is a keyword of Rust", "try `crate_app`"),
                ("super", "it is a keyword of Rust", "try `super_app`"),
                ("std", "it is a crate that every Rust program knows", "try `std_app`"),
                ("core", "it is a crate that every Rust program knows", "try `core_app`"),
                ("alloc", "it is a crate that every Rust program knows", "try `alloc_app`"),
                ("proc_macro", "it is a crate that every Rust program knows", "try `proc_macro_app`"),
                ("test", "it is a crate that every Rust program knows", "try `test_app`"),
                ("quintet", "it is the name of the framework", "try `my_app`"),
                ("quintet_web", "the framework's own crates", "try `my_web`"),
                ("tokio", "it is the name of a crate that projects use", "try `tokio_app`"),
                ("str", "it is a type that every module has in scope", "try `str_app`"),
                ("settings", "the project itself has", "try `settings_app`"),
                ("urls", "the project itself has", "try `urls_app`"),
                ("main", "the project itself has", "try `main_app`"),
                ("tests", "the project itself has", "try `tests_app`"),
                ("bin", "the project itself has", "try `bin_app`"),
                ("auth", "the label of an app that comes with the framework", "try `auth_app`"),
                ("nul", "no file on Windows", "try `nul_app`"),
            ],
        );
        let long = "a".repeat(65);
        refused(check_app_name, &[(&long, "it is longer than 64 characters", &format!("try `{}`", "a".repeat(64)))]);
    }

    #[test]
    fn a_bad_name_of_a_project_is_refused_with_its_reason_and_a_way_out() {
        refused(
            check_project_name,
            &[
                ("", "it is empty", "for example `startproject mysite`"),
                (".", "it is a path", "the name comes first, the folder after it: `startproject mysite .`"),
                ("sites/my", "it is a path", "`startproject my sites/my`"),
                ("my site", "only the letters a to z", "try `my-site`"),
                ("my.site", "only the letters a to z", "try `my-site`"),
                ("süd", "only the letters a to z", "try `s-d`"),
                ("2fast", "it starts with a digit", "try `fast`"),
                ("-x", "it starts with a hyphen", "try `x`"),
                ("_", "it has no letter", "for example `startproject mysite`"),
                ("_-_", "it has no letter", "for example `startproject mysite`"),
                ("fn", "it is a keyword of Rust", "try `fn-site`"),
                ("self", "it is a keyword of Rust", "try `self-site`"),
                ("std", "it is a crate that every Rust program knows", "try `std-site`"),
                ("proc-macro", "it is a crate that every Rust program knows", "try `proc-macro-site`"),
                ("test", "it is a crate that every Rust program knows", "try `test-site`"),
                ("quintet", "it is the name of the framework", "try `my-site`"),
                ("quintet-web", "the framework's own crates", "try `my-web`"),
                ("quintet_db", "the framework's own crates", "for example `startproject mysite`"),
                ("deps", "cargo's build folder", "try `deps-site`"),
                ("examples", "cargo's build folder", "try `examples-site`"),
                ("build", "cargo's build folder", "try `build-site`"),
                ("incremental", "cargo's build folder", "try `incremental-site`"),
                ("con", "no file on Windows", "try `con-site`"),
                ("AUX", "no file on Windows", "try `AUX-site`"),
                ("lpt9", "no file on Windows", "try `lpt9-site`"),
            ],
        );
        let long = "a".repeat(65);
        refused(
            check_project_name,
            &[(&long, "it is longer than 64 characters", &format!("try `{}`", "a".repeat(64)))],
        );
    }

    #[test]
    fn every_reserved_word_is_refused() {
        for (kind, check) in [(&PROJECT, check_project_name as Check), (&APP, check_app_name)] {
            for word in kind.reserved.iter().flat_map(|row| row.words) {
                assert!(check(word).is_err(), "{} {word}", kind.noun);
            }
        }
    }

    fn refused(check: Check, cases: &[(&str, &str, &str)]) {
        for (name, because, way_out) in cases {
            let error = check(name).expect_err(name);
            assert!(error.message().contains(because), "{name}: {error}");
            assert!(error.hint().is_some_and(|hint| hint.contains(way_out)), "{name}: {:?}", error.hint());
        }
    }
}
