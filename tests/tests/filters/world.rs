//! A few tables in a database, and the same rows in memory.

use std::sync::Arc;

use quintet_core::database_url::DatabaseUrl;
use quintet_core::query::{Query, Registry, Statement};
use quintet_core::schema::words::{big_auto, foreign_key, integer, text};
use quintet_core::schema::{Field, ModelState, OnDelete, Options, ProjectState, Value};
use quintet_db::{Cell, Connection as _, Database, Db};
use quintet_tests::support::Random;

use super::chance;

/// Rows in a database and in memory.
pub(crate) struct World {
    db: Database,
    owners: Vec<Owner>,
    /// The rows that are filtered.
    pub(crate) things: Vec<Thing>,
    parts: Vec<Part>,
}

struct Owner {
    id: i64,
    name: Value,
    rank: Value,
}

/// A row that is filtered.
pub(crate) struct Thing {
    pub(crate) id: i64,
    a: Value,
    b: Value,
    c: Value,
    owner: Value,
}

/// One of its many.
pub(crate) struct Part {
    id: i64,
    thing: i64,
    n: Value,
    s: Value,
    owner: Value,
}

const TABLES: &str = "
    DROP TABLE IF EXISTS lab_part;
    DROP TABLE IF EXISTS lab_thing;
    DROP TABLE IF EXISTS lab_owner;
    CREATE TABLE lab_owner (id integer PRIMARY KEY, name text, rank integer);
    CREATE TABLE lab_thing (id integer PRIMARY KEY, a integer, b text, c integer, owner_id integer REFERENCES lab_owner);
    CREATE TABLE lab_part (id integer PRIMARY KEY, thing_id integer NOT NULL REFERENCES lab_thing, n integer, s text,
        owner_id integer REFERENCES lab_owner);";

impl World {
    /// New rows, in the place of those before.
    pub(crate) async fn made(random: &mut Random, url: &str) -> Self {
        let number = |random: &mut Random| maybe(random, chance::number);
        let text = |random: &mut Random| maybe(random, chance::text);
        let owner = |random: &mut Random| maybe(random, |random| Value::Int(up_to(random, 4)));
        let owners = (1..=4).map(|id| Owner { id, name: text(random), rank: number(random) }).collect();
        let things = (1..=24).map(|id| Thing {
            id,
            a: number(random),
            b: text(random),
            c: number(random),
            owner: owner(random),
        });
        let things: Vec<Thing> = things.collect();
        let parts = (1..=30).map(|id| Part {
            id,
            thing: up_to(random, 18),
            n: number(random),
            s: text(random),
            owner: owner(random),
        });
        let parts = parts.collect();
        let url = DatabaseUrl::parse("DATABASE_URL", url).expect("a URL of the test's own");
        let registry = Registry::new(&state(), "UTC").expect("good models");
        let db = Database::connect(&url, std::path::Path::new("/")).with_models(Arc::new(registry));
        let world = Self { db, owners, things, parts };
        world.write().await;
        world
    }

    async fn write(&self) {
        self.db.script(TABLES).await.expect("tables");
        let insert = async |table: &str, row: &[&Value], id: i64| {
            let values: Vec<Value> =
                std::iter::once(Value::Int(id)).chain(row.iter().map(|one| (*one).clone())).collect();
            let places: Vec<String> = (1..=values.len()).map(|place| format!("${place}")).collect();
            let sql = format!("INSERT INTO {table} VALUES ({})", places.join(", "));
            self.db.execute(&sql, &values).await.expect("a row");
        };
        for it in &self.owners {
            insert("lab_owner", &[&it.name, &it.rank], it.id).await;
        }
        for it in &self.things {
            insert("lab_thing", &[&it.a, &it.b, &it.c, &it.owner], it.id).await;
        }
        for it in &self.parts {
            insert("lab_part", &[&Value::Int(it.thing), &it.n, &it.s, &it.owner], it.id).await;
        }
    }

    /// The keys of the rows that a query gives.
    pub(crate) async fn ask(&self, query: &Query) -> Vec<i64> {
        let found = Db::from(&self.db).select(&Statement::Select(query)).await;
        let found = found.unwrap_or_else(|error| panic!("{error}\n{query:#?}"));
        let key = |row: &[Cell]| if let Cell::Int(id) = &row[0] { *id } else { panic!("no key: {row:?}") };
        found.rows.iter().map(key).collect()
    }

    /// The SQL of a query, to be read.
    pub(crate) fn sql(&self, query: &Query) -> String {
        format!("{:?}", Db::from(&self.db).sql(&Statement::Select(query)))
    }

    /// A row.
    pub(crate) fn thing(&self, id: i64) -> &Thing {
        self.things.iter().find(|thing| thing.id == id).expect("a row that is there")
    }

    /// A row's many, or nothing once, as a join gives them.
    pub(crate) fn parts_or_none(&self, thing: i64) -> Vec<Option<&Part>> {
        let parts: Vec<_> = self.parts.iter().filter(|part| part.thing == thing).map(Some).collect();
        if parts.is_empty() { vec![None] } else { parts }
    }

    /// The value of a path.
    pub(crate) fn value(&self, thing: &Thing, part: Option<&Part>, path: &[&str]) -> Value {
        match path {
            ["parts"] => part.map_or(Value::Null, |part| Value::Int(part.id)),
            ["parts", "n"] => part.map_or(Value::Null, |part| part.n.clone()),
            ["parts", "s"] => part.map_or(Value::Null, |part| part.s.clone()),
            ["parts", "owner"] => part.map_or(Value::Null, |part| part.owner.clone()),
            ["parts", "owner", column] => part.map_or(Value::Null, |part| self.of_owner(&part.owner, column)),
            ["owner"] => thing.owner.clone(),
            ["owner", column] => self.of_owner(&thing.owner, column),
            ["a"] => thing.a.clone(),
            ["b"] => thing.b.clone(),
            ["c"] => thing.c.clone(),
            _ => unreachable!("not drawn: {path:?}"),
        }
    }

    fn of_owner(&self, id: &Value, column: &str) -> Value {
        let owner = self.owners.iter().find(|owner| *id == Value::Int(owner.id));
        owner.map_or(Value::Null, |owner| if column == "rank" { owner.rank.clone() } else { owner.name.clone() })
    }
}

fn up_to(random: &mut Random, most: usize) -> i64 {
    i64::try_from(1 + random.below(most)).expect("a small number")
}

fn maybe(random: &mut Random, make: impl Fn(&mut Random) -> Value) -> Value {
    if random.below(3) == 0 { Value::Null } else { make(random) }
}

fn state() -> ProjectState {
    let mut state = ProjectState::new("auth.User");
    let owner = || foreign_key("lab.Owner", OnDelete::Cascade).null();
    let whole = || integer().null();
    state.add(model("Owner", vec![("name", text().null()), ("rank", whole())]));
    let things = vec![("a", whole()), ("b", text().null()), ("c", whole()), ("owner", owner().related_name("things"))];
    state.add(model("Thing", things));
    let thing = foreign_key("lab.Thing", OnDelete::Cascade).related_name("parts");
    let parts = vec![("thing", thing), ("n", whole()), ("s", text().null()), ("owner", owner().related_name("parts"))];
    state.add(model("Part", parts));
    state
}

fn model(name: &str, fields: Vec<(&str, Field)>) -> ModelState {
    let id = ("id", big_auto().primary_key());
    let fields = std::iter::once(id).chain(fields).map(|(name, field)| (name.to_owned(), field)).collect();
    let (app, name) = ("lab".to_owned(), name.to_owned());
    ModelState { app, name, fields, options: Options::default(), bases: vec![], managers: vec![] }
}
