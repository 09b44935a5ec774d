//! PostgreSQL: one pool, whose connections keep what they prepared.

use chrono::{SubsecRound as _, Utc};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::{PgPool, Postgres, QueryBuilder, Row as _};

use crate::pages::{PAGE, Wanted};
use crate::rows::{ARTICLE, Article, Comment, Commented, Failure, Given, New, Store, User, with_comments};

/// As many as the framework has, for reads and for writes.
const POOLED: u32 = 16;

/// The connections.
pub(crate) struct Server {
    pool: PgPool,
}

impl Server {
    /// All connections are there from the beginning, and not asked whether they live before each use.
    pub(crate) async fn connect(url: &str) -> sqlx::Result<Self> {
        // An address must have a host here, even where `?host=` says which.
        let options: PgConnectOptions = url.replacen("@/", "@localhost/", 1).parse()?;
        let pool = PgPoolOptions::new().min_connections(POOLED).max_connections(POOLED).test_before_acquire(false);
        Ok(Self { pool: pool.idle_timeout(None).max_lifetime(None).connect_with(options).await? })
    }
}

fn user(row: PgRow) -> sqlx::Result<User> {
    Ok(User { id: row.try_get(0)?, password: row.try_get(1)?, is_active: row.try_get(2)? })
}

fn article(row: PgRow) -> sqlx::Result<Article> {
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

fn commented(row: PgRow) -> sqlx::Result<Commented> {
    Ok(Commented {
        id: row.try_get(0)?,
        title: row.try_get(1)?,
        slug: row.try_get(2)?,
        created_at: row.try_get(3)?,
        author: row.try_get(4)?,
        comments: Vec::new(),
    })
}

impl Store for Server {
    async fn user(&self, id: i64) -> Result<Option<User>, Failure> {
        const SQL: &str = "SELECT id::bigint, password, is_active FROM auth_user WHERE id = $1::bigint";
        Ok(sqlx::query(SQL).bind(id).try_map(user).fetch_optional(&self.pool).await?)
    }

    async fn user_named(&self, name: String) -> Result<Option<User>, Failure> {
        const SQL: &str = "SELECT id::bigint, password, is_active FROM auth_user WHERE username = $1";
        Ok(sqlx::query(SQL).bind(name).try_map(user).fetch_optional(&self.pool).await?)
    }

    async fn latest(&self, author: i64) -> Result<Vec<Article>, Failure> {
        const SQL: &str = "SELECT id, title, slug, body, views, published, created_at, category_id, author_id::bigint \
                           FROM press_article WHERE author_id = $1::bigint ORDER BY created_at DESC LIMIT 20";
        Ok(sqlx::query(SQL).bind(author).try_map(article).fetch_all(&self.pool).await?)
    }

    async fn commented(&self) -> Result<Vec<Commented>, Failure> {
        const FIRST: &str = "SELECT id, title, slug, created_at, author_id::bigint \
                             FROM press_article ORDER BY id LIMIT 100";
        const SECOND: &str =
            "SELECT article_id, id, name, text FROM press_comment WHERE article_id = ANY($1) ORDER BY id";
        let mut link = self.pool.acquire().await?;
        let articles = sqlx::query(FIRST).try_map(commented).fetch_all(&mut *link).await?;
        let keys: Vec<i64> = articles.iter().map(|article| article.id).collect();
        let comments = sqlx::query(SECOND).bind(keys).try_map(|row: PgRow| {
            let comment = Comment { id: row.try_get(1)?, name: row.try_get(2)?, text: row.try_get(3)? };
            Ok((row.try_get(0)?, comment))
        });
        let comments = comments.fetch_all(&mut *link).await?;
        Ok(with_comments(articles, comments))
    }

    async fn article(&self, id: i64) -> Result<Option<Article>, Failure> {
        const SQL: &str = "SELECT id, title, slug, body, views, published, created_at, category_id, author_id::bigint \
                           FROM press_article WHERE id = $1";
        Ok(sqlx::query(SQL).bind(id).try_map(article).fetch_optional(&self.pool).await?)
    }

    async fn known(
        &self,
        category: Option<i64>,
        slug: Option<String>,
        but: Option<i64>,
    ) -> Result<(bool, bool), Failure> {
        // One turn for both: what is not asked for is NULL, and nothing equals that.
        const SQL: &str = "SELECT EXISTS (SELECT FROM press_category WHERE id = $1), \
                           EXISTS (SELECT FROM press_article WHERE slug = $2 AND id IS DISTINCT FROM $3)";
        Ok(sqlx::query_as(SQL).bind(category).bind(slug).bind(but).fetch_one(&self.pool).await?)
    }

    async fn page(&self, wanted: Wanted) -> Result<(i64, Vec<Article>), Failure> {
        let mut count = QueryBuilder::new("SELECT count(*) FROM press_article");
        condition(&mut count, &wanted);
        let mut rows = QueryBuilder::new(format!("SELECT {ARTICLE}::bigint FROM press_article"));
        condition(&mut rows, &wanted);
        rows.push(format!(" ORDER BY id LIMIT {PAGE} OFFSET ")).push_bind((wanted.page.max(1) - 1) * PAGE);
        let count = count.build_query_scalar().fetch_one(&self.pool);
        let rows = rows.build().try_map(article).fetch_all(&self.pool);
        Ok(tokio::try_join!(count, rows)?)
    }

    async fn insert(&self, new: New) -> Result<Article, Failure> {
        const SQL: &str = "INSERT INTO press_article \
                           (title, slug, body, views, published, created_at, category_id, author_id) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8::bigint) RETURNING id";
        let New { title, slug, body, views, published, category, author } = new;
        let created_at = Utc::now().trunc_subsecs(6);
        let made = sqlx::query_scalar(SQL).bind(&title).bind(&slug).bind(&body).bind(views).bind(published);
        let id = made.bind(created_at).bind(category).bind(author).fetch_one(&self.pool).await?;
        Ok(Article { id, title, slug, body, views, published, created_at, category, author })
    }

    async fn update(&self, changed: Article) -> Result<Article, Failure> {
        const SQL: &str = "UPDATE press_article SET title = $2, slug = $3, body = $4, views = $5, published = $6, \
                           category_id = $7 WHERE id = $1";
        let Article { id, title, slug, body, views, published, category, .. } = &changed;
        let made = sqlx::query(SQL).bind(id).bind(title).bind(slug).bind(body).bind(views);
        made.bind(published).bind(category).execute(&self.pool).await?;
        Ok(changed)
    }

    async fn list(&self, given: Given) -> Result<(), Failure> {
        const SQL: &str = "INSERT INTO token_blacklist_outstandingtoken (token, jti, user_id, created_at, expires_at) \
                           VALUES ($1, $2, $3::bigint, $4, $5) ON CONFLICT (jti) DO NOTHING";
        let Given { text, jti, user, created, ends } = given;
        let made = sqlx::query(SQL).bind(text).bind(jti).bind(user).bind(created).bind(ends);
        made.execute(&self.pool).await?;
        Ok(())
    }

    async fn replace(&self, old: Given, new: Given) -> Result<bool, Failure> {
        let made = sqlx::query(REPLACE).bind(old.text).bind(old.jti).bind(old.user).bind(old.created).bind(old.ends);
        let made = made.bind(new.text).bind(new.jti).bind(new.created).bind(new.ends).execute(&self.pool).await?;
        Ok(made.rows_affected() == 1)
    }
}

/// Takes the old token back and lists the new one in one turn, which is one transaction.
const REPLACE: &str = "WITH old AS (\
        INSERT INTO token_blacklist_outstandingtoken (token, jti, user_id, created_at, expires_at) \
        VALUES ($1, $2, $3::bigint, $4, $5) ON CONFLICT (jti) DO UPDATE SET jti = excluded.jti RETURNING id), \
    back AS (INSERT INTO token_blacklist_blacklistedtoken (token_id, blacklisted_at) \
        SELECT id, $8 FROM old ON CONFLICT (token_id) DO NOTHING RETURNING 1) \
    INSERT INTO token_blacklist_outstandingtoken (token, jti, user_id, created_at, expires_at) \
    SELECT $6, $7, $3::bigint, $8, $9 FROM back";

/// What an article must be.
fn condition(sql: &mut QueryBuilder<Postgres>, wanted: &Wanted) {
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
        sql.push(word).push("(title ILIKE ").push_bind(pattern.clone()).push(" OR slug ILIKE ");
        sql.push_bind(pattern.clone()).push(")");
        word = " AND ";
    }
}
