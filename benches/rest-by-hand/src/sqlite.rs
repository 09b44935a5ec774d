//! rusqlite: threads that read, and one that writes, with what waits for it in one transaction.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use chrono::{DateTime, Utc};
use rusqlite::types::{ToSql, Value};
use rusqlite::{Connection, OptionalExtension as _, Row, params_from_iter};
use tokio::sync::oneshot;

use crate::pages::{PAGE, Wanted};
use crate::rows::{ARTICLE, Article, Comment, Commented, Failure, Given, New, Store, User, with_comments};

/// As many as the framework has.
const READERS: usize = 4;

/// How many writes share a transaction at most.
const TOGETHER: usize = 128;

type Read = Box<dyn FnOnce(&Connection) + Send>;

/// Does its work, and gives what tells the result once it is kept.
type Write = Box<dyn FnOnce(&Connection) -> Box<dyn FnOnce(bool) + Send> + Send>;

/// The senders of the threads' work.
pub(crate) struct Files {
    reads: mpsc::Sender<Read>,
    writes: mpsc::Sender<Write>,
}

impl Files {
    pub(crate) fn open(file: &Path) -> rusqlite::Result<Self> {
        let (reads, jobs) = mpsc::channel::<Read>();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..READERS {
            let (connection, jobs) = (opened(file)?, Arc::clone(&jobs));
            thread::spawn(move || {
                loop {
                    let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    match job {
                        Ok(job) => job(&connection),
                        Err(_) => return,
                    }
                }
            });
        }
        let (writes, jobs) = mpsc::channel();
        let connection = opened(file)?;
        thread::spawn(move || write(&connection, &jobs));
        Ok(Self { reads, writes })
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let (done, answer) = oneshot::channel();
        self.reads.send(Box::new(move |connection| drop(done.send(work(connection)))))?;
        Ok(answer.await??)
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let (done, answer) = oneshot::channel();
        self.writes.send(Box::new(move |connection| {
            let made = work(connection);
            Box::new(move |is_kept| drop(done.send(is_kept.then_some(made))))
        }))?;
        Ok(answer.await?.ok_or("the transaction was not kept")??)
    }
}

fn opened(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA mmap_size = 134217728; \
         PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// A statement that fails is undone by itself, and the others stay.
fn write(connection: &Connection, jobs: &mpsc::Receiver<Write>) {
    while let Ok(first) = jobs.recv() {
        let mut together = vec![first];
        together.extend(jobs.try_iter().take(TOGETHER - 1));
        let run = |sql| connection.prepare_cached(sql).and_then(|mut made| made.execute([]));
        let has_begun = run("BEGIN IMMEDIATE").is_ok();
        let done: Vec<_> = together.into_iter().map(|work| work(connection)).collect();
        let is_kept = has_begun && run("COMMIT").is_ok();
        if !is_kept {
            drop(connection.execute_batch("ROLLBACK"));
        }
        done.into_iter().for_each(|tell| tell(is_kept));
    }
}

/// A moment as the framework keeps it.
fn moment(at: DateTime<Utc>) -> String {
    at.format("%F %T%.6f").to_string()
}

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User { id: row.get(0)?, password: row.get(1)?, is_active: row.get(2)? })
}

fn article(row: &Row<'_>) -> rusqlite::Result<Article> {
    Ok(Article {
        id: row.get(0)?,
        title: row.get(1)?,
        slug: row.get(2)?,
        body: row.get(3)?,
        views: row.get(4)?,
        published: row.get(5)?,
        created_at: row.get(6)?,
        category: row.get(7)?,
        author: row.get(8)?,
    })
}

fn commented(row: &Row<'_>) -> rusqlite::Result<Commented> {
    Ok(Commented {
        id: row.get(0)?,
        title: row.get(1)?,
        slug: row.get(2)?,
        created_at: row.get(3)?,
        author: row.get(4)?,
        comments: Vec::new(),
    })
}

impl Store for Files {
    async fn user(&self, id: i64) -> Result<Option<User>, Failure> {
        const SQL: &str = "SELECT id, password, is_active FROM auth_user WHERE id = ?1";
        self.read(move |connection| connection.prepare_cached(SQL)?.query_row([id], user).optional()).await
    }

    async fn user_named(&self, name: String) -> Result<Option<User>, Failure> {
        const SQL: &str = "SELECT id, password, is_active FROM auth_user WHERE username = ?1";
        self.read(move |connection| connection.prepare_cached(SQL)?.query_row([name], user).optional()).await
    }

    async fn latest(&self, author: i64) -> Result<Vec<Article>, Failure> {
        const SQL: &str = "SELECT id, title, slug, body, views, published, created_at, category_id, author_id \
                           FROM press_article WHERE author_id = ?1 ORDER BY created_at DESC LIMIT 20";
        self.read(move |connection| connection.prepare_cached(SQL)?.query_map([author], article)?.collect()).await
    }

    async fn commented(&self) -> Result<Vec<Commented>, Failure> {
        const SQL: &str = "SELECT id, title, slug, created_at, author_id FROM press_article ORDER BY id LIMIT 100";
        self.read(move |connection| {
            let mut first = connection.prepare_cached(SQL)?;
            let articles = first.query_map([], commented)?.collect::<rusqlite::Result<Vec<_>>>()?;
            let places = vec!["?"; articles.len().max(1)].join(",");
            let sql = format!(
                "SELECT article_id, id, name, text FROM press_comment WHERE article_id IN ({places}) ORDER BY id"
            );
            let mut second = connection.prepare_cached(&sql)?;
            let keys = params_from_iter(articles.iter().map(|article| article.id));
            let comments = second.query_map(keys, |row| {
                Ok((row.get(0)?, Comment { id: row.get(1)?, name: row.get(2)?, text: row.get(3)? }))
            })?;
            let comments = comments.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(with_comments(articles, comments))
        })
        .await
    }

    async fn article(&self, id: i64) -> Result<Option<Article>, Failure> {
        const SQL: &str = "SELECT id, title, slug, body, views, published, created_at, category_id, author_id \
                           FROM press_article WHERE id = ?1";
        self.read(move |connection| connection.prepare_cached(SQL)?.query_row([id], article).optional()).await
    }

    async fn known(
        &self,
        category: Option<i64>,
        slug: Option<String>,
        but: Option<i64>,
    ) -> Result<(bool, bool), Failure> {
        const CATEGORY: &str = "SELECT 1 FROM press_category WHERE id = ?1";
        const SLUG: &str = "SELECT 1 FROM press_article WHERE slug = ?1 AND id IS NOT ?2";
        self.read(move |connection| {
            let has_category = match category {
                Some(id) => connection.prepare_cached(CATEGORY)?.exists([id])?,
                None => false,
            };
            let is_taken = match slug {
                Some(slug) => connection.prepare_cached(SLUG)?.exists((slug, but))?,
                None => false,
            };
            Ok((has_category, is_taken))
        })
        .await
    }

    async fn page(&self, wanted: Wanted) -> Result<(i64, Vec<Article>), Failure> {
        self.read(move |connection| {
            let (condition, mut values) = condition(&wanted);
            let count = format!("SELECT count(*) FROM press_article{condition}");
            let count = connection.prepare_cached(&count)?.query_row(params_from_iter(&values), |row| row.get(0))?;
            let rows = format!("SELECT {ARTICLE} FROM press_article{condition} ORDER BY id LIMIT {PAGE} OFFSET ?");
            values.push(Value::Integer((wanted.page.max(1) - 1) * PAGE));
            let mut rows = connection.prepare_cached(&rows)?;
            let rows = rows.query_map(params_from_iter(&values), article)?.collect::<rusqlite::Result<_>>()?;
            Ok((count, rows))
        })
        .await
    }

    async fn insert(&self, new: New) -> Result<Article, Failure> {
        const SQL: &str = "INSERT INTO press_article \
                           (title, slug, body, views, published, created_at, category_id, author_id) \
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        self.write(move |connection| {
            let now = Utc::now();
            let New { title, slug, body, views, published, category, author } = new;
            let at = moment(now);
            let values: [&dyn ToSql; 8] = [&title, &slug, &body, &views, &published, &at, &category, &author];
            let id = connection.prepare_cached(SQL)?.insert(values)?;
            let created_at = now - chrono::TimeDelta::nanoseconds(i64::from(now.timestamp_subsec_nanos() % 1000));
            Ok(Article { id, title, slug, body, views, published, created_at, category, author })
        })
        .await
    }

    async fn update(&self, changed: Article) -> Result<Article, Failure> {
        const SQL: &str = "UPDATE press_article SET title = ?2, slug = ?3, body = ?4, views = ?5, published = ?6, \
                           category_id = ?7 WHERE id = ?1";
        self.write(move |connection| {
            let Article { id, title, slug, body, views, published, category, .. } = &changed;
            connection.prepare_cached(SQL)?.execute((id, title, slug, body, views, published, category))?;
            Ok(changed)
        })
        .await
    }

    async fn list(&self, given: Given) -> Result<(), Failure> {
        self.write(move |connection| listed(connection, &given)).await
    }

    async fn replace(&self, old: Given, new: Given) -> Result<bool, Failure> {
        const OLD: &str = "INSERT INTO token_blacklist_blacklistedtoken (token_id, blacklisted_at) \
                           SELECT id, ?2 FROM token_blacklist_outstandingtoken WHERE jti = ?1 \
                           ON CONFLICT (token_id) DO NOTHING";
        self.write(move |connection| {
            listed(connection, &old)?;
            let is_first = connection.prepare_cached(OLD)?.execute((&old.jti, moment(new.created)))? == 1;
            if is_first {
                listed(connection, &new)?;
            }
            Ok(is_first)
        })
        .await
    }
}

fn listed(connection: &Connection, given: &Given) -> rusqlite::Result<()> {
    const SQL: &str = "INSERT INTO token_blacklist_outstandingtoken (token, jti, user_id, created_at, expires_at) \
                       VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (jti) DO NOTHING";
    let values = (&given.text, &given.jti, given.user, moment(given.created), moment(given.ends));
    connection.prepare_cached(SQL)?.execute(values).map(drop)
}

/// What an article must be, and the values of that.
fn condition(wanted: &Wanted) -> (String, Vec<Value>) {
    let (mut words, mut values) = (Vec::new(), Vec::new());
    if let Some(category) = wanted.category {
        words.push("category_id = ?");
        values.push(Value::Integer(category));
    }
    if let Some(published) = wanted.published {
        words.push(if published { "published" } else { "NOT published" });
    }
    for word in &wanted.words {
        words.push("(title LIKE ? ESCAPE '\\' OR slug LIKE ? ESCAPE '\\')");
        values.extend([Value::Text(word.clone()), Value::Text(word.clone())]);
    }
    let text = if words.is_empty() { String::new() } else { format!(" WHERE {}", words.join(" AND ")) };
    (text, values)
}
