//! The floor: bare hyper and the bare drivers. Two routes of the small project without tokens, users, checks and errors that
//! anybody could read: `rest-floor 127.0.0.1:8000 sqlite:///tmp/db.sqlite3`.

mod article;
mod postgres;
mod sqlite;

use std::error::Error;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;

use article::{Article, New};

type Failure = Box<dyn Error + Send + Sync>;

/// Where articles are.
enum Store {
    Postgres(postgres::Server),
    Sqlite(sqlite::File),
}

impl Store {
    async fn article(&self, id: i64) -> Result<Article, Failure> {
        match self {
            Self::Postgres(server) => server.article(id).await,
            Self::Sqlite(file) => file.article(id),
        }
    }

    async fn insert(&self, new: New) -> Result<Article, Failure> {
        match self {
            Self::Postgres(server) => server.insert(new).await,
            Self::Sqlite(file) => file.insert(new),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1);
    let (address, url) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let listener = tokio::net::TcpListener::bind(address).await?;
    let store = Arc::new(match url.strip_prefix("sqlite://") {
        Some(file) => Store::Sqlite(sqlite::File::open(file)?),
        None => Store::Postgres(postgres::Server::connect(&url).await?),
    });
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(Arc::clone(&store), request));
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await
        });
    }
}

async fn answer(store: Arc<Store>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Failure> {
    let json = |status, body: Vec<u8>| {
        Response::builder().status(status).header("content-type", "application/json").body(Full::from(body))
    };
    let path = request.uri().path();
    if path == "/hello/" {
        return Ok(json(StatusCode::OK, br#"{"message":"Hello, World!"}"#.to_vec())?);
    }
    if request.method() == Method::POST {
        let new = serde_json::from_slice(&request.into_body().collect().await?.to_bytes())?;
        return Ok(json(StatusCode::CREATED, serde_json::to_vec(&store.insert(new).await?)?)?);
    }
    let id = path.trim_matches('/').rsplit('/').next().unwrap_or_default().parse()?;
    Ok(json(StatusCode::OK, serde_json::to_vec(&store.article(id).await?)?)?)
}
