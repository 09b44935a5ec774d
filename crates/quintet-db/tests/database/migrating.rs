//! Migrations with their records: whole or not at all, forwards and backwards, faked, interrupted.

use std::time::{Duration, UNIX_EPOCH};

use quintet_core::operation::words::*;
use quintet_core::operation::{Migration, Operation};
use quintet_core::schema::words::*;
use quintet_db::Connection as _;
use quintet_db::introspect::schema;
use quintet_db::migrate::{Direction, Executor, Mode, Notice, Outcome, forget, unfinished};

use crate::harness::{Heard, Scratch, migrate, recorded, state_before};

pub(crate) fn named(name: &str, operations: Vec<Operation>) -> Migration {
    let mut migration = Migration::new(name).operations(operations);
    migration.app = "api".to_owned();
    migration
}

pub(crate) fn initial() -> Migration {
    named(
        "0001_initial",
        vec![create_model(
            "Note",
            vec![("id", big_auto().primary_key()), ("title", char(100)), ("slug", char(20).unique())],
            options(),
        )],
    )
}

fn sql(statements: &[&str]) -> Operation {
    Operation::RunSql {
        sql: statements.iter().map(|sql| (*sql).to_owned()).collect(),
        reverse: Some(vec![]),
        state: vec![],
        elidable: false,
    }
}

fn broken() -> Migration {
    let second = add_field("Note", "body", text().null());
    let mut migration = named("0002_broken", vec![second, sql(&["INSERT INTO nowhere VALUES (1)"])]);
    migration.file = Some("src/api/migrations/m0002_broken.rs".to_owned());
    migration
}

#[tokio::test]
async fn a_migration_makes_its_tables_and_its_record_and_is_undone_with_it() {
    for scratch in Scratch::each().await {
        let before = schema(&scratch.db).await.unwrap();
        assert_eq!(migrate(&scratch.db, &[initial()], Mode::Run).await.unwrap(), [Outcome::Done]);
        assert_eq!(recorded(&scratch.db).await, ["api.0001_initial"]);
        let made = schema(&scratch.db).await.unwrap();
        assert_eq!(made.tables["api_note"].columns.len(), 3);
        assert_eq!(migrate(&scratch.db, &[initial()], Mode::Run).await.unwrap(), [Outcome::Already]);
        let silent = |_: Notice<'_>| {};
        let executor = Executor::new(&scratch.db, &silent);
        let state = state_before(&[initial()]);
        let undone = executor.apply(&initial(), &state, Direction::Backwards, Mode::Run).await.unwrap();
        assert_eq!(undone, Outcome::Done);
        assert!(recorded(&scratch.db).await.is_empty());
        let mut after = schema(&scratch.db).await.unwrap().without_own();
        after.tables.remove("django_migrations");
        assert_eq!(after, before);
    }
}

#[tokio::test]
async fn a_failing_operation_leaves_no_trace_and_is_named() {
    for scratch in Scratch::each().await {
        migrate(&scratch.db, &[initial()], Mode::Run).await.unwrap();
        let before = schema(&scratch.db).await.unwrap();
        let error = migrate(&scratch.db, &[initial(), broken()], Mode::Run).await.unwrap_err();
        let text = error.to_string();
        for part in [
            "the migration `api.0002_broken` failed at operation 2 of 2, `Raw SQL operation`",
            "nowhere",
            "file: src/api/migrations/m0002_broken.rs",
            "sql: INSERT INTO nowhere VALUES (1)",
            "hint: nothing was changed",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(schema(&scratch.db).await.unwrap(), before);
        assert_eq!(recorded(&scratch.db).await, ["api.0001_initial"]);
    }
}

#[tokio::test]
async fn a_reference_that_does_not_hold_at_the_end_is_refused() {
    for scratch in Scratch::each().await {
        let tables = named(
            "0001_initial",
            vec![
                create_model("A", vec![("id", big_auto().primary_key())], options()),
                create_model(
                    "B",
                    vec![
                        ("id", big_auto().primary_key()),
                        ("a", foreign_key("api.A", quintet_core::schema::OnDelete::Cascade)),
                    ],
                    options(),
                ),
                sql(&["INSERT INTO api_b (id, a_id) VALUES (1, 99)"]),
            ],
        );
        let error = migrate(&scratch.db, &[tables], Mode::Run).await.unwrap_err();
        let kind = error.source.as_ref().map(quintet_db::Error::kind);
        assert_eq!(kind, Some(quintet_db::ErrorKind::ForeignKey), "{error}");
        assert!(!schema(&scratch.db).await.unwrap().tables.contains_key("api_b"));
        let rows = scratch.db.query("SELECT 1 AS one", &[]).await.unwrap();
        assert_eq!(rows.len(), 1);
    }
}

#[tokio::test]
async fn a_faked_migration_is_recorded_and_nothing_else() {
    for scratch in Scratch::each().await {
        assert_eq!(migrate(&scratch.db, &[initial()], Mode::Fake).await.unwrap(), [Outcome::Faked]);
        assert_eq!(recorded(&scratch.db).await, ["api.0001_initial"]);
        assert!(!schema(&scratch.db).await.unwrap().tables.contains_key("api_note"));
    }
}

#[tokio::test]
async fn an_initial_migration_is_faked_where_its_tables_are_there() {
    for scratch in Scratch::each().await {
        scratch.db.script("CREATE TABLE api_note (id integer)").await.unwrap();
        assert_eq!(migrate(&scratch.db, &[initial()], Mode::FakeInitial).await.unwrap(), [Outcome::Faked]);
    }
    for scratch in Scratch::each().await {
        assert_eq!(migrate(&scratch.db, &[initial()], Mode::FakeInitial).await.unwrap(), [Outcome::Done]);
    }
}

#[tokio::test]
async fn a_migration_that_stands_for_others_records_them() {
    for scratch in Scratch::each().await {
        let mut squashed = initial();
        squashed.replaces = vec![("api".to_owned(), "0001_a".to_owned()), ("api".to_owned(), "0002_b".to_owned())];
        migrate(&scratch.db, &[squashed.clone()], Mode::Run).await.unwrap();
        assert_eq!(recorded(&scratch.db).await, ["api.0001_a", "api.0002_b"]);
        assert_eq!(migrate(&scratch.db, &[squashed], Mode::Run).await.unwrap(), [Outcome::Already]);
    }
}

#[tokio::test]
async fn a_migration_that_is_not_atomic_says_so_and_leaves_no_progress_when_it_ends() {
    for scratch in Scratch::each().await {
        let mut first = initial();
        first.atomic = false;
        let heard = Heard::default();
        let tell = heard.tell();
        let state = state_before(&[first.clone()]);
        Executor::new(&scratch.db, &tell).apply(&first, &state, Direction::Forwards, Mode::Run).await.unwrap();
        let said = heard.0.lock().unwrap().clone();
        let wanted =
            "the migration `api.0001_initial` is not atomic: if it is interrupted, it cannot be resumed by itself";
        assert_eq!(said, [wanted]);
        assert_eq!(recorded(&scratch.db).await, ["api.0001_initial"]);
        assert_eq!(unfinished(&scratch.db).await.unwrap(), None);
        // Nobody holds anything any more.
        assert_eq!(migrate(&scratch.db, &[first], Mode::Run).await.unwrap(), [Outcome::Already]);
    }
}

#[tokio::test]
async fn after_a_migration_that_is_not_atomic_failed_the_next_one_names_both_ways_out() {
    for scratch in Scratch::each().await {
        let mut second = broken();
        second.atomic = false;
        let all = [initial(), second];
        let error = migrate(&scratch.db, &all, Mode::Run).await.unwrap_err();
        assert!(error.hint.contains("`migrate api 0002_broken --fake`"), "{error}");
        let error = migrate(&scratch.db, &all, Mode::Run).await.unwrap_err().to_string();
        for part in [
            "the migration `api.0002_broken` was not begun: ",
            "at operation 2, `Raw SQL operation`",
            "`migrate api 0002_broken --fake`",
            "--forget-progress",
        ] {
            assert!(error.contains(part), "{error}");
        }
        assert_eq!(recorded(&scratch.db).await, ["api.0001_initial"]);
        if scratch.is_sqlite() {
            assert!(forget(&scratch.db, "api", "0002_broken").await.unwrap());
        } else {
            assert_eq!(migrate(&scratch.db, &all, Mode::Fake).await.unwrap(), [Outcome::Already, Outcome::Faked]);
            assert_eq!(recorded(&scratch.db).await, ["api.0001_initial", "api.0002_broken"]);
        }
        assert_eq!(unfinished(&scratch.db).await.unwrap(), None);
    }
}

#[tokio::test]
async fn sql_that_ends_the_transaction_of_its_migration_is_an_error_that_tells_what_is_kept() {
    for scratch in Scratch::each().await {
        let add = || add_field("Note", "body", text().null());
        let second = named("0002_ended", vec![add(), sql(&["COMMIT"]), add_field("Note", "more", text().null())]);
        let all = [initial(), second];
        let error = migrate(&scratch.db, &all, Mode::Run).await.unwrap_err().to_string();
        for part in [
            "the migration `api.0002_ended` failed at operation 2 of 3, `Raw SQL operation`",
            "it ended the transaction of the migration, by `COMMIT` or `ROLLBACK`",
            "`.not_atomic()`",
            "is kept, and the migration is not recorded",
            "`migrate api 0002_ended --fake`",
            "`migrate api 0002_ended --forget-progress`",
        ] {
            assert!(error.contains(part), "{part} is not in {error}");
        }
        assert!(!error.contains("nothing was changed"), "{error}");
        let columns = schema(&scratch.db).await.unwrap().tables["api_note"].columns.len();
        assert_eq!((columns, recorded(&scratch.db).await), (4, vec!["api.0001_initial".to_owned()]));
        let error = migrate(&scratch.db, &all, Mode::Run).await.unwrap_err().to_string();
        assert!(error.contains("was not begun: ") && error.contains("at operation 2"), "{error}");
    }
}

#[tokio::test]
async fn no_way_to_end_the_transaction_of_a_migration_is_missed() {
    for scratch in Scratch::each().await {
        migrate(&scratch.db, &[initial()], Mode::Run).await.unwrap();
        for statement in ["COMMIT; BEGIN", "ROLLBACK", "COMMIT; INSERT INTO nowhere VALUES (1)"] {
            let migration = named("0002_ended", vec![sql(&[statement])]);
            let error = migrate(&scratch.db, &[initial(), migration], Mode::Run).await.unwrap_err().to_string();
            assert!(error.contains("it ended the transaction"), "{statement}: {error}");
            assert_eq!(error.contains("then it failed: "), statement.contains("nowhere"), "{error}");
            assert!(forget(&scratch.db, "api", "0002_ended").await.unwrap());
            assert_eq!(recorded(&scratch.db).await, ["api.0001_initial"]);
        }
        let fine = named("0002_fine", vec![sql(&["SAVEPOINT a; DELETE FROM api_note; RELEASE SAVEPOINT a"])]);
        assert!(migrate(&scratch.db, &[initial(), fine], Mode::Run).await.is_ok());
    }
}

/// PostgreSQL has two indexes for such a column; both go before the new ones come, as in the reference.
#[tokio::test]
async fn a_text_with_an_index_can_become_unique() {
    for scratch in Scratch::each().await {
        let made = named(
            "0001_initial",
            vec![create_model("Tag", vec![("id", big_auto().primary_key()), ("word", char(20).db_index())], options())],
        );
        let altered = named("0002_unique", vec![alter_field("Tag", "word", char(20).db_index().unique())]);
        migrate(&scratch.db, &[made, altered], Mode::Run).await.unwrap();
        let table = schema(&scratch.db).await.unwrap().tables["api_tag"].clone();
        let names: Vec<&str> = table.indexes.iter().map(|index| index.name.as_str()).collect();
        let has_second = names.iter().any(|name| name.ends_with("_like"));
        assert_eq!((names.len(), has_second), if scratch.is_sqlite() { (0, false) } else { (1, true) }, "{names:?}");
    }
}

/// Rows that are there already get the moment in UTC, and the day and the time of day that the project's clocks show.
#[tokio::test]
async fn a_new_column_with_the_day_of_its_making_has_that_of_the_project() {
    // 2024-01-31 23:30:00 in UTC. The clock is this thread's.
    quintet_db::set_time(Some(UNIX_EPOCH + Duration::from_secs(1_706_743_800)));
    let second = vec![
        add_field("Note", "made_on", date().auto_now_add()),
        add_field("Note", "made_at", time().auto_now()),
        add_field("Note", "made", date_time().auto_now_add()),
    ];
    let second = named("0002_made", second);
    for (zone, day, time) in [("UTC", "2024-01-31", "23:30:00"), ("Europe/Berlin", "2024-02-01", "00:30:00")] {
        for scratch in Scratch::each().await {
            migrate(&scratch.db, &[initial()], Mode::Run).await.unwrap();
            scratch.execute("INSERT INTO api_note (title, slug) VALUES ('a', 'a')", &[]).await.unwrap();
            let silent = |_: Notice<'_>| {};
            let executor = Executor::new(&scratch.db, &silent).in_zone(zone);
            let state = state_before(&[initial(), second.clone()]);
            executor.apply(&second, &state, Direction::Forwards, Mode::Run).await.unwrap();
            let shown =
                "SELECT CAST(made_on AS text) AS d, CAST(made_at AS text) AS t, CAST(made AS text) AS m FROM api_note";
            let rows = scratch.db.query(shown, &[]).await.unwrap();
            let [on, at, moment] = ["d", "t", "m"].map(|column| rows[0].text(column).unwrap());
            assert_eq!((on, at), (day, time), "{zone}");
            assert!(moment.starts_with("2024-01-31 23:30:00"), "{zone}: {moment}");
        }
    }
}
