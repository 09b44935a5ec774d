//! What is read of a database is what is in it: schemas that the reference made, as they were recorded.

use std::path::Path;

use quintet_db::Connection as _;
use quintet_db::introspect::{ConstraintKind, Schema, schema};

use crate::harness::Scratch;

fn recording(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../oracle/db/schema").join(name);
    std::fs::read_to_string(path).expect("the recording")
}

async fn reference(scratch: &Scratch) -> Schema {
    let name = if scratch.is_sqlite() { "sqlite.sql" } else { "postgresql.sql" };
    scratch.db.script(&recording(name)).await.unwrap();
    // The dump empties the search path of its session.
    let fresh = crate::harness::open(&scratch.url);
    schema(&fresh).await.unwrap()
}

#[tokio::test]
async fn all_that_the_recording_defines_is_found() {
    for scratch in Scratch::each().await {
        let found = reference(&scratch).await;
        let text = recording(if scratch.is_sqlite() { "sqlite.sql" } else { "postgresql.sql" });
        let count = |word: &str| text.lines().filter(|line| line.trim_start().starts_with(word)).count();
        assert_eq!(found.tables.len(), count("CREATE TABLE"));
        let indexes: usize = found.tables.values().map(|table| table.indexes.len()).sum();
        assert_eq!(indexes, count("CREATE INDEX") + count("CREATE UNIQUE INDEX"));
        let constraints = |wanted: fn(&ConstraintKind) -> bool| {
            found.tables.values().flat_map(|table| &table.constraints).filter(|one| wanted(&one.kind)).count()
        };
        let keys = constraints(|kind| matches!(kind, ConstraintKind::ForeignKey { .. }));
        let checks = constraints(|kind| matches!(kind, ConstraintKind::Check(_)));
        let word = if scratch.is_sqlite() { " REFERENCES " } else { "FOREIGN KEY" };
        assert_eq!(keys, text.matches(word).count());
        assert_eq!(checks, text.matches("CHECK (").count());
        assert!(found.tables.values().all(|table| !table.primary_key().is_empty()));
        assert_eq!(constraints(|kind| *kind == ConstraintKind::PrimaryKey), found.tables.len());
    }
}

#[tokio::test]
async fn a_table_of_the_reference_is_read_column_by_column() {
    for scratch in Scratch::each().await {
        let found = reference(&scratch).await;
        let note = &found.tables["api_note"];
        let shown: Vec<String> = note.columns.iter().map(ToString::to_string).collect();
        let (sqlite, postgres) = (
            [
                "column id integer not null counts up",
                "column title varchar(100) not null",
                "column content text not null",
                "column created_at datetime not null",
                "column author_id integer not null",
            ],
            [
                "column id bigint not null sequence api_note_id_seq counts up",
                "column title character varying(100) not null",
                "column content text not null",
                "column created_at timestamp with time zone not null",
                "column author_id integer not null",
            ],
        );
        assert_eq!(shown, if scratch.is_sqlite() { sqlite } else { postgres });
        let key = note.constraints.iter().find(|one| matches!(one.kind, ConstraintKind::ForeignKey { .. })).unwrap();
        assert!(key.to_string().ends_with("(author_id) to auth_user (id) initially deferred"), "{key}");
        assert_eq!(note.indexes[0].to_string(), "index api_note_author_id_b2d78ed4 btree (author_id )");
    }
}

#[tokio::test]
async fn the_table_of_records_is_made_as_the_reference_makes_it() {
    for (ours, theirs) in
        [(Some(Scratch::sqlite()), Some(Scratch::sqlite())), (Scratch::postgres().await, Scratch::postgres().await)]
    {
        let (Some(ours), Some(theirs)) = (ours, theirs) else { continue };
        quintet_db::migrate::record(&ours.db, "api", "0001_initial").await.unwrap();
        let made = schema(&ours.db).await.unwrap();
        assert_eq!(made.tables["django_migrations"], reference(&theirs).await.tables["django_migrations"]);
    }
}

#[tokio::test]
async fn two_databases_with_the_same_schema_are_equal_and_a_difference_is_told() {
    for (one, other) in
        [(Some(Scratch::sqlite()), Some(Scratch::sqlite())), (Scratch::postgres().await, Scratch::postgres().await)]
    {
        let (Some(one), Some(other)) = (one, other) else { continue };
        let first = reference(&one).await;
        let second = reference(&other).await;
        assert_eq!(first, second);
        assert_eq!(first.diff(&second), "");
        let fresh = crate::harness::open(&one.url);
        fresh
            .script("CREATE TABLE quintet_own (id integer); ALTER TABLE api_note ADD COLUMN extra integer")
            .await
            .unwrap();
        let changed = schema(&fresh).await.unwrap().without_own();
        assert_eq!(second.diff(&changed), "+ api_note: column extra integer null\n");
    }
}
