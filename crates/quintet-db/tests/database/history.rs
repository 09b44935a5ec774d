//! Code in migrations: rows of models as they were.

use quintet_core::operation::words::*;
use quintet_core::operation::{Migration, Operation};
use quintet_core::schema::words::*;
use quintet_core::schema::{OnDelete, ProjectState, Value};
use quintet_db::history::{Apps, code};
use quintet_db::migrate::{Direction, Executor, Mode, Notice};
use quintet_db::{Connection as _, Db, Result};

use crate::harness::{Scratch, migrate, recorded, state_before};
use crate::migrating::named;

fn tables() -> Migration {
    named(
        "0001_initial",
        vec![
            create_model("Tag", vec![("id", big_auto().primary_key()), ("name", char(20))], options()),
            create_model(
                "Note",
                vec![
                    ("id", big_auto().primary_key()),
                    ("title", char(100)),
                    ("slug", char(100).blank().with_default("")),
                    ("done", boolean().with_default(false)),
                    ("price", decimal(8, 2).null()),
                    ("made", date_time().auto_now_add()),
                    ("day", date().null()),
                    ("took", duration().null()),
                    ("key", uuid().null()),
                    ("data", json().null()),
                    ("raw", binary().null()),
                    ("tag", foreign_key("api.Tag", OnDelete::Cascade).null()),
                ],
                options(),
            ),
            create_model(
                "Comment",
                vec![
                    ("id", big_auto().primary_key()),
                    ("note", foreign_key("api.Note", OnDelete::Cascade)),
                    ("reply", foreign_key("self", OnDelete::SetNull).null()),
                ],
                options(),
            ),
        ],
    )
}

async fn fill_slugs(apps: &Apps, db: Db<'_>) -> Result<()> {
    let notes = apps.model("api.Note")?;
    for mut note in notes.all(db).await? {
        let slug = note.text("title")?.to_lowercase().replace(' ', "-");
        note.set("slug", slug)?;
        notes.save(db, &note).await?;
    }
    Ok(())
}

async fn empty_slugs(apps: &Apps, db: Db<'_>) -> Result<()> {
    let notes = apps.model("api.Note")?;
    let mut batches = notes.batches(1);
    while let Some(batch) = batches.next(db).await? {
        for mut note in batch {
            note.set("slug", "")?;
            notes.save(db, &note).await?;
        }
    }
    Ok(())
}

async fn half(apps: &Apps, db: Db<'_>) -> Result<()> {
    apps.model("api.Tag")?.create(db, &[("name", "half".into())]).await?;
    apps.model("api.Tga").map(drop)
}

fn running(name: &str) -> Migration {
    let run = Operation::RunRust { code: code(fill_slugs), reverse: Some(code(empty_slugs)), elidable: false };
    named(name, vec![run])
}

async fn prepared(scratch: &Scratch) -> Apps {
    migrate(&scratch.db, &[tables()], Mode::Run).await.unwrap();
    let mut state = ProjectState::new("auth.User");
    tables().apply(&mut state).unwrap();
    Apps::new(state, scratch.db.dialect())
}

#[tokio::test]
async fn code_runs_forwards_and_backwards_over_the_rows() {
    for scratch in Scratch::each().await {
        let notes = prepared(&scratch).await.model("api.Note").unwrap();
        for title in ["Hello World", "Other"] {
            notes.create(&scratch.db, &[("title", title.into())]).await.unwrap();
        }
        let all = [tables(), running("0002_slugs")];
        migrate(&scratch.db, &all, Mode::Run).await.unwrap();
        let slugs = async || {
            let rows = notes.all(&scratch.db).await.unwrap();
            rows.iter().map(|row| row.text("slug").unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(slugs().await, ["hello-world", "other"]);
        let silent = |_: Notice<'_>| {};
        let executor = Executor::new(&scratch.db, &silent);
        executor.apply(&all[1], &state_before(&all), Direction::Backwards, Mode::Run).await.unwrap();
        assert_eq!(slugs().await, ["", ""]);
        assert_eq!(recorded(&scratch.db).await, ["api.0001_initial"]);
    }
}

#[tokio::test]
async fn code_that_fails_is_rolled_back_with_its_migration() {
    for scratch in Scratch::each().await {
        let run = Operation::RunRust { code: code(half), reverse: None, elidable: false };
        let error = migrate(&scratch.db, &[tables(), named("0002_half", vec![run])], Mode::Run).await.unwrap_err();
        assert!(error.to_string().contains("there is no model `api.Tga` at this point of the history"), "{error}");
        assert_eq!(scratch.count("api_tag").await, 0);
        assert_eq!(recorded(&scratch.db).await, ["api.0001_initial"]);
    }
}

#[tokio::test]
async fn values_of_all_kinds_come_back_as_they_were_given() {
    for scratch in Scratch::each().await {
        let apps = prepared(&scratch).await;
        let notes = apps.model("api.Note").unwrap();
        let tag = apps.model("api.Tag").unwrap().create(&scratch.db, &[("name", "t".into())]).await.unwrap();
        let text = |text: &str| text.to_owned();
        let given = [
            ("title", Value::Text(text("Grüße"))),
            ("done", Value::Bool(true)),
            ("price", Value::Decimal(text("10.50"))),
            ("day", Value::Date(text("2024-02-29"))),
            ("took", Value::Duration(90_000_000)),
            ("key", Value::Uuid(text("01234567-89ab-cdef-0123-456789abcdef"))),
            ("data", Value::Json(text(r#"{"a": [1, "\u00e4"]}"#))),
            ("raw", Value::Bytes(vec![0, 1])),
            ("tag", tag.pk()),
        ];
        let made = notes.create(&scratch.db, &given).await.unwrap();
        let read = notes.get(&scratch.db, made.pk()).await.unwrap();
        for (name, value) in &given {
            let wanted = match (*name, scratch.is_sqlite()) {
                ("data", false) => &Value::Json(text(r#"{"a": [1, "ä"]}"#)),
                _ => value,
            };
            assert_eq!(read.get(name).unwrap(), wanted, "{name}");
        }
        assert!(matches!(read.get("made").unwrap(), Value::DateTime(moment) if moment.starts_with("20")));
        assert_eq!(read.get("tag_id").unwrap(), read.get("tag").unwrap());
        for (name, value) in given.iter().filter(|(name, _)| *name != "data") {
            assert_eq!(notes.filter(&scratch.db, &[(name, value.clone())]).await.unwrap().len(), 1, "{name}");
        }
        assert!(notes.filter(&scratch.db, &[("price", Value::Null)]).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn rows_go_with_what_they_refer_to_as_the_relations_say() {
    for scratch in Scratch::each().await {
        let apps = prepared(&scratch).await;
        let (notes, comments) = (apps.model("api.Note").unwrap(), apps.model("api.Comment").unwrap());
        let note = notes.create(&scratch.db, &[("title", "a".into())]).await.unwrap();
        let other = notes.create(&scratch.db, &[("title", "b".into())]).await.unwrap();
        let first = comments.create(&scratch.db, &[("note", note.pk())]).await.unwrap();
        comments.create(&scratch.db, &[("note", other.pk()), ("reply", first.pk())]).await.unwrap();
        notes.delete(&scratch.db, &note).await.unwrap();
        let left = comments.all(&scratch.db).await.unwrap();
        assert_eq!(left.len(), 1);
        assert!(left[0].is_null("reply").unwrap());
    }
}

#[tokio::test]
async fn a_restricted_row_goes_with_what_refers_to_it_by_another_way() {
    let key = |to: &str, rule: OnDelete| foreign_key(to, rule).null();
    let all = [named(
        "0001_initial",
        vec![
            create_model("Shop", vec![("id", big_auto().primary_key())], options()),
            create_model(
                "Order",
                vec![("id", big_auto().primary_key()), ("shop", key("api.Shop", OnDelete::Cascade))],
                options(),
            ),
            create_model(
                "Line",
                vec![
                    ("id", big_auto().primary_key()),
                    ("shop", key("api.Shop", OnDelete::Restrict)),
                    ("order", key("api.Order", OnDelete::Cascade)),
                ],
                options(),
            ),
        ],
    )];
    for scratch in Scratch::each().await {
        migrate(&scratch.db, &all, Mode::Run).await.unwrap();
        let mut state = ProjectState::new("auth.User");
        all[0].apply(&mut state).unwrap();
        let apps = Apps::new(state, scratch.db.dialect());
        let [shops, orders, lines] = ["Shop", "Order", "Line"].map(|name| apps.model(&format!("api.{name}")).unwrap());
        let shop = shops.create(&scratch.db, &[]).await.unwrap();
        let line = lines.create(&scratch.db, &[("shop", shop.pk())]).await.unwrap();
        let refused = shops.delete(&scratch.db, &shop).await.unwrap_err();
        assert!(refused.message().contains("restricted by `Line.shop`"), "{refused}");
        lines.delete(&scratch.db, &line).await.unwrap();
        let order = orders.create(&scratch.db, &[("shop", shop.pk())]).await.unwrap();
        lines.create(&scratch.db, &[("shop", shop.pk()), ("order", order.pk())]).await.unwrap();
        shops.delete(&scratch.db, &shop).await.unwrap();
        assert_eq!(lines.count(&scratch.db).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn names_and_values_that_do_not_fit_are_errors() {
    for scratch in Scratch::each().await {
        let apps = prepared(&scratch).await;
        let notes = apps.model("api.Note").unwrap();
        let mut note = notes.create(&scratch.db, &[("title", "a".into())]).await.unwrap();
        let says = |result: Result<()>| result.unwrap_err().message().to_owned();
        assert_eq!(says(note.set("titel", "x")), "`api.Note` has no column for `titel` at this point of the history");
        assert_eq!(says(note.set("title", Value::Null)), "`api.Note.title` may not be null");
        assert_eq!(says(note.set("price", "dear")), "`api.Note.price` takes a decimal number, not `dear`");
        assert_eq!(says(note.set("id", 7)), "`api.Note.id` is the primary key of a row that there is");
        assert_eq!(says(note.int("title").map(drop)), "`api.Note.title` holds text, not a whole number");
        let missing = notes.create(&scratch.db, &[]).await.map(drop);
        assert!(missing.is_ok(), "an empty title is what the reference gives too");
        let comments = apps.model("api.Comment").unwrap();
        assert_eq!(says(comments.create(&scratch.db, &[]).await.map(drop)), "`api.Comment.note` needs a value");
    }
}

/// Each row refers to the one before it; a call for each would be more than a thread's stack holds.
#[tokio::test]
async fn a_long_chain_of_rows_goes_with_its_first() {
    let link = vec![("id", big_auto().primary_key()), ("before", foreign_key("self", OnDelete::Cascade).null())];
    let all = [named("0001_initial", vec![create_model("Link", link, options())])];
    for scratch in Scratch::each().await {
        migrate(&scratch.db, &all, Mode::Run).await.unwrap();
        let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)";
        let rows = "INSERT INTO api_link (id, before_id) SELECT i, CASE WHEN i > 1 THEN i - 1 END FROM n";
        scratch.db.script(&format!("{numbers} {rows}")).await.unwrap();
        let mut state = ProjectState::new("auth.User");
        all[0].apply(&mut state).unwrap();
        let links = Apps::new(state, scratch.db.dialect()).model("api.Link").unwrap();
        let first = links.get(&scratch.db, 1).await.unwrap();
        links.delete(&scratch.db, &first).await.unwrap();
        assert_eq!(scratch.count("api_link").await, 0);
    }
}
