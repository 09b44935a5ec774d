//! The fuzz targets without their fuzzer: every target is run over its seeds and over inputs that chance makes of them, so that
//! it does not rot where nobody has the nightly compiler. `scripts/fuzz` looks further.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use quintet_tests::support::{Random, checkout, scale, soaked};

#[path = "../../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "a crate of its own for the fuzzer")]
mod fuzz;

/// So many inputs for each target where the scale is 1.
const INPUTS: usize = 500;

/// No input is longer.
const LONGEST: usize = 4096;

#[test]
fn no_target_breaks_on_what_chance_makes_of_its_seeds() {
    const NAME: &str = "no_target_breaks_on_what_chance_makes_of_its_seeds";
    let started = Instant::now();
    let mut random = Random::of(NAME);
    let count = INPUTS * scale();
    for (name, _) in fuzz::TARGETS {
        let seeds = seeds(name);
        seeds.iter().for_each(|seed| run(name, seed));
        for _ in 0..count {
            run(name, &spoilt(&seeds, &mut random));
        }
    }
    soaked(NAME, count * fuzz::TARGETS.len(), started);
}

fn run(name: &str, data: &[u8]) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| fuzz::run(name, data))) {
        panic!("the target `{name}` broke on {:?}: {}", String::from_utf8_lossy(data), said(&*panic));
    }
}

fn said(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words")
}

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = checkout().join("fuzz/seeds").join(name);
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a file").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a seed")).collect()
}

/// A seed with some things wrong.
fn spoilt(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut data = random.one_of(seeds).clone();
    for _ in 0..1 + random.below(4) {
        let at = random.below(data.len() + 1);
        let end = (at + 1 + random.below(16)).min(data.len());
        match random.below(8) {
            0 => data.insert(at, u8::try_from(random.below(256)).unwrap_or_default()),
            1 => data.insert(at, *random.one_of(b"\0\t\r\n \"%&'()*+,-./0123456789:;=?[]\\{}azEe\x7f\xff")),
            2 => drop(data.drain(at..end)),
            3 if at < data.len() => data[at] ^= 1 << random.below(8),
            4 => data.truncate(at),
            5 => {
                let part = data[at..end].repeat(1 + random.below(20));
                data.splice(at..at, part);
            }
            6 => {
                let other = random.one_of(seeds);
                let from = random.below(other.len() + 1);
                data.truncate(at);
                data.extend_from_slice(&other[from..]);
            }
            _ => data.splice(at..at, random.one_of(WORDS).bytes()).for_each(drop),
        }
    }
    data.truncate(LONGEST);
    data
}

/// What has been trouble elsewhere.
const WORDS: &[&str] = &[
    "\u{feff}",
    "\u{0}",
    "%00",
    "%ff",
    "%C0%80",
    "\\ud800",
    "1e999",
    "-0",
    "9223372036854775808",
    "NaN",
    "null",
    "[[[[",
    "{\"a\":",
    "../",
    "..\\",
    "\r\n\r\n",
    "--b",
    "--b--",
    "'; --",
    "\u{202e}",
    "\u{1f600}",
    "\u{130}",
    "[0]",
    "[99999999999]",
    "%F0%9F%98%80",
    "0001-01-01",
    "9999-12-31",
    "+24:00",
    "__in=",
    "\u{661}",
];

#[test]
fn every_target_has_a_program_and_seeds() {
    let folder = checkout().join("fuzz");
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("the workspace of the targets");
    for (name, _) in fuzz::TARGETS {
        let path = format!("fuzz_targets/{name}.rs");
        let program = fs::read_to_string(folder.join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(program.contains(&format!("run(\"{name}\"")), "{path} runs another target");
        assert!(manifest.contains(&format!("path = \"{path}\"")), "{path} is not in the manifest");
        assert!(seeds(name).len() > 3, "`{name}` has few seeds");
    }
    let programs = fs::read_dir(folder.join("fuzz_targets")).expect("programs").count();
    assert_eq!(programs, fuzz::TARGETS.len(), "a program without a target");
    assert!(Path::new(&checkout().join("scripts/fuzz")).is_file());
}
