//! Lays a list of messages out as the reference does: a head, one group per level, and a line that counts.
//!
//! Knows messages, and colour only as a function that it is given. Does not print.

use super::{Level, Message};

/// Messages sorted into what is shown and what a project has silenced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What is shown, the worst level first, within a level in the order of the printed text.
    pub shown: Vec<Message>,
    /// How many messages are silenced.
    pub silenced: usize,
}

/// Which colour a piece of a report has: a message or head that is an error, or a lighter one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// An error and worse, and the head of a failure.
    Error,
    /// Anything else.
    Warning,
}

/// Sorts messages for a report; `silenced` lists ids.
pub fn report<S: AsRef<str>>(messages: Vec<Message>, silenced: &[S]) -> Report {
    let total = messages.len();
    let mut shown = messages;
    shown.retain(|message| !silenced.iter().any(|id| id.as_ref() == message.id));
    shown.sort_by_cached_key(|message| (std::cmp::Reverse(message.level), message.to_string()));
    Report { silenced: total - shown.len(), shown }
}

impl Report {
    /// Whether something shown is as bad as `fail_level`: the command ends with 1. What is silenced never counts.
    pub fn fails(&self, fail_level: Level) -> bool {
        self.shown.iter().any(|message| message.level >= fail_level)
    }

    /// The whole report. It belongs on standard error when anything is shown, else on standard output, and ends as the
    /// reference's does, which may be without a new line; empty when there is nothing to say.
    ///
    /// `counted` adds the last line, as `check` wants it; commands that check beforehand leave it out.
    pub fn text(&self, fail_level: Level, counted: bool, paint: impl Fn(Paint, &str) -> String) -> String {
        let mut text = self.head(fail_level, &paint);
        for level in Level::ALL {
            text.push_str(&self.group(level, &paint));
        }
        if counted {
            text.push_str(if self.shown.is_empty() { "" } else { "\n" });
            text.push_str(&self.count());
        }
        text
    }

    fn head(&self, fail_level: Level, paint: &impl Fn(Paint, &str) -> String) -> String {
        let head = "System check identified some issues:\n";
        match (self.fails(fail_level), self.shown.is_empty()) {
            (true, _) => paint(Paint::Error, &format!("SystemCheckError: {head}")),
            (false, true) => String::new(),
            (false, false) => head.to_owned(),
        }
    }

    fn group(&self, level: Level, paint: &impl Fn(Paint, &str) -> String) -> String {
        let colour = if level >= Level::Error { Paint::Error } else { Paint::Warning };
        let messages = self.shown.iter().filter(|message| message.level == level);
        let painted: Vec<String> = messages.map(|message| paint(colour, &message.to_string())).collect();
        if painted.is_empty() {
            return String::new();
        }
        format!("\n{}S:\n{}\n", level.name(), painted.join("\n"))
    }

    fn count(&self) -> String {
        let issues = match self.shown.len() {
            0 => "no issues".to_owned(),
            1 => "1 issue".to_owned(),
            many => format!("{many} issues"),
        };
        format!("System check identified {issues} ({} silenced).", self.silenced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: &[&str] = &[];

    fn plain(_: Paint, text: &str) -> String {
        text.to_owned()
    }

    fn message(level: Level, id: &'static str, hint: Option<&str>) -> Message {
        Message { level, id, text: "text".to_owned(), hint: hint.map(str::to_owned), object: None }
    }

    fn mixed() -> Vec<Message> {
        vec![
            message(Level::Debug, "a.D1", None),
            message(Level::Warning, "b.W2", Some("do this")),
            message(Level::Warning, "b.W1", None).about("api.Note"),
            message(Level::Critical, "c.C1", None),
            message(Level::Error, "c.E1", None),
            message(Level::Info, "c.I1", None),
            message(Level::Warning, "a.W3", None),
        ]
    }

    /// Recorded: seven messages of these levels put to the reference's `check`.
    #[test]
    fn groups_come_worst_first_and_are_sorted_by_what_is_printed() {
        let expected = "SystemCheckError: System check identified some issues:\n\nCRITICALS:\n?: (c.C1) text\n\nERRORS:\n?: (c.E1) text\n\n\
            WARNINGS:\n?: (a.W3) text\n?: (b.W2) text\n\tHINT: do this\napi.Note: (b.W1) text\n\nINFOS:\n?: (c.I1) text\n\nDEBUGS:\n?: (a.D1) text\n\n\
            System check identified 7 issues (0 silenced).";
        assert_eq!(report(mixed(), NONE).text(Level::Error, true, plain), expected);
    }

    #[test]
    fn the_worst_message_is_the_first_of_the_list() {
        let levels: Vec<Level> = report(mixed(), NONE).shown.iter().map(|message| message.level).collect();
        assert!(levels.is_sorted_by(|before, after| before >= after), "{levels:?}");
    }

    #[test]
    fn nothing_found_is_one_line_when_counted_and_nothing_otherwise() {
        let empty = report(Vec::new(), NONE);
        assert_eq!(empty.text(Level::Error, true, plain), "System check identified no issues (0 silenced).");
        assert_eq!(empty.text(Level::Error, false, plain), "");
    }

    #[test]
    fn one_warning_is_one_issue_and_no_failure() {
        let one = report(vec![message(Level::Warning, "a.W1", None)], NONE);
        let expected = "System check identified some issues:\n\nWARNINGS:\n?: (a.W1) text\n\nSystem check identified 1 issue (0 silenced).";
        assert_eq!(one.text(Level::Error, true, plain), expected);
        assert!(!one.fails(Level::Error));
    }

    #[test]
    fn a_report_without_count_ends_with_its_last_group() {
        let one = report(vec![message(Level::Warning, "a.W1", None)], NONE);
        assert_eq!(
            one.text(Level::Error, false, plain),
            "System check identified some issues:\n\nWARNINGS:\n?: (a.W1) text\n"
        );
    }

    #[test]
    fn silenced_messages_are_counted_not_shown_and_do_not_fail() {
        let hidden = report(vec![message(Level::Error, "a.E1", None)], &["a.E1"]);
        assert_eq!(hidden.text(Level::Error, true, plain), "System check identified no issues (1 silenced).");
        assert!(!hidden.fails(Level::Error));
    }

    #[test]
    fn the_fail_level_decides_what_fails() {
        let one = report(vec![message(Level::Warning, "a.W1", None)], NONE);
        assert!(one.fails(Level::Warning) && one.fails(Level::Info));
        assert!(
            one.text(Level::Warning, true, plain)
                .starts_with("SystemCheckError: System check identified some issues:\n")
        );
    }

    #[test]
    fn messages_and_the_head_of_a_failure_are_painted_by_their_level() {
        let paint = |paint: Paint, text: &str| format!("<{paint:?}>{text}</>");
        let both = report(vec![message(Level::Error, "e", None), message(Level::Warning, "w", None)], NONE);
        let expected = "<Error>SystemCheckError: System check identified some issues:\n</>\nERRORS:\n<Error>?: (e) text</>\n\nWARNINGS:\n<Warning>?: (w) text</>\n";
        assert_eq!(both.text(Level::Error, false, paint), expected);
    }
}
