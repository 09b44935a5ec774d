//! SQLite: a pool of connections that read, and one connection that writes, so that no writer waits for a lock.

use std::time::Duration;

use chrono::{DateTime, SubsecRound as _, Utc};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteExecutor, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{QueryBuilder, Row as _, Sqlite, SqlitePool};

use crate::pages::{PAGE, Wanted};
use crate::rows::{ARTICLE, Article, Comment, Commented, Failure, Given, New, Store, User, with_comments};

/// As many as the framework has.
const READERS: u32 = 4;

/// Who reads, and who writes.
pub(crate) struct Pools {
    reads: SqlitePool,
    writes: SqlitePool,
}

impl Pools {
    pub(crate) async fn open(file: &str) -> sqlx::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("mmap_size", "134217728")
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            // A whole list comes from the connection's thread without a pause.
            .row_buffer_size(512)
            .statement_cache_capacity(64);
        Ok(Self { reads: pool(READERS, options.clone()).await?, writes: pool(1, options).await? })
    }
}

/// All of them are there from the beginning, and not asked whether they live before each use.
async fn pool(size: u32, options: SqliteConnectOptions) -> sqlx::Result<SqlitePool> {
    let made = SqlitePoolOptions::new().min_connections(size).max_connections(size).test_before_acquire(false);
    made.idle_timeout(None).max_lifetime(None).connect_with(options).await
}

/// A moment as the framework keeps it.
fn moment(at: DateTime<Utc>) -> String {
    at.format("%F %T%.6f").to_string()
}

fn user(row: SqliteRow) -> sqlx::Result<User> {
    Ok(User { id: row.try_get(0)?, password: row.try_get(1)?, is_active: row.try_get(2)? })
}

fn article(row: SqliteRow) -> sqlx::Result<Article> {
    Ok(Article {
        id: row.try_get(0)?,
        title: row.try_get(1)?,
        slug: row.try_get(2)?,
        body: row.try_get(3)?,
        views: row.try_get(4)?,
        published: row.try_get(5)?,
        created_at: row.try_get(6)?,
        category: row.try_get(7)?,
        author: row.try_get(8)?,
    })
}

fn commented(row: SqliteRow) -> sqlx::Result<Commented> {
    Ok(Commented {
        id: row.try_get(0)?,
        title: row.try_get(1)?,
        slug: row.try_get(2)?,
        created_at: row.try_get(3)?,
        author: row.try_get(4)?,
        comments: Vec::new(),
    })
}

impl Store for Pools {
    async fn user(&self, id: i64) -> Result<Option<User>, Failure> {
        const SQL: &str = "SELECT id, password, is_active FROM auth_user WHERE id = ?1";
        Ok(sqlx::query(SQL).bind(id).try_map(user).fetch_optional(&self.reads).await?)
    }

    async fn user_named(&self, name: String) -> Result<Option<User>, Failure> {
        const SQL: &str = "SELECT id, password, is_active FROM auth_user WHERE username = ?1";
        Ok(sqlx::query(SQL).bind(name).try_map(user).fetch_optional(&self.reads).await?)
    }

    async fn latest(&self, author: i64) -> Result<Vec<Article>, Failure> {
        const SQL: &str = "SELECT id, title, slug, body, views, published, created_at, category_id, author_id \
                           FROM press_article WHERE author_id = ?1 ORDER BY created_at DESC LIMIT 20";
        Ok(sqlx::query(SQL).bind(author).try_map(article).fetch_all(&self.reads).await?)
    }

    async fn commented(&self) -> Result<Vec<Commented>, Failure> {
        const SQL: &str = "SELECT id, title, slug, created_at, author_id FROM press_article ORDER BY id LIMIT 100";
        let mut reader = self.reads.acquire().await?;
        let articles = sqlx::query(SQL).try_map(commented).fetch_all(&mut *reader).await?;
        if articles.is_empty() {
            return Ok(articles);
        }
        let mut sql = QueryBuilder::new("SELECT article_id, id, name, text FROM press_comment WHERE article_id IN (");
        let mut keys = sql.separated(",");
        for article in &articles {
            keys.push_bind(article.id);
        }
        sql.push(") ORDER BY id");
        let comments = sql.build().try_map(|row: SqliteRow| {
            let comment = Comment { id: row.try_get(1)?, name: row.try_get(2)?, text: row.try_get(3)? };
            Ok((row.try_get(0)?, comment))
        });
        let comments = comments.fetch_all(&mut *reader).await?;
        Ok(with_comments(articles, comments))
    }

    async fn article(&self, id: i64) -> Result<Option<Article>, Failure> {
        const SQL: &str = "SELECT id, title, slug, body, views, published, created_at, category_id, author_id \
                           FROM press_article WHERE id = ?1";
        Ok(sqlx::query(SQL).bind(id).try_map(article).fetch_optional(&self.reads).await?)
    }

    async fn known(
        &self,
        category: Option<i64>,
        slug: Option<String>,
        but: Option<i64>,
    ) -> Result<(bool, bool), Failure> {
        // One turn for both: what is not asked for is NULL, and nothing equals that.
        const SQL: &str = "SELECT EXISTS (SELECT 1 FROM press_category WHERE id = ?1), \
                           EXISTS (SELECT 1 FROM press_article WHERE slug = ?2 AND id IS NOT ?3)";
        Ok(sqlx::query_as(SQL).bind(category).bind(slug).bind(but).fetch_one(&self.reads).await?)
    }

    async fn page(&self, wanted: Wanted) -> Result<(i64, Vec<Article>), Failure> {
        let mut count = QueryBuilder::new("SELECT count(*) FROM press_article");
        condition(&mut count, &wanted);
        let mut rows = QueryBuilder::new(format!("SELECT {ARTICLE} FROM press_article"));
        condition(&mut rows, &wanted);
        rows.push(format!(" ORDER BY id LIMIT {PAGE} OFFSET ")).push_bind((wanted.page.max(1) - 1) * PAGE);
        let count = count.build_query_scalar().fetch_one(&self.reads);
        let rows = rows.build().try_map(article).fetch_all(&self.reads);
        Ok(tokio::try_join!(count, rows)?)
    }

    async fn insert(&self, new: New) -> Result<Article, Failure> {
        const SQL: &str = "INSERT INTO press_article \
                           (title, slug, body, views, published, created_at, category_id, author_id) \
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let New { title, slug, body, views, published, category, author } = new;
        let created_at = Utc::now().trunc_subsecs(6);
        let made = sqlx::query(SQL).bind(&title).bind(&slug).bind(&body).bind(views).bind(published);
        let made = made.bind(moment(created_at)).bind(category).bind(author).execute(&self.writes).await?;
        let id = made.last_insert_rowid();
        Ok(Article { id, title, slug, body, views, published, created_at, category, author })
    }

    async fn update(&self, changed: Article) -> Result<Article, Failure> {
        const SQL: &str = "UPDATE press_article SET title = ?2, slug = ?3, body = ?4, views = ?5, published = ?6, \
                           category_id = ?7 WHERE id = ?1";
        let Article { id, title, slug, body, views, published, category, .. } = &changed;
        let made = sqlx::query(SQL).bind(id).bind(title).bind(slug).bind(body).bind(views);
        made.bind(published).bind(category).execute(&self.writes).await?;
        Ok(changed)
    }

    async fn list(&self, given: Given) -> Result<(), Failure> {
        Ok(listed(&self.writes, &given).await?)
    }

    async fn replace(&self, old: Given, new: Given) -> Result<bool, Failure> {
        const OLD: &str = "INSERT INTO token_blacklist_blacklistedtoken (token_id, blacklisted_at) \
                           SELECT id, ?2 FROM token_blacklist_outstandingtoken WHERE jti = ?1 \
                           ON CONFLICT (token_id) DO NOTHING";
        let mut together = self.writes.begin_with("BEGIN IMMEDIATE").await?;
        listed(&mut *together, &old).await?;
        let back = sqlx::query(OLD).bind(&old.jti).bind(moment(new.created)).execute(&mut *together).await?;
        let is_first = back.rows_affected() == 1;
        if is_first {
            listed(&mut *together, &new).await?;
        }
        together.commit().await?;
        Ok(is_first)
    }
}

async fn listed(writer: impl SqliteExecutor<'_>, given: &Given) -> sqlx::Result<()> {
    const SQL: &str = "INSERT INTO token_blacklist_outstandingtoken (token, jti, user_id, created_at, expires_at) \
                       VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (jti) DO NOTHING";
    let made = sqlx::query(SQL).bind(&given.text).bind(&given.jti).bind(given.user);
    made.bind(moment(given.created)).bind(moment(given.ends)).execute(writer).await.map(drop)
}

/// What an article must be.
fn condition(sql: &mut QueryBuilder<Sqlite>, wanted: &Wanted) {
    let mut word = " WHERE ";
    if let Some(category) = wanted.category {
        sql.push(word).push("category_id = ").push_bind(category);
        word = " AND ";
    }
    if let Some(published) = wanted.published {
        sql.push(word).push(if published { "published" } else { "NOT published" });
        word = " AND ";
    }
    for pattern in &wanted.words {
        sql.push(word).push("(title LIKE ").push_bind(pattern.clone()).push(" ESCAPE '\\' OR slug LIKE ");
        sql.push_bind(pattern.clone()).push(" ESCAPE '\\')");
        word = " AND ";
    }
}
