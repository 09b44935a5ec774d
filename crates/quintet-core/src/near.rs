//! Finds the word that was meant: "did you mean `migrate`?".
//!
//! Two measures. Commands use the reference's, the similarity of Python's `difflib.get_close_matches`. Names of settings
//! and variables use a stricter one, as most of a process's environment is none of ours. Knows words only.

use std::collections::HashMap;

/// The command that was most likely meant.
pub fn did_you_mean<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    close_matches(word, candidates, 1, 0.6).pop()
}

/// At most `count` candidates that are similar by at least `cutoff`, the best first. Of two that are equally similar
/// the later in the alphabet comes first, as in Python.
pub fn close_matches<'a>(word: &str, candidates: &[&'a str], count: usize, cutoff: f64) -> Vec<&'a str> {
    let word = Indexed::new(word);
    let mut matches: Vec<(f64, &str)> =
        candidates.iter().map(|&candidate| (ratio(candidate, &word), candidate)).collect();
    matches.retain(|(ratio, _)| *ratio >= cutoff);
    matches.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| b.1.cmp(a.1)));
    matches.into_iter().take(count).map(|(_, candidate)| candidate).collect()
}

/// The setting or variable that was most likely meant by a name that is none: letters apart, words in singular or plural, or
/// another word for the same. `None` for a name that is known, and for one that merely looks a little alike.
pub fn near_name<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    if known.contains(&name) {
        return None;
    }
    let upper = name.to_uppercase();
    let near =
        known.iter().filter_map(|&candidate| Some((name_distance(&upper, &candidate.to_uppercase())?, candidate)));
    near.min().map(|(_, candidate)| candidate)
}

/// `SequenceMatcher(None, a, b).ratio()`: twice the matching characters over all characters.
fn ratio(a: &str, b: &Indexed) -> f64 {
    let a: Vec<char> = a.chars().collect();
    let length = a.len() + b.chars.len();
    if length == 0 {
        return 1.0;
    }
    let matching = matching(&a, b, Part { a: (0, a.len()), b: (0, b.chars.len()) });
    // Lengths of words: nowhere near what a f64 holds exactly.
    #[allow(clippy::cast_precision_loss)]
    let ratio = 2.0 * matching as f64 / length as f64;
    ratio
}

/// A word, and where each of its characters is.
struct Indexed {
    chars: Vec<char>,
    places: HashMap<char, Vec<usize>>,
}

impl Indexed {
    /// As in Python, a character that makes up over a hundredth of a long word starts no match.
    fn new(word: &str) -> Self {
        let chars: Vec<char> = word.chars().collect();
        let mut places: HashMap<char, Vec<usize>> = HashMap::new();
        for (at, c) in chars.iter().enumerate() {
            places.entry(*c).or_default().push(at);
        }
        if chars.len() >= 200 {
            places.retain(|_, at| at.len() <= chars.len() / 100 + 1);
        }
        Self { chars, places }
    }
}

/// A stretch of each word, from and to.
#[derive(Clone, Copy)]
struct Part {
    a: (usize, usize),
    b: (usize, usize),
}

/// How many characters the longest common stretch has, plus those on its left and on its right.
fn matching(a: &[char], b: &Indexed, whole: Part) -> usize {
    let (mut total, mut parts) = (0, vec![whole]);
    while let Some(part) = parts.pop() {
        let (i, j, size) = longest_match(a, b, part);
        if size > 0 {
            total += size;
            parts.push(Part { a: (part.a.0, i), b: (part.b.0, j) });
            parts.push(Part { a: (i + size, part.a.1), b: (j + size, part.b.1) });
        }
    }
    total
}

/// Where the longest common stretch begins in each word, and its length; the first in `a`, then in `b`.
fn longest_match(a: &[char], b: &Indexed, part: Part) -> (usize, usize, usize) {
    let (mut i, mut j, mut size) = (part.a.0, part.b.0, 0);
    // For each place in `b`: how long the common stretch is that ends there and at the character before.
    let mut before: HashMap<usize, usize> = HashMap::new();
    for (at, c) in a.iter().enumerate().take(part.a.1).skip(part.a.0) {
        let mut here = HashMap::new();
        let places = b.places.get(c).into_iter().flatten().copied();
        for place in places.filter(|place| (part.b.0..part.b.1).contains(place)) {
            let length = place.checked_sub(1).and_then(|left| before.get(&left)).unwrap_or(&0) + 1;
            here.insert(place, length);
            if length > size {
                (i, j, size) = (at + 1 - length, place + 1 - length, length);
            }
        }
        before = here;
    }
    widen(a, &b.chars, part, (i, j, size))
}

/// Adds equal characters on both sides: those too frequent to start a match are not lost.
fn widen(a: &[char], b: &[char], part: Part, found: (usize, usize, usize)) -> (usize, usize, usize) {
    let (mut i, mut j, mut size) = found;
    while i > part.a.0 && j > part.b.0 && a[i - 1] == b[j - 1] {
        (i, j, size) = (i - 1, j - 1, size + 1);
    }
    while i + size < part.a.1 && j + size < part.b.1 && a[i + size] == b[j + size] {
        size += 1;
    }
    (i, j, size)
}

/// How far apart two names are, where that is near; both in upper case.
fn name_distance(name: &str, known: &str) -> Option<usize> {
    let allowed = if name.len().min(known.len()) < SHORT_NAME { 1 } else { 2 };
    if same_words(name, known) {
        return Some(0);
    }
    Some(edits(name, known)).filter(|&edits| edits <= allowed && name.len().min(known.len()) >= SHORTEST_NAME)
}

/// Below this two letters make another name: `DB_HOST` is two from `DB_PORT`.
const SHORT_NAME: usize = 9;

/// Below this a letter makes another word: `TEST` is not `REST`.
const SHORTEST_NAME: usize = 5;

/// Words that people use for one another in a name.
const SAME: &[&[&str]] = &[
    &["PWD", "PASS", "PASSWD", "PASSWORD"],
    &["USER", "USERNAME"],
    &["HOST", "HOSTNAME", "SERVER"],
    &["DB", "DATABASE"],
    &["URL", "URI", "DSN"],
    &["DIR", "DIRECTORY", "FOLDER", "PATH"],
    &["ENABLE", "ENABLED"],
    &["ALLOW", "ALLOWED"],
];

/// The same words but for number and choice; two at least, as one alone is too common (`HOSTNAME` is every shell's).
fn same_words(name: &str, known: &str) -> bool {
    let (name, known): (Vec<&str>, Vec<&str>) = (name.split('_').collect(), known.split('_').collect());
    name.len() >= 2 && name.len() == known.len() && name.iter().zip(&known).all(|(a, b)| same_word(a, b))
}

fn same_word(a: &str, b: &str) -> bool {
    let (a, b) = (singular(a), singular(b));
    a == b || SAME.iter().any(|group| group.contains(&a) && group.contains(&b))
}

fn singular(word: &str) -> &str {
    word.strip_suffix('S').filter(|rest| rest.len() >= 3 && !rest.ends_with('S')).unwrap_or(word)
}

/// The least number of letters to insert, remove, replace, or swap with their neighbour.
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMANDS: &[&str] = &[
        "changepassword",
        "check",
        "clearsessions",
        "collectstatic",
        "createsuperuser",
        "dbshell",
        "diffsettings",
        "dumpdata",
        "findstatic",
        "flush",
        "flushexpiredtokens",
        "inspectdb",
        "loaddata",
        "makemessages",
        "makemigrations",
        "migrate",
        "optimizemigration",
        "remove_stale_contenttypes",
        "runserver",
        "sendtestemail",
        "shell",
        "showmigrations",
        "sqlflush",
        "sqlmigrate",
        "sqlsequencereset",
        "squashmigrations",
        "startapp",
        "startproject",
        "test",
        "testserver",
    ];

    const VARIABLES: &[&str] = &[
        "SECRET_KEY",
        "DEBUG",
        "ALLOWED_HOSTS",
        "DATABASE_URL",
        "DB_ENGINE",
        "DB_NAME",
        "DB_USER",
        "DB_PWD",
        "DB_HOST",
        "DB_PORT",
        "CORS_ALLOWED_ORIGINS",
        "CORS_ALLOW_ALL_ORIGINS",
        "CORS_ALLOW_CREDENTIALS",
        "CORS_ALLOWED_ORIGIN_REGEXES",
        "ENV_FILE",
    ];

    #[test]
    fn a_cut_command_is_completed() {
        assert_eq!(did_you_mean("migrat", COMMANDS), Some("migrate"));
    }

    /// Recorded with Python's difflib over the same list.
    #[test]
    fn suggestions_are_those_of_difflib() {
        let rows: &[(&str, &[&str])] = &[
            ("migrat", &["migrate", "sqlmigrate", "showmigrations"]),
            ("migrate", &["migrate", "sqlmigrate"]),
            ("runservr", &["runserver"]),
            ("serve", &["runserver", "testserver"]),
            ("chek", &["check"]),
            ("startap", &["startapp", "startproject"]),
            ("start", &["startapp"]),
            ("test", &["test"]),
            ("tset", &["test"]),
            ("shel", &["shell", "dbshell"]),
            ("db", &[]),
            ("dbshel", &["dbshell", "shell"]),
            ("makemigration", &["makemigrations", "optimizemigration", "squashmigrations"]),
            ("squashmigration", &["squashmigrations", "showmigrations", "makemigrations"]),
            ("sqlmigrat", &["sqlmigrate", "migrate", "squashmigrations"]),
            ("loaddump", &["loaddata"]),
            ("createuser", &["createsuperuser"]),
            ("migration", &["showmigrations", "makemigrations", "migrate"]),
            ("static", &["findstatic", "collectstatic"]),
            ("flsh", &["flush", "sqlflush"]),
            ("helpp", &["shell"]),
        ];
        for (word, expected) in rows {
            assert_eq!(close_matches(word, COMMANDS, 3, 0.6), *expected, "{word}");
        }
    }

    /// Recorded with `SequenceMatcher(None, a, b).ratio()`.
    #[test]
    #[allow(clippy::float_cmp, reason = "the same division of the same integers")]
    fn ratios_are_those_of_sequence_matcher() {
        let rows: &[(&str, &str, f64)] = &[
            ("migrate", "migrat", 0.9230769230769231),
            ("abcd", "bcde", 0.75),
            ("abxcd", "abcd", 0.8888888888888888),
            ("qabxcd", "abycdf", 0.6666666666666666),
            ("", "a", 0.0),
            ("a", "a", 1.0),
            ("tide", "diet", 0.25),
            ("diet", "tide", 0.5),
            ("private Thread", "private volatile", 0.6),
            ("äbc", "abç", 0.3333333333333333),
            ("aaaa", "aa", 0.6666666666666666),
            ("abcabc", "bca", 0.6666666666666666),
        ];
        for (a, b, expected) in rows {
            assert_eq!(ratio(a, &Indexed::new(b)), *expected, "{a} {b}");
        }
    }

    /// From 200 characters on Python leaves out what is frequent; only what the words begin with in common is still found.
    #[test]
    #[allow(clippy::float_cmp, reason = "the same division of the same integers")]
    fn frequent_characters_of_a_long_word_start_no_match() {
        let (short, long) = ("ab".repeat(99), "ab".repeat(100));
        assert_eq!(ratio(&format!("x{short}"), &Indexed::new(&long)), 0.0);
        assert_eq!(ratio(&format!("x{short}"), &Indexed::new(&short)), 396.0 / 397.0);
        assert_eq!(ratio(&short, &Indexed::new(&long)), 396.0 / 398.0);
    }

    #[test]
    fn a_command_without_likeness_gets_no_suggestion() {
        assert_eq!(did_you_mean("xyzzy", COMMANDS), None);
        assert_eq!(did_you_mean("", COMMANDS), None);
    }

    #[test]
    fn misspelt_variables_are_recognized() {
        let rows = [
            ("CORS_ALLOWS_CREDENTIALS", "CORS_ALLOW_CREDENTIALS"),
            ("ALLOWED_HOST", "ALLOWED_HOSTS"),
            ("ALLOW_HOSTS", "ALLOWED_HOSTS"),
            ("DATABSE_URL", "DATABASE_URL"),
            ("DATABASE_URI", "DATABASE_URL"),
            ("DB_PASSWORD", "DB_PWD"),
            ("DATABASE_PASS", "DB_PWD"),
            ("DB_USERNAME", "DB_USER"),
            ("DB_PROT", "DB_PORT"),
            ("SECRETKEY", "SECRET_KEY"),
            ("secret_key", "SECRET_KEY"),
            ("DEUBG", "DEBUG"),
            ("CORS_ALLOWED_ORIGIN", "CORS_ALLOWED_ORIGINS"),
        ];
        for (name, meant) in rows {
            assert_eq!(near_name(name, VARIABLES), Some(meant), "{name}");
        }
    }

    #[test]
    fn a_known_name_is_never_taken_for_another() {
        for name in VARIABLES {
            assert_eq!(near_name(name, VARIABLES), None, "{name}");
        }
    }

    #[test]
    fn what_other_programs_put_into_an_environment_is_left_alone() {
        let names = "PATH HOME LANG TERM DEBUGGER SHELL USER LOGNAME PWD OLDPWD HOSTNAME HOST PORT EDITOR PAGER VISUAL DISPLAY TZ TMPDIR TEMP LC_ALL \
            XDG_RUNTIME_DIR XDG_DATA_DIRS SSH_AUTH_SOCK SSH_AGENT_PID CARGO_HOME RUSTUP_HOME RUST_LOG RUST_BACKTRACE NO_COLOR COLORTERM \
            PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE PGDATA CI DEBUGINFOD_URLS DEBIAN_FRONTEND PYTHONPATH VIRTUAL_ENV NODE_ENV NODE_PATH \
            npm_config_cache REDIS_URL CACHE_URL SENTRY_DSN STATIC_URL AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID API_KEY KUBERNETES_PORT \
            DB_PORT_5432_TCP INVOCATION_ID JOURNAL_STREAM MAIL SHLVL _ LS_COLORS GPG_KEY DEFAULT_HOSTS DOCKER_HOST SECRETS BASE_URL ENV ENV_NAME";
        for name in names.split_whitespace() {
            assert_eq!(near_name(name, VARIABLES), None, "{name}");
        }
    }

    #[test]
    fn the_settings_of_the_reference_are_not_taken_for_one_another() {
        let text = include_str!("../../../oracle/vectors/settings.json");
        let tables: serde_json::Value = serde_json::from_str(text).expect("the recording is an object");
        let names: Vec<&str> = ["CORS", "DJANGO", "SIMPLE_JWT", "REST_FRAMEWORK"]
            .iter()
            .flat_map(|table| tables[table].as_object().expect("an object").keys().map(String::as_str))
            .collect();
        for name in names.iter().filter(|name| !VARIABLES.contains(name)) {
            assert_eq!(near_name(name, VARIABLES), None, "{name}");
        }
    }

    #[test]
    fn a_short_name_one_letter_off_is_another_word() {
        assert_eq!(near_name("TEST", &["REST"]), None);
    }

    #[test]
    fn a_name_of_middling_length_may_differ_by_one_letter_but_not_by_two() {
        assert_eq!(near_name("DB_HOST", &["DB_PORT"]), None);
        assert_eq!(near_name("DB_HOSTT", &["DB_HOST"]), Some("DB_HOST"));
    }

    #[test]
    fn a_single_word_is_not_replaced_by_its_like() {
        assert_eq!(near_name("HOSTNAME", &["HOST"]), None);
        assert_eq!(near_name("DB_HOSTNAME", &["DB_HOST"]), Some("DB_HOST"));
    }

    #[test]
    fn two_neighbours_swapped_are_one_edit() {
        assert_eq!(
            [edits("AB", "BA"), edits("", "AB"), edits("KITTEN", "SITTING"), edits("SAME", "SAME")],
            [1, 2, 3, 0]
        );
    }
}
