//! `jwt inspect`: what a token says, which key signed it, and what is wrong with it.
//!
//! A token is a stranger's: whatever it says is written as JSON in ASCII, so that it cannot talk to the terminal.

use std::fmt::Write as _;
use std::time::SystemTime;

use clap::{Arg, ArgAction, ArgMatches};
use quintet_db::Db;
use quintet_web::jwt::{Claims, Inspection, Inspector};
use serde_json::Value;

use super::users::open;
use crate::manage::{Checks, Command, CommandError, Context, Style, Terminal, database};
use crate::models::DateTime;

pub(super) const COMMAND: Command =
    Command { name: "jwt", about: "Explain a token: `jwt inspect TOKEN`", args, checks: Checks::Configured, run };

/// Letters that a token may have; nothing longer is looked at.
const LONGEST: usize = 1 << 18;
/// Letters of a claim that are shown.
const SHOWN: usize = 500;
/// Claims of a token that are shown.
const CLAIMS: usize = 100;

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(Arg::new("action").value_name("inspect").value_parser(["inspect"]).required(true).help("What to do"))
        .arg(Arg::new("token").value_name("TOKEN").required(true).help("The token; - reads it from the standard input"))
        .arg(
            Arg::new("offline")
                .long("offline")
                .action(ArgAction::SetTrue)
                .help("Ask no database and fetch no key: only the signature and the claims count"),
        )
        .arg(database::arg())
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let given = args.get_one::<String>("token").map(String::as_str).unwrap_or_default();
    let token = match given {
        "-" => context.terminal.line_of_input(LONGEST),
        given => Some(given.trim().to_owned()).filter(|token| token.len() <= LONGEST),
    };
    let token = token.ok_or_else(|| {
        CommandError::new(format!("a token has at most {LONGEST} letters, in one line of ASCII"))
            .with_hint("give it as `jwt inspect TOKEN`, or by the standard input: `jwt inspect - < FILE`")
    })?;
    let is_offline = args.get_flag("offline");
    let db = if is_offline { None } else { Some(open(context)?) };
    let (settings, clock) = (&context.settings, crate::clock::system());
    let inspector = Inspector {
        settings: &settings.simple_jwt,
        secret: &settings.secret_key,
        fallbacks: &settings.secret_key_fallbacks,
        clock: &clock,
        db: db.as_ref().map(Db::from),
    };
    let found = context.block_on(inspector.inspect(token.trim()))?;
    context.terminal.print(report(context.terminal, &found, clock.now()));
    let is_known = if is_offline { found.signed_by.is_some() } else { found.unasked.is_empty() };
    if found.is_good() && is_known { Ok(()) } else { Err(CommandError::silent(1)) }
}

/// Everything that is known, a paragraph for each kind.
fn report(terminal: &Terminal, found: &Inspection, now: SystemTime) -> String {
    let mut text = String::new();
    let heading = |text: &mut String, words: &str| {
        let _ = writeln!(text, "{}", terminal.styled(Style::Heading, words));
    };
    if let Some(header) = &found.header {
        heading(&mut text, "header");
        text.push_str(&members(header, now));
    }
    if let Some(claims) = &found.claims {
        heading(&mut text, "claims");
        text.push_str(&members(claims, now));
    }
    if let Some(name) = &found.signed_by {
        let _ = writeln!(text, "{} by the key in `{name}`", terminal.styled(Style::Heading, "signed"));
    }
    if let Some(name) = &found.user {
        let name = shown(&Value::from(name.as_str()));
        let _ = writeln!(text, "{} {name}", terminal.styled(Style::Heading, "user"));
    }
    for problem in &found.problems {
        let _ = writeln!(text, "{} {}", terminal.styled(Style::Error, "wrong:"), harmless(problem));
    }
    for unasked in &found.unasked {
        let _ = writeln!(text, "{} {}", terminal.styled(Style::Warning, "not asked:"), harmless(unasked));
    }
    if found.is_good() {
        let known = if found.unasked.is_empty() { "valid" } else { "valid, as far as was asked" };
        text.push_str(&terminal.styled(Style::Success, known));
    } else {
        text.push_str(&terminal.styled(Style::Error, "not valid"));
    }
    text
}

/// A line for each member, the names below one another.
fn members(object: &Claims, now: SystemTime) -> String {
    let mut text = String::new();
    let name_of = |name: &str| if is_plain(name) { name.to_owned() } else { shown(&Value::from(name)) };
    let rows: Vec<_> = object.iter().take(CLAIMS).map(|(name, value)| (name_of(name), name, value)).collect();
    let width = rows.iter().map(|(shown, ..)| shown.len().min(30)).max().unwrap_or(0);
    for (left, name, value) in rows {
        let _ = write!(text, "  {left:width$}  {}", shown(value));
        if let Some(words) = moment(name, value, now) {
            let _ = write!(text, "  {words}");
        }
        text.push('\n');
    }
    if object.len() > CLAIMS {
        let _ = writeln!(text, "  .. and {} more", object.len() - CLAIMS);
    }
    text
}

fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 30
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

/// A value as JSON in ASCII, cut off where it is long.
fn shown(value: &Value) -> String {
    let whole = harmless(&value.to_string());
    match whole.char_indices().nth(SHOWN) {
        Some((place, _)) => format!("{} .. and {} letters more", &whole[..place], whole.len() - place),
        None => whole,
    }
}

/// A text without anything that a terminal obeys, or that looks like something else.
fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            ' '..='~' => safe.push(letter),
            other => {
                let mut units = [0; 2];
                for unit in other.encode_utf16(&mut units) {
                    let _ = write!(safe, "\\u{unit:04x}");
                }
            }
        }
    }
    safe
}

/// What a claim that is a moment means, in words.
fn moment(name: &str, value: &Value, now: SystemTime) -> Option<String> {
    let verb = match name {
        "exp" => ["expired", "expires"],
        "iat" => ["issued", "issued"],
        "nbf" => ["good since", "good"],
        "refresh_exp" => ["renewable until", "renewable until"],
        _ => return None,
    };
    let moment = value.as_f64().filter(|moment| moment.is_finite())?;
    let now = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let distance = moment - now;
    let verb = verb[usize::from(distance > 0.0)];
    let words = words(distance);
    #[allow(clippy::cast_possible_truncation, reason = "what is no date is none")]
    let date = DateTime::from_timestamp(moment as i64, 0);
    let date = date.map(|date| date.format(", %Y-%m-%d %H:%M:%S UTC").to_string()).unwrap_or_default();
    Some(format!("({verb} {words}{date})"))
}

/// How far a moment is, in the largest unit of which there is one at least.
fn words(distance: f64) -> String {
    const UNITS: [(f64, &str); 5] =
        [(365.0 * 86_400.0, "year"), (86_400.0, "day"), (3_600.0, "hour"), (60.0, "minute"), (1.0, "second")];
    let far = distance.abs();
    let Some((length, unit)) = UNITS.into_iter().find(|(length, _)| far >= *length) else { return "now".to_owned() };
    let count = (far / length).floor();
    let plural = if count < 2.0 { "" } else { "s" };
    if count > 9_999.0 {
        return if distance > 0.0 { "in the far future".to_owned() } else { "in the far past".to_owned() };
    }
    if distance > 0.0 { format!("in {count} {unit}{plural}") } else { format!("{count} {unit}{plural} ago") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_in_time_is_told_in_its_largest_unit() {
        for (seconds, wanted) in [
            (0.0, "now"),
            (-1.0, "1 second ago"),
            (-59.9, "59 seconds ago"),
            (-200.0, "3 minutes ago"),
            (3_600.0, "in 1 hour"),
            (2.5 * 86_400.0, "in 2 days"),
            (366.0 * 86_400.0, "in 1 year"),
            (1e30, "in the far future"),
            (-1e30, "in the far past"),
        ] {
            assert_eq!(words(seconds), wanted, "{seconds}");
        }
    }

    #[test]
    fn what_a_terminal_obeys_is_written_out() {
        assert_eq!(
            harmless("\u{1b}[2J\u{7}a\u{202e}\u{7f}\u{9b}\n😀"),
            r"\u001b[2J\u0007a\u202e\u007f\u009b\u000a\ud83d\ude00"
        );
        let long = shown(&Value::from("x".repeat(10_000)));
        assert!(long.len() < 600 && long.ends_with(".. and 9502 letters more"), "{long}");
    }
}
