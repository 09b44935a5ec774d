//! The one place that prints. Tests capture it; colours and verbosity are decided here.

use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use clap::ArgMatches;
use quintet_core::check::Paint;

/// Where a command talks: results to the one stream, everything about them to the other.
pub struct Terminal {
    out: Mutex<Box<dyn Write + Send>>,
    err: Mutex<Box<dyn Write + Send>>,
    answers: Mutex<Box<dyn BufRead + Send>>,
    /// Whether somebody sits there who could answer.
    is_interactive: bool,
    /// Whether it is the process's own, where typing is shown.
    is_of_process: bool,
    color: AtomicBool,
    verbosity: AtomicU8,
}

/// How a piece of text looks where there is colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Something failed.
    Error,
    /// Something may fail.
    Warning,
    /// Something went well.
    Success,
    /// A heading.
    Heading,
    /// Of less importance.
    Faint,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Self::Error => "31;1",
            Self::Warning => "33;1",
            Self::Success => "32;1",
            Self::Heading => "1",
            Self::Faint => "2",
        }
    }
}

impl Terminal {
    /// The process's own: with colour where both streams are terminals and `NO_COLOR` is not set.
    pub(crate) fn of_process() -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let color = !plain && io::stdout().is_terminal() && io::stderr().is_terminal();
        let answers = Box::new(BufReader::new(io::stdin()));
        let terminal = Self::new(Box::new(io::stdout()), Box::new(io::stderr()), answers, color);
        Self { is_interactive: io::stdin().is_terminal(), is_of_process: true, ..terminal }
    }

    fn new(
        out: Box<dyn Write + Send>,
        err: Box<dyn Write + Send>,
        answers: Box<dyn BufRead + Send>,
        color: bool,
    ) -> Self {
        Self {
            out: Mutex::new(out),
            err: Mutex::new(err),
            answers: Mutex::new(answers),
            is_interactive: false,
            is_of_process: false,
            color: AtomicBool::new(color),
            verbosity: AtomicU8::new(1),
        }
    }

    /// One that keeps everything and has no answers, for tests.
    pub fn captured() -> (Self, Captured) {
        Self::answering("")
    }

    /// One that keeps everything and answers questions with these lines, for tests.
    pub fn answering(lines: &str) -> (Self, Captured) {
        let captured = Captured::default();
        let answers = Box::new(io::Cursor::new(lines.as_bytes().to_vec()));
        let terminal = Self::new(Box::new(captured.out.clone()), Box::new(captured.err.clone()), answers, false);
        (Self { is_interactive: !lines.is_empty(), ..terminal }, captured)
    }

    /// Takes `--verbosity`, `--no-color` and `--force-color` from a command line.
    pub(super) fn obey(&self, matches: &ArgMatches) {
        self.verbosity.store(matches.get_one::<u8>("verbosity").copied().unwrap_or(1), Ordering::Relaxed);
        if matches.get_flag("no-color") {
            self.color.store(false, Ordering::Relaxed);
        }
        if matches.get_flag("force-color") {
            self.color.store(true, Ordering::Relaxed);
        }
    }

    /// Whether there is colour.
    pub fn has_color(&self) -> bool {
        self.color.load(Ordering::Relaxed)
    }

    /// How much is wanted: 0 only results and errors, 1 the usual, 2 more, 3 everything.
    pub fn verbosity(&self) -> u8 {
        self.verbosity.load(Ordering::Relaxed)
    }

    /// A result, to the standard output, whatever the verbosity.
    pub fn print(&self, text: impl AsRef<str>) {
        write_line(&self.out, text.as_ref());
    }

    /// The beginning of a line of a result.
    pub fn begin(&self, text: impl AsRef<str>) {
        write(&self.out, text.as_ref());
    }

    /// What somebody types after a prompt, without the end of the line; nothing where the input has ended.
    pub fn ask(&self, prompt: &str) -> Option<String> {
        write(&self.out, prompt);
        self.read_line()
    }

    /// Whether somebody sits there who could answer.
    pub fn is_interactive(&self) -> bool {
        self.is_interactive
    }

    /// What somebody types after a prompt, which goes to the standard error, without showing it.
    pub fn ask_hidden(&self, prompt: &str) -> Option<String> {
        write(&self.err, prompt);
        if !(self.is_of_process && self.is_interactive) {
            return self.read_line();
        }
        let line = hidden_line();
        write(&self.err, "\n");
        line
    }

    /// The same with the prompt on the standard error.
    pub fn ask_aside(&self, prompt: &str) -> Option<String> {
        write(&self.err, prompt);
        self.read_line()
    }

    /// A line of the standard input, without a prompt and without its end; nothing where it is longer than so many bytes,
    /// or no text.
    pub(super) fn line_of_input(&self, most: usize) -> Option<String> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut line = String::new();
        // Two more for the end of the line, which may have two letters.
        io::Read::take(&mut *answers, most as u64 + 2).read_line(&mut line).ok()?;
        let line = line.trim_end_matches(['\n', '\r']).to_owned();
        (line.len() <= most).then_some(line)
    }

    fn read_line(&self) -> Option<String> {
        let mut line = String::new();
        let read = self.answers.lock().unwrap_or_else(PoisonError::into_inner).read_line(&mut line);
        let whole = matches!(read, Ok(length) if length > 0);
        whole.then(|| line.trim_end_matches(['\n', '\r']).to_owned())
    }

    /// A line to the standard error, whatever the verbosity.
    pub fn aside(&self, text: impl AsRef<str>) {
        write_line(&self.err, text.as_ref());
    }

    /// What is going on, to the standard error, from verbosity 1 on.
    pub fn note(&self, text: impl AsRef<str>) {
        if self.verbosity() >= 1 {
            write_line(&self.err, text.as_ref());
        }
    }

    /// Something odd, with the way out.
    pub fn warn(&self, text: &str, hint: Option<&str>) {
        self.labelled(Style::Warning, "warning", text, hint);
    }

    /// Something that failed, with the way out.
    pub fn error(&self, text: &str, hint: Option<&str>) {
        self.labelled(Style::Error, "error", text, hint);
    }

    fn labelled(&self, style: Style, label: &str, text: &str, hint: Option<&str>) {
        write_line(&self.err, &format!("{} {text}", self.styled(style, &format!("{label}:"))));
        if let Some(hint) = hint {
            write_line(&self.err, &format!("{} {hint}", self.styled(Style::Heading, "hint:")));
        }
    }

    /// A text in a style, where there is colour.
    pub fn styled(&self, style: Style, text: &str) -> String {
        if self.has_color() { format!("\x1b[{}m{text}\x1b[0m", style.code()) } else { text.to_owned() }
    }

    /// For reports of system checks.
    pub(super) fn paint(&self, paint: Paint, text: &str) -> String {
        match paint {
            Paint::Error => self.styled(Style::Error, text),
            Paint::Warning => self.styled(Style::Warning, text),
        }
    }
}

/// A line that is typed but not shown. A shell reads it, which turns the echo on again even where it is interrupted.
fn hidden_line() -> Option<String> {
    const SCRIPT: &str = "trap 'stty echo' EXIT; trap 'exit 130' INT TERM HUP; \
        stty -echo && IFS= read -r line && printf '%s' \"$line\"";
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", SCRIPT]).stdin(std::process::Stdio::inherit()).stderr(std::process::Stdio::inherit());
    let answer = shell.output().ok()?;
    answer.status.success().then(|| String::from_utf8(answer.stdout).ok())?
}

/// A reader that has gone away is no failure of the command's.
fn write_line(stream: &Mutex<Box<dyn Write + Send>>, text: &str) {
    write(stream, &format!("{text}\n"));
}

fn write(stream: &Mutex<Box<dyn Write + Send>>, text: &str) {
    let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}

/// What a captured terminal was told.
#[derive(Clone, Debug, Default)]
pub struct Captured {
    out: Kept,
    err: Kept,
}

impl Captured {
    /// The standard output so far.
    pub fn out(&self) -> String {
        self.out.text()
    }

    /// The standard error so far.
    pub fn err(&self) -> String {
        self.err.text()
    }
}

#[derive(Clone, Debug, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
