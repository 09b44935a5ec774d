//! What a query costs by itself: `queries-micro WHAT DATABASE_URL [NUMBER]` prints `name value` lines.
//!
//! `render N` makes a query N times, and its SQL; `list N` asks for a list N times; `iterate N` reads the first N rows one
//! after the other. `one N` and `insert N` read and make N rows, one by one: for a profiler, which counts.

use std::fs;
use std::hint::black_box;
use std::time::Instant;

use queries::model::{Post, database, list};
use quintet::prelude::{Database, Db, Model as _, create};
use quintet_core::query::{Statement, shape, values};

type Failure = Box<dyn std::error::Error>;

/// How many rows of an iterator are in memory.
const AT_ONCE: usize = 2000;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1);
    let mut next = || words.next().unwrap_or_default();
    let (what, url, number) = (next(), next(), next().parse::<u32>()?);
    let db = database(&url)?;
    match what.as_str() {
        "render" => render(&db, number),
        "list" => lists(&db, number).await,
        "iterate" => iterate(&db, number).await,
        "one" => ones(&db, number).await,
        "insert" => inserts(&db, number).await,
        other => Err(format!("`{other}` is nothing that is measured").into()),
    }
}

/// Medians of twenty parts, in nanoseconds a query.
fn render(db: &Database, number: u32) -> Result<(), Failure> {
    let (sql, _) = Db::from(db).sql(&Statement::Select(list(1).ast()))?.ok_or("the query is empty")?;
    println!("sql {sql}");
    told("build", number, |author| {
        drop(black_box(list(author)));
        Ok(())
    })?;
    let (query, mut key) = (list(1), vec![]);
    told("shape", number, |_| {
        key.clear();
        shape(&Statement::Select(black_box(query.ast())), &mut key);
        black_box(values(&Statement::Select(query.ast())));
        Ok(())
    })?;
    told("render", number, |_| {
        black_box(Db::from(db).sql(&Statement::Select(black_box(query.ast())))?);
        Ok(())
    })?;
    told("build_and_render", number, |author| {
        black_box(Db::from(db).sql(&Statement::Select(list(author).ast()))?);
        Ok(())
    })
}

fn told(name: &str, number: u32, mut work: impl FnMut(i64) -> Result<(), Failure>) -> Result<(), Failure> {
    const PARTS: u32 = 20;
    let each = (number / PARTS).max(1);
    let mut parts = vec![];
    for _ in 0..PARTS {
        let started = Instant::now();
        for author in 0..each {
            work(author.into())?;
        }
        parts.push(started.elapsed().as_secs_f64() * 1e9 / f64::from(each));
    }
    println!("{name}_ns {:.0}", median(&mut parts));
    Ok(())
}

/// One after the other, each of another author: the median and the 99th of a hundred, in microseconds.
async fn lists(db: &Database, number: u32) -> Result<(), Failure> {
    let mut times = vec![];
    for author in 0..number {
        let started = Instant::now();
        let posts = list(i64::from(author) % 10).all(db).await?;
        times.push(started.elapsed().as_secs_f64() * 1e6);
        if posts.len() != queries::LIST {
            return Err(format!("a list has {} rows", posts.len()).into());
        }
    }
    // The first ones open connections and files.
    times.drain(..times.len() / 10);
    println!("list_us {:.1}", median(&mut times));
    println!("list_p99_us {:.1}", times[times.len() * 99 / 100]);
    Ok(())
}

async fn ones(db: &Database, number: u32) -> Result<(), Failure> {
    for id in 1..=number {
        black_box(Post::objects().filter(|p| p.id().eq(i64::from(id))).get(db).await?);
    }
    Ok(())
}

async fn inserts(db: &Database, number: u32) -> Result<(), Failure> {
    for author in 0..number {
        let (author, title, body) = (i64::from(author), "A new title".to_owned(), "Some text.");
        black_box(create!(db, Post { author, title, body }).await?);
    }
    Ok(())
}

/// The time a row, and how much memory the process had of its own, before and at most: files that are mapped are not its.
async fn iterate(db: &Database, number: u32) -> Result<(), Failure> {
    /// Memory is looked at so often; no multiple of what is fetched at once, so that all moments come.
    const LOOK: u32 = 777;
    list(1).all(db).await?;
    let before = own_memory()?;
    let started = Instant::now();
    let mut posts = Post::objects().order_by(|p| p.id().asc()).limit(number.into()).iterator(db, AT_ONCE).await?;
    let (mut count, mut peak) = (0, before);
    while let Some(post) = posts.next().await? {
        black_box(post);
        count += 1;
        if count % LOOK == 0 {
            peak = peak.max(own_memory()?);
        }
    }
    println!("rows {count}");
    println!("row_us {:.3}", started.elapsed().as_secs_f64() * 1e6 / f64::from(count.max(1)));
    println!("before_kb {before}");
    println!("peak_kb {}", peak.max(own_memory()?));
    Ok(())
}

/// In kilobytes.
fn own_memory() -> Result<u64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).ok_or("/proc does not tell")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
