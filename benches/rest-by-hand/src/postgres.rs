//! tokio-postgres: a few connections that all readers share, and a pool for what writes; everything prepared once.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::Utc;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Row, Statement};

use crate::pages::{PAGE, Wanted};
use crate::rows::{ARTICLE, Article, Comment, Commented, Failure, Given, New, Store, User, with_comments};

/// As many as the framework has: four that are shared, twelve for one borrower each.
const SHARED: usize = 4;
const POOLED: usize = 12;

/// A connection with its statements.
struct Link {
    client: Client,
    fixed: Vec<Statement>,
    /// Those of lists, by their conditions.
    made: Mutex<HashMap<String, Statement>>,
}

/// The connections.
pub(crate) struct Server {
    shared: Vec<Link>,
    next: AtomicUsize,
    idle: Mutex<Vec<Link>>,
    places: Semaphore,
}

#[derive(Clone, Copy)]
enum Sql {
    User,
    UserNamed,
    Latest,
    Commented,
    Comments,
    Article,
    Category,
    Slug,
    Insert,
    Update,
    List,
    Replace,
}

const FIXED: [&str; 12] = [
    "SELECT id::bigint, password, is_active FROM auth_user WHERE id = $1::bigint",
    "SELECT id::bigint, password, is_active FROM auth_user WHERE username = $1",
    "SELECT id, title, slug, body, views, published, created_at, category_id, author_id::bigint \
     FROM press_article WHERE author_id = $1::bigint ORDER BY created_at DESC LIMIT 20",
    "SELECT id, title, slug, created_at, author_id::bigint FROM press_article ORDER BY id LIMIT 100",
    "SELECT article_id, id, name, text FROM press_comment WHERE article_id = ANY($1) ORDER BY id",
    "SELECT id, title, slug, body, views, published, created_at, category_id, author_id::bigint \
     FROM press_article WHERE id = $1",
    "SELECT EXISTS (SELECT FROM press_category WHERE id = $1)",
    "SELECT EXISTS (SELECT FROM press_article WHERE slug = $1 AND id IS DISTINCT FROM $2)",
    "INSERT INTO press_article (title, slug, body, views, published, created_at, category_id, author_id) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8::bigint) RETURNING id, created_at",
    "UPDATE press_article SET title = $2, slug = $3, body = $4, views = $5, published = $6, category_id = $7 \
     WHERE id = $1",
    "INSERT INTO token_blacklist_outstandingtoken (token, jti, user_id, created_at, expires_at) \
     VALUES ($1, $2, $3::bigint, $4, $5) ON CONFLICT (jti) DO NOTHING",
    "WITH old AS (\
         INSERT INTO token_blacklist_outstandingtoken (token, jti, user_id, created_at, expires_at) \
         VALUES ($1, $2, $3::bigint, $4, $5) ON CONFLICT (jti) DO UPDATE SET jti = excluded.jti RETURNING id), \
     back AS (INSERT INTO token_blacklist_blacklistedtoken (token_id, blacklisted_at) \
         SELECT id, $8 FROM old ON CONFLICT (token_id) DO NOTHING RETURNING 1) \
     INSERT INTO token_blacklist_outstandingtoken (token, jti, user_id, created_at, expires_at) \
     SELECT $6, $7, $3::bigint, $8, $9 FROM back",
];

type Values<'a> = [&'a (dyn ToSql + Sync)];

impl Server {
    pub(crate) async fn connect(url: &str) -> Result<Self, tokio_postgres::Error> {
        let (mut shared, mut idle) = (vec![], vec![]);
        for _ in 0..SHARED {
            shared.push(Link::open(url).await?);
        }
        for _ in 0..POOLED {
            idle.push(Link::open(url).await?);
        }
        let (next, idle, places) = (AtomicUsize::new(0), Mutex::new(idle), Semaphore::new(POOLED));
        Ok(Self { shared, next, idle, places })
    }

    fn shared(&self) -> &Link {
        &self.shared[self.next.fetch_add(1, Ordering::Relaxed) % self.shared.len()]
    }

    /// One that nobody else has. It goes back however the borrower ends.
    async fn alone(&self) -> Result<Lent<'_>, Failure> {
        let place = self.places.acquire().await?;
        let link = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Lent { link: Some(Arc::new(link.ok_or("no connection is left")?)), server: self, _place: place })
    }
}

struct Lent<'a> {
    link: Option<Arc<Link>>,
    server: &'a Server,
    // Dropped last, when the connection is back.
    _place: SemaphorePermit<'a>,
}

impl Lent<'_> {
    async fn execute(&self, sql: Sql, values: &Values<'_>) -> Result<u64, Failure> {
        let link = self.link.as_ref().ok_or("no connection is left")?;
        Ok(link.client.execute(&link.fixed[sql as usize], values).await?)
    }

    async fn one(&self, sql: Sql, values: &Values<'_>) -> Result<Row, Failure> {
        let link = self.link.as_ref().ok_or("no connection is left")?;
        Ok(link.client.query_one(&link.fixed[sql as usize], values).await?)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let link = self.link.take().and_then(Arc::into_inner);
        self.server.idle.lock().unwrap_or_else(PoisonError::into_inner).extend(link);
    }
}

impl Link {
    async fn open(url: &str) -> Result<Self, tokio_postgres::Error> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        let mut fixed = Vec::with_capacity(FIXED.len());
        for sql in FIXED {
            fixed.push(client.prepare(sql).await?);
        }
        Ok(Self { client, fixed, made: Mutex::new(HashMap::new()) })
    }

    async fn rows(&self, sql: Sql, values: &Values<'_>) -> Result<Vec<Row>, Failure> {
        Ok(self.client.query(&self.fixed[sql as usize], values).await?)
    }

    async fn maybe(&self, sql: Sql, values: &Values<'_>) -> Result<Option<Row>, Failure> {
        Ok(self.client.query_opt(&self.fixed[sql as usize], values).await?)
    }

    async fn statement(&self, sql: &str) -> Result<Statement, Failure> {
        let known = self.made.lock().unwrap_or_else(PoisonError::into_inner).get(sql).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let made = self.client.prepare(sql).await?;
        self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(sql.to_owned(), made.clone());
        Ok(made)
    }
}

fn user(row: &Row) -> Result<User, Failure> {
    Ok(User { id: row.try_get(0)?, password: row.try_get(1)?, is_active: row.try_get(2)? })
}

fn article(row: &Row) -> Result<Article, Failure> {
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

impl Store for Server {
    async fn user(&self, id: i64) -> Result<Option<User>, Failure> {
        self.shared().maybe(Sql::User, &[&id]).await?.as_ref().map(user).transpose()
    }

    async fn user_named(&self, name: String) -> Result<Option<User>, Failure> {
        self.shared().maybe(Sql::UserNamed, &[&name]).await?.as_ref().map(user).transpose()
    }

    async fn latest(&self, author: i64) -> Result<Vec<Article>, Failure> {
        self.shared().rows(Sql::Latest, &[&author]).await?.iter().map(article).collect()
    }

    async fn commented(&self) -> Result<Vec<Commented>, Failure> {
        let link = self.shared();
        let mut articles = Vec::with_capacity(100);
        for row in link.rows(Sql::Commented, &[]).await? {
            articles.push(Commented {
                id: row.try_get(0)?,
                title: row.try_get(1)?,
                slug: row.try_get(2)?,
                created_at: row.try_get(3)?,
                author: row.try_get(4)?,
                comments: Vec::new(),
            });
        }
        let keys: Vec<i64> = articles.iter().map(|article| article.id).collect();
        let mut comments = Vec::with_capacity(300);
        for row in link.rows(Sql::Comments, &[&keys]).await? {
            comments
                .push((row.try_get(0)?, Comment { id: row.try_get(1)?, name: row.try_get(2)?, text: row.try_get(3)? }));
        }
        Ok(with_comments(articles, comments))
    }

    async fn article(&self, id: i64) -> Result<Option<Article>, Failure> {
        self.shared().maybe(Sql::Article, &[&id]).await?.as_ref().map(article).transpose()
    }

    async fn known(
        &self,
        category: Option<i64>,
        slug: Option<String>,
        but: Option<i64>,
    ) -> Result<(bool, bool), Failure> {
        // Both questions are on their way at once.
        let link = self.shared();
        let is_there = async |sql, values: &Values<'_>| -> Result<bool, Failure> {
            link.maybe(sql, values).await?.map_or(Ok(false), |row| Ok(row.try_get(0)?))
        };
        let has_category = async {
            match category {
                Some(id) => is_there(Sql::Category, &[&id]).await,
                None => Ok(false),
            }
        };
        let is_taken = async {
            match &slug {
                Some(slug) => is_there(Sql::Slug, &[slug, &but]).await,
                None => Ok(false),
            }
        };
        tokio::try_join!(has_category, is_taken)
    }

    async fn page(&self, wanted: Wanted) -> Result<(i64, Vec<Article>), Failure> {
        let link = self.shared();
        let condition = condition(&wanted);
        let mut values: Vec<&(dyn ToSql + Sync)> = vec![];
        values.extend(wanted.category.as_ref().map(|category| category as &(dyn ToSql + Sync)));
        values.extend(wanted.words.iter().map(|word| word as &(dyn ToSql + Sync)));
        let count = format!("SELECT count(*) FROM press_article{condition}");
        let rows = format!(
            "SELECT {ARTICLE}::bigint FROM press_article{condition} ORDER BY id LIMIT {PAGE} OFFSET ${}",
            values.len() + 1
        );
        let (count, rows) = (link.statement(&count).await?, link.statement(&rows).await?);
        let offset = (wanted.page.max(1) - 1) * PAGE;
        let mut with_offset = values.clone();
        with_offset.push(&offset);
        let (count, rows) =
            tokio::try_join!(link.client.query_one(&count, &values), link.client.query(&rows, &with_offset))?;
        Ok((count.try_get(0)?, rows.iter().map(article).collect::<Result<_, _>>()?))
    }

    async fn insert(&self, new: New) -> Result<Article, Failure> {
        let New { title, slug, body, views, published, category, author } = new;
        let now = Utc::now();
        let lent = self.alone().await?;
        let row = lent.one(Sql::Insert, &[&title, &slug, &body, &views, &published, &now, &category, &author]).await?;
        let (id, created_at) = (row.try_get(0)?, row.try_get(1)?);
        Ok(Article { id, title, slug, body, views, published, created_at, category, author })
    }

    async fn update(&self, changed: Article) -> Result<Article, Failure> {
        let Article { id, title, slug, body, views, published, category, .. } = &changed;
        let lent = self.alone().await?;
        lent.execute(Sql::Update, &[id, title, slug, body, views, published, category]).await?;
        drop(lent);
        Ok(changed)
    }

    async fn list(&self, given: Given) -> Result<(), Failure> {
        let Given { text, jti, user, created, ends } = &given;
        self.alone().await?.execute(Sql::List, &[text, jti, user, created, ends]).await.map(drop)
    }

    async fn replace(&self, old: Given, new: Given) -> Result<bool, Failure> {
        let values: [&(dyn ToSql + Sync); 9] =
            [&old.text, &old.jti, &old.user, &old.created, &old.ends, &new.text, &new.jti, &new.created, &new.ends];
        Ok(self.alone().await?.execute(Sql::Replace, &values).await? == 1)
    }
}

/// What an article must be. Its values are the category, then the words.
fn condition(wanted: &Wanted) -> String {
    let (mut text, mut place) = (String::new(), 1);
    let mut and = |condition: &str| {
        // Writing to a text does not fail.
        let _ = write!(text, "{} {condition}", if text.is_empty() { " WHERE" } else { " AND" });
    };
    if wanted.category.is_some() {
        and("category_id = $1");
        place += 1;
    }
    if let Some(published) = wanted.published {
        and(if published { "published" } else { "NOT published" });
    }
    for _ in &wanted.words {
        and(&format!("(title ILIKE ${place} OR slug ILIKE ${place})"));
        place += 1;
    }
    text
}
