//! How much this layer costs beside code written by hand for the driver. Run by itself, in a quiet moment:
//!
//! `scripts/postgres cargo test --release -p quintet-db --test speed -- --ignored --nocapture --test-threads 1`

/// Asks both ways in turn, and tells the ratio.
macro_rules! compare {
    ($what:expr, $ours:expr, $theirs:expr) => {{
        let (mut ours, mut theirs) = (vec![], vec![]);
        for _ in 0..$crate::ROUNDS {
            ours.push($crate::rate($ours).await);
            theirs.push($crate::rate($theirs).await);
        }
        $crate::told($what, ours, theirs);
    }};
}

mod postgres;
mod sqlite;

use std::path::Path;
use std::time::Instant;

use quintet_core::database_url::DatabaseUrl;
use quintet_core::schema::Value;
use quintet_db::{Cell, Connection as _, Database};

/// How many ask at once, how often in a round, and in how many rounds.
const TASKS: usize = 64;
const EACH: usize = 250;
const ROUNDS: usize = 7;

pub(crate) const ONE: &str = "SELECT id, author, title, body, created FROM post WHERE id = $1";
pub(crate) const LIST: &str =
    "SELECT id, author, title, body, created FROM post WHERE author = $1 ORDER BY created DESC LIMIT 20";

pub(crate) struct Post {
    pub(crate) id: i64,
    pub(crate) author: i64,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) created: i64,
}

pub(crate) fn open(url: &str) -> Database {
    Database::connect(&DatabaseUrl::parse("DATABASE_URL", url).expect("a URL"), Path::new("/"))
}

/// 10,000 rows of about 230 bytes, and the index that the list wants.
pub(crate) async fn fill(db: &Database) {
    db.script(
        "DROP TABLE IF EXISTS post; CREATE TABLE post (id bigint PRIMARY KEY, author bigint NOT NULL, title text NOT NULL, \
         body text NOT NULL, created bigint NOT NULL); CREATE INDEX by_author ON post (author, created DESC); \
         INSERT INTO post WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) \
         SELECT i, i % 100, 'title of number ' || i, 'one two three four five six seven eight nine ten eleven twelve \
         thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty one two three four five six', i * 7 FROM n",
    )
    .await
    .expect("a table");
    db.script("ANALYZE").await.expect("statistics");
}

/// Our way.
pub(crate) async fn ours(db: &Database, sql: &str, key: i64) -> Vec<Post> {
    let mut rows = db.read(sql, vec![Value::Int(key)]).await.expect("rows");
    rows.iter_mut().map(post).collect()
}

fn post(row: &mut [Cell]) -> Post {
    let int = |cell: &mut Cell| match std::mem::take(cell) {
        Cell::Int(number) => number,
        other => panic!("{other:?}"),
    };
    let text = |cell: &mut Cell| match std::mem::take(cell) {
        Cell::Text(text) => text.into_string(),
        other => panic!("{other:?}"),
    };
    Post {
        id: int(&mut row[0]),
        author: int(&mut row[1]),
        title: text(&mut row[2]),
        body: text(&mut row[3]),
        created: int(&mut row[4]),
    }
}

/// Many ask at once; gives how many answers came in a second.
pub(crate) async fn rate<A, F>(ask: A) -> f64
where
    A: Fn(i64) -> F + Clone + Send + 'static,
    F: Future<Output = usize> + Send,
{
    let begun = Instant::now();
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let ask = ask.clone();
            tokio::spawn(async move {
                let mut count = 0;
                for number in 0..EACH {
                    count += ask((task * EACH + number) as i64).await;
                }
                count
            })
        })
        .collect();
    for task in tasks {
        assert!(task.await.expect("no panic") >= EACH);
    }
    (TASKS * EACH) as f64 / begun.elapsed().as_secs_f64()
}

/// How much of a row was read.
pub(crate) fn size(posts: &[Post]) -> usize {
    let bytes =
        |post: &Post| post.title.len() + post.body.len() + usize::from(post.id + post.author + post.created > 0);
    posts.iter().map(bytes).sum()
}

/// The ratio of two ways, each asked in turn; the medians.
#[expect(clippy::print_stdout, reason = "a measurement is told")]
pub(crate) fn told(what: &str, mut ours: Vec<f64>, mut theirs: Vec<f64>) {
    ours.sort_by(f64::total_cmp);
    theirs.sort_by(f64::total_cmp);
    let (ours, theirs) = (ours[ours.len() / 2], theirs[theirs.len() / 2]);
    println!("{what}: ours {ours:.0}/s, by hand {theirs:.0}/s, ratio {:.2}", ours / theirs);
}
