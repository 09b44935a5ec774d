//! Receivers are told of rows that are written, deleted and related, and of no others.

use std::sync::Mutex;

use quintet::prelude::*;
use quintet::query::{Bulk, DbResult, ManyChange, Receiver, Saved, Saving, on};
use quintet_db::{Error, Models};

use crate::harness::{each, library, registry};
use crate::models::*;

static HEARD: Mutex<Vec<(String, String)>> = Mutex::new(vec![]);

/// Tests run side by side, so that what is heard is kept by database.
fn hear(db: Db<'_>, what: String) {
    let of = std::ptr::from_ref(db.models().expect("models").as_ref());
    HEARD.lock().expect("no test fails within").push((format!("{of:p}"), what));
}

fn heard(db: &Database) -> Vec<String> {
    let of = format!("{:p}", std::ptr::from_ref(Db::from(db).models().expect("models").as_ref()));
    let mut all = HEARD.lock().expect("no test fails within");
    let (own, others) = all.drain(..).partition(|(key, _)| *key == of);
    *all = others;
    let own: Vec<(String, String)> = own;
    own.into_iter().map(|(_, what)| what).collect()
}

async fn trim(db: Db<'_>, mut tag: Saving<'_, Tag>) -> DbResult<()> {
    let label = tag.get(|t| t.label())?;
    hear(db, format!("before {label}"));
    tag.set(|t| t.label().set(label.trim().to_owned()))
}

async fn written(db: Db<'_>, tag: Saved<'_, Tag>) -> DbResult<()> {
    if tag.label == "bad" {
        return Err(Error::other("no bad tags"));
    }
    hear(db, format!("{} {}", if tag.is_new { "new" } else { "changed" }, tag.label));
    assert!(Tag::objects().filter(|t| t.label().eq(&tag.label)).exists(db).await?);
    Ok(())
}

async fn going(db: Db<'_>, tag: &Tag) -> DbResult<()> {
    if tag.label == "kept" {
        return Err(Error::other("this one stays"));
    }
    hear(db, format!("going {}", tag.label));
    Ok(())
}

async fn gone(db: Db<'_>, tag: &Tag) -> DbResult<()> {
    hear(db, format!("gone {}", tag.label));
    Ok(())
}

async fn book_gone(db: Db<'_>, book: &Book) -> DbResult<()> {
    hear(db, format!("gone {}", book.title));
    Ok(())
}

async fn tagged(db: Db<'_>, change: ManyChange<'_>) -> DbResult<()> {
    let side = if change.is_back { "back" } else { "here" };
    hear(db, format!("{:?} {side} {}", change.action, change.keys.len()));
    Ok(())
}

fn receivers() -> Vec<Receiver> {
    vec![
        on::<Tag>().pre_save(trim),
        on::<Tag>().post_save(written),
        on::<Tag>().pre_delete(going),
        on::<Tag>().post_delete(gone),
        on::<Book>().post_delete(book_gone),
        on::<Book>().many_changed(|b| b.tags(), tagged),
    ]
}

/// The library, of whose rows the receivers are told.
async fn told(test: impl AsyncFn(&Database, &Author)) {
    each(async |db| {
        let (ann, _) = library(db).await;
        let db = db.clone().with(Models::new(registry()).with_receivers(receivers()));
        test(&db, &ann).await;
    })
    .await;
}

#[quintet::test]
async fn a_row_that_is_made_is_told_of_before_and_after() {
    told(async |db, _| {
        let tag = create!(db, Tag { label: " x " }).await.expect("a tag");
        assert_eq!((tag.label.as_str(), heard(db)), ("x", vec!["before  x ".to_owned(), "new x".to_owned()]));
        let mut tag = Tag { id: BigAuto(0), label: " y".to_owned() };
        tag.save(db).await.expect("written");
        assert_eq!((tag.label.as_str(), heard(db)), ("y", vec!["before  y".to_owned(), "new y".to_owned()]));
        tag.label = "z ".to_owned();
        tag.save(db).await.expect("written");
        assert_eq!(heard(db), ["before z ", "changed z"]);
        assert!(Tag::objects().filter(|t| t.label().eq("z")).exists(db).await.expect("known"));
    })
    .await;
}

#[quintet::test]
async fn a_row_in_part_is_told_of_as_a_whole_one() {
    told(async |db, _| {
        create!(db, Tag { label: "x" }).await.expect("a tag");
        heard(db);
        let mut tag = Tag::objects().only(|t| t.id()).filter(|t| t.label().eq("x")).get(db).await.expect("a tag");
        tag.save(db).await.expect("nothing to write");
        assert!(heard(db).is_empty());
        tag.set(|t| t.label().set(" y")).expect("a field");
        tag.save(db).await.expect("written");
        assert_eq!(heard(db), ["before  y", "changed y"]);
        assert_eq!(tag.get(|t| t.label()).expect("is known"), "y");
        tag.set(|t| t.label().set(t.label().upper())).expect("a field");
        let error = tag.save(db).await.expect_err("receivers are told values");
        assert!(error.message().contains("receivers are told of whole rows"), "{error}");
        tag.set(|t| t.label().set("bad")).expect("a field");
        assert_eq!(tag.save(db).await.expect_err("refused").message(), "no bad tags");
        assert!(Tag::objects().filter(|t| t.label().eq("y")).exists(db).await.expect("an answer"));
    })
    .await;
}

#[quintet::test]
async fn a_receiver_that_fails_undoes_what_it_is_told_of() {
    told(async |db, _| {
        let error = create!(db, Tag { label: "bad" }).await.expect_err("refused");
        assert_eq!(error.message(), "no bad tags");
        let mut tag = Tag { id: BigAuto(0), label: "bad".to_owned() };
        tag.save(db).await.expect_err("refused");
        assert!(!Tag::objects().filter(|t| t.label().eq("bad")).exists(db).await.expect("known"));
        let kept = create!(db, Tag { label: "kept" }).await.expect("a tag");
        Tag::objects().delete(db).await.expect_err("refused");
        assert_eq!(Tag::objects().count(db).await.expect("a number"), 3);
        assert!(kept.delete(db).await.is_err());
    })
    .await;
}

#[quintet::test]
async fn rows_that_are_found_or_made_are_told_of_where_they_are_written() {
    told(async |db, _| {
        Tag::objects().get_or_create(db, |t| t.label().set("new"), |_| ()).await.expect("found");
        assert_eq!(heard(db), Vec::<String>::new());
        Tag::objects().get_or_create(db, |t| t.label().set("a"), |_| ()).await.expect("made");
        Tag::objects().update_or_create(db, |t| t.label().set("a"), |t| t.label().set("b")).await.expect("changed");
        assert_eq!(heard(db), ["before a", "new a", "before b", "changed b"]);
    })
    .await;
}

#[quintet::test]
async fn rows_that_go_are_told_of_by_themselves_or_with_others() {
    told(async |db, ann| {
        let mut tags = Tag::objects().order_by(|t| t.id().asc()).all(db).await.expect("tags");
        tags.remove(0).delete(db).await.expect("gone");
        assert_eq!(heard(db), ["going new", "gone new"]);
        Tag::objects().delete(db).await.expect("gone");
        assert_eq!(heard(db), ["going old", "gone old"]);
        ann.delete(db).await.expect("gone");
        assert_eq!(heard(db), ["gone First", "gone Second"]);
    })
    .await;
}

#[quintet::test]
async fn a_relation_of_many_is_told_of_from_both_sides() {
    told(async |db, ann| {
        let book = ann.books().filter(|b| b.title().eq("Second")).get(db).await.expect("a book");
        let tags = Tag::objects().order_by(|t| t.id().asc()).all(db).await.expect("tags");
        book.tags.add(db, [&tags[0], &tags[1]]).await.expect("added");
        assert_eq!(heard(db), ["PreAdd here 1", "PostAdd here 1"]);
        book.tags.add(db, [&tags[0]]).await.expect("it is there");
        assert_eq!(heard(db), ["PreAdd here 0", "PostAdd here 0"]);
        book.tags.set(db, [&tags[0]]).await.expect("one goes");
        assert_eq!(heard(db), ["PreRemove here 1", "PostRemove here 1"]);
        tags[0].books().remove(db, [&book]).await.expect("the other goes");
        assert_eq!(heard(db), ["PreRemove back 1", "PostRemove back 1"]);
        book.tags.clear(db).await.expect("none is left");
        assert_eq!(heard(db), ["PreClear here 0", "PostClear here 0"]);
    })
    .await;
}

#[quintet::test]
async fn statements_that_touch_many_rows_tell_nobody() {
    told(async |db, _| {
        Tag::objects().update(db, |t| t.label().set(t.label().concat("!"))).await.expect("changed");
        let mut rows = [Tag { id: BigAuto(0), label: " a".to_owned() }];
        Tag::objects().bulk_create(db, &mut rows).await.expect("made");
        Tag::objects().bulk_create_with(db, &mut [], Bulk::default()).await.expect("nothing");
        Tag::objects().bulk_update(db, &rows, |t| t.label()).await.expect("changed");
        let mut tag = Tag::objects().filter(|t| t.label().eq(" a")).get(db).await.expect("a tag");
        tag.update(db, |t| t.label().set("b ")).await.expect("changed");
        assert_eq!((tag.label.as_str(), heard(db)), ("b ", vec![]));
    })
    .await;
}

mod signalled {
    use super::*;

    #[derive(Model, Debug, Clone)]
    pub struct Lamp {
        pub id: BigAuto,
        pub is_on: bool,
    }

    async fn refuse(_: Db<'_>, lamp: Saving<'_, Lamp>) -> DbResult<()> {
        Err(Error::other(format!("no lamp is {}", if lamp.get(|l| l.is_on())? { "on" } else { "off" })))
    }

    quintet::app! { signalled, models = [Lamp], signals = [on::<Lamp>().pre_save(refuse)] }
}

#[quintet::test]
async fn the_receivers_of_an_app_are_those_of_the_database_of_its_project() {
    use signalled::Lamp;
    let settings = quintet::Settings {
        installed_apps: vec![signalled::app()],
        database: quintet_core::database_url::DatabaseUrl::parse("DATABASE_URL", "sqlite://:memory:").expect("a URL"),
        ..quintet::Settings::default()
    };
    let db = quintet::database(&settings).expect("models");
    let error = create!(&db, Lamp { is_on: true }).await.expect_err("refused");
    assert_eq!(error.message(), "no lamp is on");
}
