//! Statements of queries, from their shape to their rows.

use std::sync::Arc;

use quintet_core::operation::Migration;
use quintet_core::operation::words::*;
use quintet_core::query::{Assign, Condition, Expr, Insert, OrderBy, Ordering, Path, Query, Registry, Statement, Step};
use quintet_core::schema::words::*;
use quintet_core::schema::{OnDelete, ProjectState, Value};
use quintet_db::migrate::{Direction, Executor, Mode, Notice};
use quintet_db::{Cell, Connection as _, Database, Db, ErrorKind, Find, Rows};

use crate::scratch::Scratch;

/// A place, and a restaurant that is one.
async fn restaurants(scratch: &Scratch) -> Database {
    let place = vec![("id", big_auto().primary_key()), ("name", char(20)), ("rank", integer())];
    let link = one_to_one("api.Place", OnDelete::Cascade).parent_link().primary_key();
    let operations = vec![
        create_model("Place", place, options()),
        create_model("Restaurant", vec![("place_ptr", link), ("stars", integer())], options()).bases(&["api.Place"]),
    ];
    let mut migration = Migration::new("0001_initial").operations(operations);
    migration.app = "api".to_owned();
    let (silent, mut state) = (|_: Notice<'_>| {}, ProjectState::new("auth.User"));
    let executor = Executor::new(&scratch.db, &silent);
    executor.apply(&migration, &state, Direction::Forwards, Mode::Run).await.unwrap();
    migration.apply(&mut state).unwrap();
    scratch.db.clone().with_models(Arc::new(Registry::new(&state, "UTC").unwrap()))
}

fn insert(model: &'static str, fields: &[&'static str], rows: Vec<Vec<Expr>>, returning: &[&'static str]) -> Insert {
    Insert {
        model: ("api".into(), model.into()),
        fields: fields.iter().map(|name| (*name).into()).collect(),
        rows,
        conflict: None,
        returning: returning.iter().map(|name| (*name).into()).collect(),
    }
}

fn value(value: impl Into<Value>) -> Expr {
    Expr::Value(value.into())
}

/// Three places by name, of which two are restaurants; gives the keys.
async fn filled(db: Db<'_>) -> Vec<i64> {
    let rows = ["a", "b", "c"].iter().zip(1..).map(|(name, rank)| vec![value(*name), value(rank)]).collect();
    let made = db.insert(&insert("Place", &["name", "rank"], rows, &["id"])).await.unwrap();
    let keys: Vec<i64> = made.rows.iter().map(|row| if let Cell::Int(key) = row[0] { key } else { 0 }).collect();
    let rows = keys[..2].iter().map(|key| vec![value(*key), value(3)]).collect();
    let insert = insert("Restaurant", &["place_ptr", "stars"], rows, &[]);
    assert_eq!(db.run(&Statement::Insert(&insert)).await.unwrap(), 2);
    keys
}

fn places() -> Query {
    let mut query = Query::of("api", "Place");
    query.ordering = Ordering::By(vec![OrderBy::parse("name")]);
    query
}

fn filter(mut query: Query, path: &str, expr: Expr) -> Query {
    query.steps.push(Step::Filter(Condition::Lookup(Path::parse(path), expr)));
    query
}

async fn names(db: Db<'_>, query: &Query) -> Vec<Cell> {
    let mut fetched = db.select(&Statement::Select(query)).await.unwrap();
    let plan = fetched.compiled.expect("the database was asked");
    let at = plan.outputs.iter().position(|output| output.name == "name").unwrap();
    fetched.rows.iter_mut().map(|row| std::mem::take(&mut row[at])).collect()
}

fn text(all: &[&str]) -> Vec<Cell> {
    all.iter().map(|name| Cell::Text((*name).into())).collect()
}

#[tokio::test]
async fn rows_are_made_found_changed_and_deleted() {
    for scratch in Scratch::each().await {
        let database = restaurants(&scratch).await;
        let db = Db::from(&database);
        let keys = filled(db).await;
        assert_eq!(keys.len(), 3);
        let found = names(db, &filter(places(), "rank__gte", value(2))).await;
        assert_eq!(found, text(&["b", "c"]));
        // The same shape, other values.
        assert_eq!(names(db, &filter(places(), "rank__gte", value(3))).await, text(&["c"]));

        let assigned = [Assign { field: "name".into(), value: value("z") }];
        let query = filter(places(), "rank", value(1));
        assert_eq!(db.run(&Statement::Update(&query, &assigned)).await.unwrap(), 1);
        assert_eq!(names(db, &places()).await, text(&["b", "c", "z"]));
        let query = filter(Query::of("api", "Place"), "name", value("c"));
        assert_eq!(db.run(&Statement::Delete(&query)).await.unwrap(), 1);
        let count = db.select(&Statement::Count(&places())).await.unwrap().rows.into_first();
        assert_eq!(count, Some(Cell::Int(2)));
    }
}

#[tokio::test]
async fn what_is_certain_is_not_asked() {
    let scratch = Scratch::sqlite();
    let database = restaurants(&scratch).await;
    // Where the table is gone, a question would fail.
    let db = Db::from(&database);
    db.script("DROP TABLE api_restaurant; DROP TABLE api_place").await.unwrap();
    let query = filter(places(), "name__in", Expr::Value(Value::List(vec![])));
    let fetched = db.select(&Statement::Select(&query)).await.unwrap();
    assert!(fetched.rows.is_empty() && fetched.compiled.is_none());
    assert_eq!(db.run(&Statement::Delete(&query)).await.unwrap(), 0);
    assert!(db.stream(&Statement::Select(&query), 10).await.unwrap().next().await.unwrap().is_none());
    assert_eq!(db.sql(&Statement::Select(&query)).unwrap(), None);
    let asked = db.select(&Statement::Select(&places())).await.unwrap_err();
    assert_eq!(asked.kind(), ErrorKind::NoSuchTable);
}

#[tokio::test]
async fn an_update_of_a_childs_and_its_parents_columns_is_one_and_counts_rows_once() {
    for scratch in Scratch::each().await {
        let database = restaurants(&scratch).await;
        let db = Db::from(&database);
        filled(db).await;
        let assigned =
            [Assign { field: "rank".into(), value: value(9) }, Assign { field: "stars".into(), value: value(1) }];
        // The parts change what the query asks for.
        let query = filter(filter(Query::of("api", "Restaurant"), "stars", value(3)), "rank__lt", value(9));
        assert_eq!(db.run(&Statement::Update(&query, &assigned)).await.unwrap(), 2);
        let changed = filter(filter(Query::of("api", "Restaurant"), "stars", value(1)), "rank", value(9));
        let count = db.select(&Statement::Count(&changed)).await.unwrap().rows.into_first();
        assert_eq!(count, Some(Cell::Int(2)));
    }
}

#[tokio::test]
async fn rows_of_a_query_stream_in_chunks_with_their_columns() {
    for scratch in Scratch::each().await {
        let database = restaurants(&scratch).await;
        let db = Db::from(&database);
        filled(db).await;
        let mut stream = db.stream(&Statement::Select(&places()), 2).await.unwrap();
        assert!(stream.compiled().unwrap().outputs.iter().any(|output| output.name == "rank"));
        let mut lengths = vec![];
        while let Some(rows) = stream.next().await.unwrap() {
            lengths.push(rows.len());
        }
        assert_eq!(lengths, [2, 1]);
    }
}

#[tokio::test]
async fn a_mistake_in_a_query_is_an_error_before_any_database_is_asked() {
    let scratch = Scratch::sqlite();
    let database = restaurants(&scratch).await;
    let query = filter(places(), "nmae", value("a"));
    let error = Db::from(&database).select(&Statement::Select(&query)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Query, "{error}");
    let query = filter(places(), "rank", value("x"));
    let error = Db::from(&database).select(&Statement::Select(&query)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Query, "{error}");
}

#[tokio::test]
async fn many_readers_share_connections_and_one_slow_answer_holds_up_few() {
    let Some(scratch) = Scratch::postgres("&pool_size=16").await else { return };
    let db = &scratch.db;
    // So that all connections that are shared are there.
    for _ in 0..20 {
        let all = (0..32).map(|number| {
            let db = db.clone();
            tokio::spawn(async move {
                quintet_db::Connection::read(&db, "SELECT $1::int8", vec![Value::Int(number)]).await.unwrap();
            })
        });
        for task in all.collect::<Vec<_>>() {
            task.await.unwrap();
        }
    }
    let slow = async {
        let one = || quintet_db::Connection::read(db, "SELECT pg_sleep(1.5)", vec![]);
        tokio::join!(one(), one(), one(), one(), one(), one()).0
    };
    let quick = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let begun = std::time::Instant::now();
        for number in 0..200 {
            let rows = quintet_db::Connection::read(db, "SELECT $1::int8", vec![Value::Int(number)]).await.unwrap();
            assert_eq!(rows.into_first(), Some(Cell::Int(number)));
        }
        begun.elapsed()
    };
    let (slow, quick) = tokio::join!(slow, quick);
    slow.unwrap();
    assert!(quick < std::time::Duration::from_millis(1300), "{quick:?}");
}

#[tokio::test]
async fn shared_readers_that_go_away_leave_the_others_their_answers() {
    let Some(scratch) = Scratch::postgres("&pool_size=8").await else { return };
    for round in 0..20_i64 {
        let all = (0..24).map(|number| {
            let db = scratch.db.clone();
            tokio::spawn(async move {
                let (sql, limit) = if number % 3 == 0 {
                    ("SELECT $1::int8 FROM (SELECT pg_sleep(20)) AS s", 5)
                } else {
                    ("SELECT $1::int8", 20_000)
                };
                let asked = quintet_db::Connection::read(&db, sql, vec![Value::Int(number)]);
                match tokio::time::timeout(std::time::Duration::from_millis(limit), asked).await {
                    Ok(rows) => assert_eq!(rows.unwrap().into_first(), Some(Cell::Int(number))),
                    Err(_) => assert_eq!(number % 3, 0, "round {round}"),
                }
            })
        });
        for task in all.collect::<Vec<_>>() {
            task.await.unwrap();
        }
    }
}

/// A number, and when its statement began.
const NUMBER: &str = "SELECT i, now() FROM generate_series(1, 100) AS i WHERE i = $1";

/// What each of these finds, all at once.
async fn found_at_once(db: &Database, values: Vec<Value>) -> Vec<quintet_db::Result<Vec<Cell>>> {
    let tasks = values.into_iter().map(|value| {
        let db = db.clone();
        tokio::spawn(async move { db.find(Find::new(NUMBER, vec![value])).await })
    });
    let mut found = vec![];
    for task in tasks.collect::<Vec<_>>() {
        found.push(task.await.unwrap().map(Rows::into_cells));
    }
    found
}

#[tokio::test]
async fn what_many_look_for_at_once_is_asked_together() {
    let Some(scratch) = Scratch::postgres("&pool_size=8").await else { return };
    for round in 0..10 {
        let found = found_at_once(&scratch.db, (51..=150).map(Value::Int).collect()).await;
        let mut moments = std::collections::HashSet::new();
        for (number, found) in (51..).zip(found) {
            match found.unwrap().as_slice() {
                [Cell::Int(found), Cell::DateTime(moment)] if *found == number => drop(moments.insert(*moment)),
                [] if number > 100 => {}
                other => panic!("{number}: {other:?}"),
            }
        }
        // At first there are no connections that are shared, and nothing is known of the statement.
        assert!(round < 5 || moments.len() < 10, "{round}: {}", moments.len());
    }
}

#[tokio::test]
async fn a_value_that_is_refused_is_not_asked_with_others() {
    let Some(scratch) = Scratch::postgres("&pool_size=8").await else { return };
    for _ in 0..3 {
        let values = (1..=40).map(|number| match number % 4 {
            0 => Value::Int(i64::from(i32::MAX) + number),
            1 => Value::from("no number"),
            _ => Value::Int(number),
        });
        for (number, found) in (1..).zip(found_at_once(&scratch.db, values.collect()).await) {
            match number % 4 {
                0 | 1 => assert!(found.is_err(), "{number}: {found:?}"),
                _ => assert_eq!(found.unwrap().first(), Some(&Cell::Int(number))),
            }
        }
    }
}

#[tokio::test]
async fn tables_that_change_do_not_mislead_those_who_look() {
    let Some(scratch) = Scratch::postgres("&pool_size=8").await else { return };
    let db = &scratch.db;
    db.script("CREATE TABLE looked (id int8 PRIMARY KEY, a text)").await.unwrap();
    db.script("INSERT INTO looked SELECT i, i FROM generate_series(1, 50) AS i").await.unwrap();
    for width in 2..5 {
        for _ in 0..3 {
            let tasks = (1..=40).map(|number| {
                let db = db.clone();
                let find = Find::new("SELECT * FROM looked WHERE id = $1", vec![Value::Int(number)]);
                tokio::spawn(async move { db.find(find).await })
            });
            for (number, task) in (1..).zip(tasks.collect::<Vec<_>>()) {
                let rows = task.await.unwrap().unwrap();
                assert_eq!((rows.width(), rows.cell(0, 0)), (width, Some(&Cell::Int(number))));
            }
        }
        db.script(&format!("ALTER TABLE looked ADD COLUMN more{width} int8")).await.unwrap();
    }
}

/// The parameters of one of many.
type Params<'a> = &'a dyn Fn(i64) -> Vec<Value>;

#[tokio::test]
async fn whatever_is_looked_for_together_is_what_each_finds_alone() {
    let Some(scratch) = Scratch::postgres("&pool_size=8").await else { return };
    let db = &scratch.db;
    db.script(
        "CREATE TABLE people (id int4 PRIMARY KEY, name varchar(9) UNIQUE, mark uuid UNIQUE, code char(4), note text)",
    )
    .await
    .unwrap();
    let fill =
        "INSERT INTO people SELECT i, 'N' || i, md5(i::text)::uuid, i, nullif(i % 3, 0) FROM generate_series(1, 60) i";
    db.script(fill).await.unwrap();
    let marks = db.query("SELECT mark::text FROM people ORDER BY id", &[]).await.unwrap();
    let mark = |number: i64| match &marks[usize::try_from(number % 60).unwrap()].values()[0] {
        Value::Text(text) => Value::Uuid(text.clone()),
        other => panic!("{other:?}"),
    };
    let name = |number: i64| Value::Text(format!("N{}", number % 70));
    let statements: [(&str, Params<'_>); 6] = [
        ("SELECT *, name FROM people WHERE id = $1", &|number| vec![Value::Int(number)]),
        ("SELECT id FROM people WHERE name = $1", &|number| vec![name(number)]),
        ("SELECT note, id FROM people WHERE mark = $1", &|number| vec![mark(number)]),
        ("SELECT id FROM people WHERE code = $1", &|number| vec![Value::Text(number.to_string())]),
        ("SELECT id FROM people WHERE id % 7 = $1 ORDER BY id DESC LIMIT 3", &|number| vec![Value::Int(number % 9)]),
        (
            "SELECT (SELECT id FROM people WHERE name = $1 LIMIT 1), (SELECT note FROM people WHERE id = $2)",
            &|number| vec![name(number), Value::Int(number + 1)],
        ),
    ];
    for (sql, params) in statements {
        let mut alone = vec![];
        for number in 0..60 {
            alone.push(db.read(sql, params(number)).await.unwrap().into_cells());
        }
        for _ in 0..6 {
            let tasks = (0..60).map(|number| {
                let (db, find) = (db.clone(), Find::new(sql, params(number)));
                tokio::spawn(async move { db.find(find).await.unwrap().into_cells() })
            });
            for (task, alone) in tasks.collect::<Vec<_>>().into_iter().zip(&alone) {
                assert_eq!(task.await.unwrap(), *alone, "{sql}");
            }
        }
    }
}
