//! Projects whose migrations go wrong in all ways, for the end-to-end tests. `SHAPE` says which one.
//!
//! Each is a module: an app as a project would have it. The code that dies, waits and counts is in `points`.

use quintet::prelude::*;
use quintet::settings::*;

fn main() -> quintet::ExitCode {
    quintet::manage(settings)
}

fn settings(env: &Env) -> Settings {
    let shape: String = env.text("SHAPE", "walk");
    let app = match shape.as_str() {
        "walk" => walk::app(),
        "branches" => branches::app(),
        "keyless" => keyless::app(),
        "required" => required::app(),
        "one_way" => one_way::app(),
        "failing" => failing::app(),
        "missing" => missing::app(),
        "edited" => edited::app(),
        "names" => names::app(),
        _ => {
            env.problem(
                "SHAPE",
                format!("is {shape:?}, and there is no such project"),
                "read the modules of this file",
            );
            walk::app()
        }
    };
    Settings {
        secret_key: "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz".into(),
        allowed_hosts: vec!["localhost".into()],
        installed_apps: vec![app],
        database: env.database("DATABASE_URL", "sqlite::memory:"),
        urls: || urls![],
        ..Settings::default()
    }
}

/// Points of a migration at which the tests interfere.
mod points {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use quintet::migrations::*;

    /// An operation that only counts: at the point `DIE_AT` the process is killed, at the point `WAIT_AT` it makes the
    /// file `MARK` and waits for `WAIT_FOR` milliseconds.
    pub(crate) fn point() -> Operation {
        run(reached).reverse(reached)
    }

    async fn reached(_: &Apps, _: Db<'_>) -> Result<()> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let here = COUNT.fetch_add(1, Ordering::Relaxed) + 1;
        if number("DIE_AT") == Some(here) {
            let killed = std::process::Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
            panic!("this process should be dead: {killed:?}");
        }
        if number("WAIT_AT") == Some(here) {
            if let Ok(mark) = std::env::var("MARK") {
                std::fs::write(mark, "here").expect("the test's folder");
            }
            tokio::time::sleep(Duration::from_millis(number("WAIT_FOR").unwrap_or(1000) as u64)).await;
        }
        Ok(())
    }

    pub(crate) fn number(name: &str) -> Option<usize> {
        std::env::var(name).ok()?.parse().ok()
    }
}

/// Some thirty operations of all kinds, with rows in the tables, one migration of them not atomic.
mod walk {
    use quintet::migrations::*;
    use quintet_tests::steps::STEPS;

    use super::points::point;

    quintet::app! {
        walk,
        migrations = vec![initial(), rows(), more(), steps(), last()],
    }

    fn initial() -> Migration {
        let id = || ("id", big_auto().primary_key());
        Migration::new("0001_initial").initial().operations(vec![
            create_model("Shelf", vec![id(), ("name", char(20).unique())], options()),
            point(),
            create_model(
                "Item",
                vec![
                    id(),
                    ("name", char(20)),
                    ("amount", integer().with_default(1)),
                    ("shelf", foreign_key("walk.Shelf", OnDelete::Cascade).related_name("items")),
                ],
                options().ordering(&["name"]),
            ),
            create_model("Label", vec![id(), ("text", text())], options()),
            point(),
        ])
    }

    fn rows() -> Migration {
        Migration::new("0002_rows").depends_on("walk", "0001_initial").operations(vec![
            run(fill).reverse(nothing),
            point(),
            run_sql(&["UPDATE walk_item SET amount = amount + 1"]).reverse_sql(&[]),
            point(),
        ])
    }

    async fn fill(apps: &Apps, db: Db<'_>) -> Result<()> {
        let (shelves, items, labels) = (apps.model("walk.Shelf")?, apps.model("walk.Item")?, apps.model("walk.Label")?);
        // With keys of their own: a sequence of PostgreSQL does not go back with its transaction.
        for number in 0..3_i64 {
            let shelf = shelves.create(db, &[key(number), ("name", format!("shelf {number}").into())]).await?;
            for other in number * 10..number * 10 + 10 {
                items
                    .create(db, &[key(other), ("name", format!("item {other}").into()), ("shelf", shelf.pk())])
                    .await?;
            }
            labels.create(db, &[key(number), ("text", format!("label {number}").into())]).await?;
        }
        Ok(())
    }

    fn key(number: i64) -> (&'static str, Value) {
        ("id", (number + 1).into())
    }

    fn more() -> Migration {
        Migration::new("0003_more").depends_on("walk", "0002_rows").operations(vec![
            add_field("item", "slug", char(40).with_default("")),
            point(),
            run(fill_slugs).reverse(nothing),
            point(),
            alter_field("item", "name", char(200).null()),
            point(),
            add_index("item", index(&["slug", "-name"]).name("walk_item_slug")),
            rename_field("item", "amount", "count"),
            point(),
            add_constraint("item", check("walk_item_count", q("count__gte", 0))),
            point(),
        ])
    }

    async fn fill_slugs(apps: &Apps, db: Db<'_>) -> Result<()> {
        let items = apps.model("walk.Item")?;
        for mut item in items.all(db).await? {
            let slug = item.text("name")?.replace(' ', "-");
            item.set("slug", slug)?;
            items.save(db, &item).await?;
        }
        Ok(())
    }

    fn steps() -> Migration {
        let operations = STEPS.iter().flat_map(|sql| [run_sql(&[sql]).reverse_sql(&[]), point()]).collect();
        Migration::new("0004_steps").depends_on("walk", "0003_more").not_atomic().operations(operations)
    }

    fn last() -> Migration {
        Migration::new("0005_last").depends_on("walk", "0004_steps").operations(vec![
            rename_model("Label", "Mark"),
            point(),
            add_field("item", "marks", many_to_many("walk.Mark").related_name("items")),
            point(),
            alter_unique_together("item", vec![vec!["shelf", "slug"]]),
            point(),
            remove_constraint("item", "walk_item_count"),
            remove_field("item", "count"),
            point(),
            run_sql(&["DELETE FROM walk_item WHERE name = 'item 0'"]).reverse_sql(&[]),
        ])
    }
}

/// Two last migrations.
mod branches {
    use quintet::migrations::*;

    quintet::app! {
        branches,
        migrations = vec![
            Migration::new("0001_initial").initial().operations(vec![create_model(
                "Note",
                vec![("id", big_auto().primary_key())],
                options(),
            )]),
            Migration::new("0002_left").depends_on("branches", "0001_initial").operations(vec![
                add_field("note", "left", integer().null()),
            ]),
            Migration::new("0002_right").depends_on("branches", "0001_initial").operations(vec![
                add_field("note", "right", integer().null()),
            ]),
        ],
    }
}

/// A table without a primary key.
mod keyless {
    use quintet::migrations::*;

    quintet::app! {
        keyless,
        migrations = vec![Migration::new("0001_initial").initial().operations(vec![
            create_model("First", vec![("id", big_auto().primary_key())], options()),
            create_model("Note", vec![("title", char(10))], options()),
        ])],
    }
}

/// A field that the rows of the table have no value for.
mod required {
    use quintet::migrations::*;
    use quintet::prelude::{BigAuto, Model};

    #[derive(Model)]
    #[allow(dead_code, reason = "nothing reads it")]
    pub(crate) struct Note {
        pub id: BigAuto,
        #[field(max_length = 10)]
        pub title: String,
    }

    quintet::app! {
        required,
        models = [Note],
        migrations = vec![Migration::new("0001_initial").initial().operations(vec![create_model(
            "Note",
            vec![("id", big_auto().primary_key())],
            options(),
        )])],
    }
}

/// The way back ends in the middle.
mod one_way {
    use quintet::migrations::*;

    quintet::app! {
        one_way,
        migrations = vec![
            Migration::new("0001_initial").initial().operations(vec![create_model(
                "Note",
                vec![("id", big_auto().primary_key())],
                options(),
            )]),
            Migration::new("0002_code").depends_on("one_way", "0001_initial").operations(vec![run(nothing)]),
            Migration::new("0003_more").depends_on("one_way", "0002_code").operations(vec![
                add_field("note", "title", char(10).null()),
            ]),
        ],
    }
}

/// The third operation fails, after a table and a row were made.
mod failing {
    use quintet::migrations::*;

    quintet::app! {
        failing,
        migrations = vec![
            Migration::new("0001_initial").initial().operations(vec![create_model(
                "Note",
                vec![("id", big_auto().primary_key()), ("title", char(10).null())],
                options(),
            )]),
            second(),
        ],
    }

    fn second() -> Migration {
        let mut second = Migration::new("0002_fails").depends_on("failing", "0001_initial").operations(vec![
            create_model("Other", vec![("id", big_auto().primary_key())], options()),
            run_sql(&["INSERT INTO failing_note (title) VALUES ('behind')"]),
            run_sql(&["INSERT INTO failing_nowhere (title) VALUES ('lost')"]),
            add_field("note", "more", integer().null()),
        ]);
        second.file = Some("src/failing/migrations/m0002_fails.rs".to_owned());
        second
    }
}

/// What the last one needs is in no file.
mod missing {
    use quintet::migrations::*;

    quintet::app! {
        missing,
        migrations = vec![
            Migration::new("0001_initial").initial().operations(vec![create_model(
                "Note",
                vec![("id", big_auto().primary_key())],
                options(),
            )]),
            Migration::new("0003_more").depends_on("missing", "0002_gone").operations(vec![]),
        ],
    }
}

/// The first was applied as it was, and is another one with `EDITED`.
mod edited {
    use quintet::migrations::*;

    use super::points::number;

    quintet::app! { edited, migrations = history() }

    fn history() -> Vec<Migration> {
        let mut fields = vec![("id", big_auto().primary_key())];
        let mut all = vec![];
        if number("EDITED").is_some() {
            fields.push(("title", char(10)));
            all.push(
                Migration::new("0002_title")
                    .depends_on("edited", "0001_initial")
                    .operations(vec![rename_field("note", "title", "heading")]),
            );
        }
        all.insert(
            0,
            Migration::new("0001_initial").initial().operations(vec![create_model("Note", fields, options())]),
        );
        all
    }
}

/// Names with the same beginning.
mod names {
    use quintet::migrations::*;

    quintet::app! {
        names,
        migrations = vec![
            Migration::new("0001_initial").initial().operations(vec![create_model(
                "Note",
                vec![("id", big_auto().primary_key())],
                options(),
            )]),
            Migration::new("0002_one").depends_on("names", "0001_initial").operations(vec![]),
            Migration::new("0002_other").depends_on("names", "0002_one").operations(vec![]),
        ],
    }
}
