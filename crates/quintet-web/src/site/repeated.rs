//! Statements that a request repeats, told to developers: mostly a query for each row of a list.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use quintet_core::secrecy::one_line;
use quintet_db::{Watcher, watched};

use crate::http::Request;
use crate::view::View;

/// How often a request may run one statement before it is told of.
const MANY: usize = 10;

/// How many different statements of a request are counted.
const KINDS: usize = 1000;

type Counts = Mutex<HashMap<String, usize>>;

/// Answers a request, and tells of the statement that it repeated most.
pub(super) async fn told<T>(request: &Request, answer: impl Future<Output = T>) -> T {
    let counts: Arc<Counts> = Arc::default();
    let answer = watched(counting(Arc::clone(&counts)), answer).await;
    let counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    let most = counts.iter().max_by_key(|(sql, count)| (**count, std::cmp::Reverse(sql.as_str())));
    if let Some((sql, count)) = most.filter(|(_, count)| **count > MANY) {
        let view = request.site().view(request.path()).map_or("no view", View::name);
        let remedy = remedy(sql);
        tracing::warn!(target: "quintet.queries", "`{view}` ran one statement {count} times: {}; {remedy}", one_line(sql));
    }
    answer
}

fn counting(counts: Arc<Counts>) -> Watcher {
    Arc::new(move |sql| {
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(sql) {
            *count += 1;
        } else if counts.len() < KINDS {
            counts.insert(sql.to_owned(), 1);
        }
    })
}

fn remedy(sql: &str) -> &'static str {
    match sql.split_whitespace().next().unwrap_or_default() {
        "INSERT" => "`bulk_create` writes many rows at once",
        "UPDATE" => "`update` and `bulk_update` change many rows at once",
        "DELETE" => "`filter(..).delete(..)` deletes many rows at once",
        _ => "`select_related` or `prefetch_related` fetch the rows of other models along with those of the list",
    }
}
