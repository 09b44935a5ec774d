//! The two paths by which whoever runs the server learns how it is: whether the process lives, and whether it can do its
//! work.

use std::time::Duration;

use http::header::ALLOW;
use http::{HeaderValue, Method, StatusCode};

use quintet_db::Connection;

use crate::http::{Error, Request, Response};

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn answer(request: &Request) -> Response {
    let answer = match *request.method() {
        Method::GET | Method::HEAD if is_unready(request).await => {
            let answer = Response::text("the database does not answer\n").with_status(StatusCode::SERVICE_UNAVAILABLE);
            answer.with_header("retry-after", "1")
        }
        Method::GET => Response::text("ok\n"),
        Method::HEAD => Response::text(""),
        ref other => {
            let mut refusal = Error::method_not_allowed(other).api_response().unwrap_or_else(|| Response::text(""));
            refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            refusal
        }
    };
    answer.with_header("cache-control", "no-store")
}

/// A process that lives is not ended because its database is away; it only gets no requests meanwhile.
async fn is_unready(request: &Request) -> bool {
    let options = request.site().options();
    let is_asked = request.uri().path() == options.server.readyz;
    let Some(databases) = options.databases.as_ref().filter(|_| is_asked) else { return false };
    let database = databases.default_database();
    let answered = tokio::time::timeout(PATIENCE, database.fetch("SELECT 1", vec![])).await;
    !matches!(answered, Ok(Ok(_)))
}
