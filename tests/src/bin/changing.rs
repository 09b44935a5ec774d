//! A program whose models and migrations are what its environment says: for tests of the commands about migrations.
//!
//! `MODELS` is `before`, `after` or `required`; `MIGRATIONS` lists those that it was built with, by their first words.
//! Its sources are said to be in `src/lab/` of whatever folder it is run for.

#![allow(missing_docs, unreachable_pub, dead_code, clippy::exit, reason = "written as a project is")]

use quintet::App;
use quintet::migrations::*;
use quintet::settings::*;

mod before {
    use quintet::prelude::*;

    #[derive(Model, Debug, Clone)]
    pub struct Note {
        pub id: BigAuto,
        #[field(max_length = 100)]
        pub title: String,
    }

    quintet::app! { lab, models = [Note] }
}

mod after {
    use quintet::prelude::*;

    #[derive(Model, Debug, Clone)]
    pub struct Note {
        pub id: BigAuto,
        #[field(max_length = 100)]
        pub title: String,
        #[field(default = 0)]
        pub n: i32,
    }

    quintet::app! { lab, models = [Note] }
}

mod required {
    use quintet::prelude::*;

    #[derive(Model, Debug, Clone)]
    pub struct Note {
        pub id: BigAuto,
        #[field(max_length = 100)]
        pub title: String,
        pub n: i32,
    }

    quintet::app! { lab, models = [Note] }
}

mod both {
    use quintet::prelude::*;

    #[derive(Model, Debug, Clone)]
    pub struct Note {
        pub id: BigAuto,
        #[field(max_length = 100)]
        pub title: String,
        #[field(default = 0)]
        pub a: i32,
        #[field(default = 0)]
        pub b: i32,
    }

    quintet::app! { lab, models = [Note] }
}

fn chosen(variable: &str) -> String {
    std::env::vars().find(|(name, _)| name == variable).map(|(_, value)| value).unwrap_or_default()
}

fn migrations() -> Vec<Migration> {
    let zero = || integer().with_default(0);
    let all = [
        Migration::new("0001_initial").initial().operations(vec![create_model(
            "Note",
            vec![("id", big_auto().primary_key()), ("title", char(100))],
            options(),
        )]),
        Migration::new("0002_note_n").depends_on("lab", "0001_initial").operations(vec![add_field(
            "note",
            "n",
            zero(),
        )]),
        Migration::new("0002_note_a").depends_on("lab", "0001_initial").operations(vec![add_field(
            "note",
            "a",
            zero(),
        )]),
        Migration::new("0002_note_b").depends_on("lab", "0001_initial").operations(vec![add_field(
            "note",
            "b",
            zero(),
        )]),
        Migration::new("0003_merge_0002_note_a_0002_note_b")
            .depends_on("lab", "0002_note_a")
            .depends_on("lab", "0002_note_b"),
        Migration::new("0004_two")
            .depends_on("lab", "0002_note_n")
            .operations(vec![add_field("note", "x", zero()), remove_field("note", "x")]),
    ];
    let names = chosen("MIGRATIONS");
    let names: Vec<&str> = names.split(',').filter(|name| !name.is_empty()).collect();
    all.into_iter().filter(|migration| names.iter().any(|name| migration.name.starts_with(name))).collect()
}

fn settings(env: &Env) -> Settings {
    let app = match chosen("MODELS").as_str() {
        "after" => after::app(),
        "required" => required::app(),
        "both" => both::app(),
        _ => before::app(),
    };
    let app = App { source: "src/lab/mod.rs", module: "changing::lab", migrations: Some(migrations), ..app };
    Settings {
        secret_key: "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz".into(),
        database: env.database("DATABASE_URL", "sqlite://db.sqlite3"),
        installed_apps: [quintet::apps::defaults(), vec![app]].concat(),
        ..Settings::default()
    }
}

fn main() -> quintet::ExitCode {
    quintet::manage(settings)
}
