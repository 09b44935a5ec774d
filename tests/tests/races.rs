//! Several processes that migrate one database at once, and processes that are killed while they do.
//!
//! Whatever happens, every migration is done once and whole. What cannot be whole says so, and both ways out of it work.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use quintet_db::introspect::Schema;
use quintet_tests::databases::{Scratch, each};
use quintet_tests::steps::{FIRST_STEP, LAST_STEP, POINTS, STEPS, UNDO};
use quintet_tests::support::{Folder, Random, Said, command, run, run_unless_killed, scale, soaked};

const PROCESSES: usize = 8;

/// The program with the thirty operations, upon a database.
fn walk(database: &Scratch, words: &[&str]) -> Command {
    let mut command = command(env!("CARGO_BIN_EXE_migrating"));
    command.args(words).env("SHAPE", "walk").env("DATABASE_URL", &database.url);
    command
}

fn another(kind: &Scratch) -> Scratch {
    if kind.is_sqlite() { Scratch::sqlite() } else { Scratch::postgres().expect("there was one before") }
}

/// Runs all at once, each in a thread.
fn at_once(commands: Vec<Command>) -> Vec<Said> {
    let threads: Vec<_> = commands.into_iter().map(|mut command| thread::spawn(move || run(&mut command))).collect();
    threads.into_iter().map(|thread| thread.join().expect("a process that ends")).collect()
}

#[test]
fn eight_that_migrate_at_once_all_succeed_and_each_migration_is_done_once() {
    let started = Instant::now();
    let rounds = if scale() == 1 { 3 } else { 20 };
    for kind in each() {
        let alone = another(&kind);
        assert_eq!(alone.manage(&["migrate"]).code, 0);
        for _ in 0..rounds {
            let database = another(&kind);
            let commands = (0..PROCESSES).map(|_| {
                let mut command = database.conformance();
                command.arg("migrate");
                command
            });
            for said in at_once(commands.collect()) {
                assert_eq!(said.code, 0, "{said:?}");
            }
            assert_eq!(database.recorded(), alone.recorded());
            assert_eq!(alone.schema().diff(&database.schema()), "");
            let rows = |database: &Scratch, sql: &str| {
                let mut rows = database.rows(sql);
                rows.sort();
                rows
            };
            for sql in [
                "SELECT app_label, model FROM django_content_type",
                "SELECT t.app_label, t.model, p.codename, p.name FROM auth_permission p \
                 JOIN django_content_type t ON t.id = p.content_type_id",
            ] {
                assert_eq!(rows(&database, sql), rows(&alone, sql));
            }
            let again = database.manage(&["migrate"]);
            assert!(again.out.contains("No migrations to apply."), "{again:?}");
        }
        soaked("eight_that_migrate_at_once", rounds * PROCESSES, started);
    }
}

/// A process that migrates and waits in the middle of it, and the file that it makes then.
fn holding(database: &Scratch, point: usize, milliseconds: u32, folder: &Folder) -> Child {
    let mark = folder.path().join("mark");
    let mut holder = walk(database, &["migrate"]);
    holder.env("WAIT_AT", point.to_string()).env("WAIT_FOR", milliseconds.to_string()).env("MARK", &mark);
    let holder = holder.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a process");
    let end = Instant::now() + Duration::from_secs(30);
    while !mark.exists() {
        assert!(Instant::now() < end, "the holder is never there");
        thread::sleep(Duration::from_millis(5));
    }
    holder
}

const WAITING: &str = "another process is migrating this database; waiting";

#[test]
fn who_waits_for_another_says_so() {
    for database in each() {
        let folder = Folder::new("mark");
        let mut holder = holding(&database, 1, 1500, &folder);
        let all = at_once((0..3).map(|_| walk(&database, &["migrate"])).collect());
        assert!(holder.wait().expect("a child of ours").success());
        for said in all {
            assert_eq!(said.code, 0, "{said:?}");
            assert!(said.err.contains(WAITING), "{said:?}");
            assert!(said.out.contains("0001_initial... already done by another process"), "{said:?}");
        }
    }
}

#[test]
fn a_holder_that_is_killed_keeps_nobody() {
    for database in each() {
        let folder = Folder::new("mark");
        let mut holder = holding(&database, 3, 600_000, &folder);
        let waiter = {
            let mut command = walk(&database, &["migrate"]);
            thread::spawn(move || run(&mut command))
        };
        thread::sleep(Duration::from_millis(800));
        assert!(!waiter.is_finished(), "the other waits");
        holder.kill().expect("a child of ours");
        holder.wait().expect("a child of ours");
        let killed = Instant::now();
        let said = waiter.join().expect("a process that ends");
        assert_eq!(said.code, 0, "{said:?}");
        assert!(
            killed.elapsed() < Duration::from_secs(9),
            "no time of a holder was waited for: {:?}",
            killed.elapsed()
        );
        assert!(end_of(&database) == uninterrupted(&database), "{said:?}");
    }
}

/// All that counts after a run: the tables, their rows, and what is recorded.
type End = (Schema, Vec<String>, Vec<String>);

fn end_of(database: &Scratch) -> End {
    let tables = ["walk_shelf", "walk_item", "walk_mark", "walk_item_marks", "walk_extra"];
    (database.schema(), database.content(&tables), database.recorded())
}

fn uninterrupted(kind: &Scratch) -> End {
    let database = another(kind);
    let said = run(&mut walk(&database, &["migrate"]));
    assert_eq!(said.code, 0, "{said:?}");
    let end = end_of(&database);
    assert_eq!(end.2.len(), 5);
    assert_eq!(end.1.len(), 3 + 29 + 3 + 1, "rows: {:#?}", end.1);
    end
}

fn die_at(database: &Scratch, point: usize) {
    let said = run_unless_killed(walk(database, &["migrate"]).env("DIE_AT", point.to_string()));
    assert!(said.is_err(), "it is not killed at point {point}: {said:?}");
}

#[test]
fn a_run_that_is_killed_at_any_operation_is_completed_by_the_next() {
    let started = Instant::now();
    for kind in each() {
        let wanted = uninterrupted(&kind);
        for point in (1..=POINTS).filter(|point| !(FIRST_STEP..=LAST_STEP).contains(point)) {
            let database = another(&kind);
            die_at(&database, point);
            let said = run(&mut walk(&database, &["migrate"]));
            assert_eq!(said.code, 0, "after point {point}: {said:?}");
            assert!(end_of(&database) == wanted, "after point {point}: {}", wanted.0.diff(&database.schema()));
        }
        let database = another(&kind);
        let beyond = run_unless_killed(walk(&database, &["migrate"]).env("DIE_AT", (POINTS + 1).to_string()));
        assert!(beyond.is_ok(), "there are more points than are tried");
    }
    soaked("killed_at_any_operation", POINTS, started);
}

/// The way back from the last migration has as many points as the way there.
#[test]
fn a_way_back_that_is_killed_at_any_operation_is_completed_by_the_next() {
    let back = ["migrate", "walk", "0004"];
    for kind in each() {
        let complete = || {
            let database = another(&kind);
            does(&database, &["migrate"]);
            database
        };
        let undone = complete();
        does(&undone, &back);
        for point in 1..=POINTS - LAST_STEP {
            let database = complete();
            let died = run_unless_killed(walk(&database, &back).env("DIE_AT", point.to_string()));
            assert!(died.is_err(), "{died:?}");
            does(&database, &back);
            let [end, wanted] = [&database, &undone].map(|one| (one.schema(), one.recorded()));
            assert!(end == wanted, "at {point}: {}", wanted.0.diff(&end.0));
        }
    }
}

/// A refusal names the operation and both ways out.
fn assert_refused(said: &Said, point: usize) {
    assert_eq!(said.code, 1, "{said:?}");
    let operation = 2 * (point - FIRST_STEP) + 2;
    for part in [
        "the migration `walk.0004_steps` was not begun: the migration `walk.0004_steps`, begun at ",
        &format!(" was interrupted at operation {operation}, "),
        "it is not atomic and cannot be resumed by itself",
        "`migrate walk 0004_steps --fake`",
        "`migrate walk 0004_steps --forget-progress`",
    ] {
        assert!(said.err.contains(part), "`{part}` is not said: {said:?}");
    }
}

fn does(database: &Scratch, words: &[&str]) {
    let said = run(&mut walk(database, words));
    assert_eq!(said.code, 0, "{said:?}");
}

/// Killed at a point of the migration that is not atomic, and got out of by one of the ways.
fn killed_at_a_step(kind: &Scratch, point: usize, way_out: fn(&Scratch, usize)) {
    let wanted = uninterrupted(kind);
    let database = another(kind);
    die_at(&database, point);
    let before = (database.schema(), database.recorded());
    let refused = run(&mut walk(&database, &["migrate"]));
    assert_refused(&refused, point);
    assert!((database.schema(), database.recorded()) == before, "the refusal changed something");
    way_out(&database, point);
    does(&database, &["migrate"]);
    assert!(end_of(&database) == wanted, "after point {point}: {}", wanted.0.diff(&database.schema()));
}

/// Each in a thread: on SQLite the next one waits until the dead one's time is over.
fn at_every_step(way_out: fn(&Scratch, usize)) {
    for kind in each() {
        thread::scope(|scope| {
            for point in FIRST_STEP..=LAST_STEP {
                let kind = &kind;
                scope.spawn(move || killed_at_a_step(kind, point, way_out));
            }
        });
    }
}

#[test]
fn what_is_not_atomic_is_undone_by_hand_and_begun_anew_with_forget_progress() {
    at_every_step(|database, _| {
        database.script(UNDO);
        let said = run(&mut walk(database, &["migrate", "walk", "0004", "--forget-progress"]));
        assert_eq!(said.code, 0, "{said:?}");
        assert!(said.out.contains("The progress of walk.0004_steps is forgotten"), "{said:?}");
    });
}

#[test]
fn what_is_not_atomic_is_finished_by_hand_and_recorded_with_fake() {
    at_every_step(|database, point| {
        for sql in &STEPS[point - FIRST_STEP + 1..] {
            database.script(sql);
        }
        does(database, &["migrate", "walk", "0004", "--fake"]);
    });
}

#[test]
fn a_run_that_is_killed_at_any_moment_is_completed_by_the_next() {
    let started = Instant::now();
    let mut chance = Random::of("killed at any moment");
    let rounds = 6 * scale().min(40);
    for kind in each() {
        let wanted = uninterrupted(&kind);
        let usual = {
            let (database, begun) = (another(&kind), Instant::now());
            does(&database, &["migrate"]);
            begun.elapsed()
        };
        let mut kills = 0;
        for _ in 0..rounds {
            let database = another(&kind);
            // One and the same database loses its process several times.
            for _ in 0..3 {
                let moment = usual.mul_f64(chance.below(800) as f64 / 1000.0);
                let mut process = walk(&database, &["migrate"])
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .expect("a process");
                thread::sleep(moment);
                kills += usize::from(process.try_wait().expect("a child of ours").is_none());
                process.kill().expect("a child of ours");
                process.wait().expect("a child of ours");
                get_out(&database);
            }
            let said = run(&mut walk(&database, &["migrate"]));
            assert_eq!(said.code, 0, "{said:?}");
            assert!(end_of(&database) == wanted, "{}\n{said:?}", wanted.0.diff(&database.schema()));
        }
        assert!(kills > rounds / 2, "few were killed before their end: {kills}");
        soaked("killed_at_any_moment", kills, started);
    }
}

/// Where the migration that is not atomic was met, it is undone by hand. That it waits for the dead one's time on SQLite
/// is proven elsewhere: here that time is over at once.
fn get_out(database: &Scratch) {
    let tables = database.tables();
    if !tables.contains(&"quintet_migration_progress".to_owned()) {
        return;
    }
    if !database.rows("SELECT name FROM quintet_migration_progress").is_empty() {
        database.script(UNDO);
        does(database, &["migrate", "walk", "0004", "--forget-progress"]);
    }
    if database.is_sqlite() {
        database.script("UPDATE quintet_migration_lock SET holder = NULL, expires = NULL");
    }
}
