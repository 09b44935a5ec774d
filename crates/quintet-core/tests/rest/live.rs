//! The fields of serializers beside the reference's own, with inputs that chance makes up: same verdict, same messages,
//! same text of the value.
//!
//! `oracle/recorder/fields_live.py` makes the fields and the inputs and says what the reference makes of them. A question
//! that a failure names can be put to it again.

#![allow(clippy::disallowed_methods, reason = "a test talks to the reference; the core itself knows no effect")]
#![allow(
    clippy::print_stdout,
    clippy::disallowed_macros,
    reason = "a soak tells its seed, and what was skipped is said"
)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use quintet_core::json;

use crate::recorded::{Recorded, answer, fields, is_known, list, word, written};

/// So many inputs for each class of fields where the scale is 1.
const INPUTS: usize = 1000;

/// So many of them are put to one field.
const BATCH: usize = 250;

/// So many differences are shown.
const SHOWN: usize = 40;

#[test]
fn fields_take_refuse_and_write_as_the_reference_does_whatever_the_input() {
    const NAME: &str = "fields_take_refuse_and_write_as_the_reference_does_whatever_the_input";
    let started = Instant::now();
    let (seed, scale) = (number("QUINTET_TEST_SEED"), number("QUINTET_TEST_SCALE"));
    let Some(mut reference) = Reference::start() else { return };
    let classes = reference.classes();
    assert!(classes.len() > 20, "{classes:?}");
    let batches = INPUTS * scale / BATCH;
    let questions: Vec<String> =
        classes.iter().flat_map(|class| (0..batches).map(|batch| question(class, batch, seed))).collect();
    let (mut count, mut known, mut different) = (0, 0, vec![]);
    // One question ahead: the reference works on it while we compare.
    let mut ahead = questions.iter();
    reference.ask(ahead.next().expect("a question"));
    for question in &questions {
        let said = reference.answer(question);
        if let Some(next) = ahead.next() {
            reference.ask(next);
        }
        for field in fields(&said) {
            count += field.cases.len();
            compare(&field, question, &mut known, &mut different);
        }
    }
    assert!(count > classes.len() * batches * BATCH / 2, "only {count} inputs");
    assert!(known < count / 50, "{known} of {count} are called known differences");
    let shown: Vec<String> = different.iter().take(SHOWN).cloned().collect();
    assert!(different.is_empty(), "{} of {count} differ:\n{}", different.len(), shown.join("\n"));
    println!("soak: {NAME} seed={seed} count={count} {:.1} s", started.elapsed().as_secs_f64());
}

/// A number of the environment; 1 where it is not there.
fn number(variable: &str) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

fn question(class: &str, batch: usize, seed: usize) -> String {
    format!("{{\"class\":\"{class}\",\"seed\":{seed},\"batch\":{batch},\"count\":{BATCH}}}")
}

fn compare(field: &Recorded, question: &str, known: &mut usize, different: &mut Vec<String>) {
    for (mode, input, said) in &field.cases {
        let ours = answer(field, mode, input);
        if ours == *said {
            continue;
        }
        if is_known(field, input, said, &ours) {
            *known += 1;
            continue;
        }
        let [input, said, ours] = [input, said, &ours].map(written);
        different.push(format!(
            "{} [{}] by {question}\n    {mode} {input}\n    theirs {said}\n    ours   {ours}",
            field.title, field.zone
        ));
    }
}

/// The reference as a process that answers questions.
struct Reference {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Reference {
    /// Nothing, and a line that says so, where it is not here.
    fn start() -> Option<Self> {
        let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../oracle");
        let python = oracle.join("venv/bin/python");
        if !python.is_file() {
            println!("skipped: the reference is not here (scripts/bootstrap python makes oracle/venv)");
            return None;
        }
        let mut start = Command::new(python);
        start.arg(oracle.join("recorder/fields_live.py")).env("PYTHONDONTWRITEBYTECODE", "1");
        let mut process = start.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the reference starts");
        let questions = process.stdin.take().expect("a pipe");
        let answers = BufReader::new(process.stdout.take().expect("a pipe"));
        Some(Self { process, questions, answers })
    }

    fn classes(&mut self) -> Vec<String> {
        self.ask("\"classes\"");
        let said = json::parse_text(&self.answer("classes")).expect("JSON");
        list(&said).iter().map(|class| word(class).to_owned()).collect()
    }

    fn ask(&mut self, question: &str) {
        writeln!(self.questions, "{question}").expect("the reference listens");
    }

    fn answer(&mut self, question: &str) -> String {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line);
        assert!(read.is_ok_and(|read| read > 0), "the reference ended at {question}");
        line
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
