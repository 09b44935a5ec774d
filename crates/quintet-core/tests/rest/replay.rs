//! Every recorded input is put to our fields: same verdict, same messages and codes, same text of the value.
//!
//! `QUINTET_FIELDS=FILE` replays another recording: one that `record_fields.py - COUNT SEED` printed.

use quintet_core::json::Json;

use quintet_core::rest::{Kind, UuidFormat};

use crate::recorded::{Recorded, answer, fields, list, member, read, word, written};

#[test]
#[allow(clippy::disallowed_methods, reason = "a test reads recordings; the core itself knows no environment")]
fn every_recorded_input_has_the_recorded_answer() {
    let text = match std::env::var("QUINTET_FIELDS") {
        Ok(path) => std::fs::read_to_string(path).expect("a recording"),
        Err(_) => read("vectors/fields.json"),
    };
    let (mut count, mut known, mut different) = (0, 0, vec![]);
    for recorded in fields(&text) {
        for (mode, input, said) in &recorded.cases {
            count += 1;
            let ours = answer(&recorded, mode, input);
            match () {
                () if ours == *said => {}
                () if is_known(&recorded, input, said, &ours) => known += 1,
                () => different.push(format!(
                    "{} [{}]\n    {mode} {}\n    theirs {}\n    ours   {}",
                    recorded.title,
                    recorded.zone,
                    written(input),
                    written(said),
                    written(&ours)
                )),
            }
        }
    }
    assert!(count > 20_000 && known < count / 200, "{count} inputs, {known} known differences");
    assert!(different.is_empty(), "{} of {count} differ:\n{}", different.len(), different.join("\n"));
}

/// What differs on purpose.
fn is_known(recorded: &Recorded, input: &Json, said: &Json, ours: &Json) -> bool {
    let [theirs, ours] = [said, ours].map(list);
    match (word(&theirs[0]), word(&ours[0])) {
        // Where the reference has an error of the server, we refuse.
        ("raised", kind) => kind != "valid",
        // True is a number there, and stays what it is where a number is written.
        ("valid", "valid") if matches!(recorded.field.kind, Kind::Uuid(UuidFormat::Int)) => {
            matches!(member(input, "f"), Json::Bool(_)) && matches!(word(&theirs[1]), "true" | "false")
        }
        // A time that clocks leave out is kept as it was given there, until it has been in a database.
        ("valid", "valid") if matches!(recorded.field.kind, Kind::DateTime { .. }) => {
            ["2:30", "1:30", "0:10"].iter().any(|time| written(input).contains(time))
        }
        // Durations have 64 bits.
        ("valid", "errors") if matches!(recorded.field.kind, Kind::Duration { .. }) => {
            written(&ours[1]).contains("-106751991 and 106751991")
        }
        _ => false,
    }
}
