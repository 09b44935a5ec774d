//! Every recorded input is put to our fields: same verdict, same messages and codes, same text of the value.
//!
//! `QUINTET_FIELDS=FILE` replays another recording: one that `record_fields.py - COUNT SEED` printed.

use crate::recorded::{answer, fields, is_known, read, written};

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
