//! One connection of tokio-postgres, its statements prepared.

use chrono::Utc;
use tokio_postgres::{Client, NoTls, Statement};

use crate::Failure;
use crate::article::{Article, INSERT, New, SELECT};

pub(crate) struct Server {
    client: Client,
    select: Statement,
    insert: Statement,
}

impl Server {
    pub(crate) async fn connect(url: &str) -> Result<Self, Failure> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        let (select, insert) = (client.prepare(SELECT).await?, client.prepare(INSERT).await?);
        Ok(Self { client, select, insert })
    }

    pub(crate) async fn article(&self, id: i64) -> Result<Article, Failure> {
        let row = self.client.query_one(&self.select, &[&id]).await?;
        Ok(Article {
            id: row.try_get(0)?,
            title: row.try_get(1)?,
            slug: row.try_get(2)?,
            body: row.try_get(3)?,
            views: row.try_get(4)?,
            published: row.try_get(5)?,
            created_at: row.try_get(6)?,
            category: row.try_get(7)?,
            author: row.try_get::<_, i32>(8)?.into(),
        })
    }

    pub(crate) async fn insert(&self, new: New) -> Result<Article, Failure> {
        let now = Utc::now();
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&new.title, &new.slug, &new.body, &now, &new.category];
        let id = self.client.query_one(&self.insert, &values).await?.try_get(0)?;
        Ok(new.made(id, now))
    }
}
