//! Rows that several tasks look for at once are asked for by one statement.
//!
//! Who looks for a row of a model while others look for rows lets the tasks pass that are ready. Those among them that look
//! in the same way leave their value with it, and get their row when the one answer is here. What was asked is asked after
//! each of them began to wait, so that everyone sees what was kept before.

use std::future::poll_fn;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use quintet_core::schema::Value;
use tokio::sync::oneshot;

use crate::find::Many;
use crate::rows::Rows;

/// How many may leave their value with one.
const MOST: usize = 63;

/// What is looked for, and not asked yet.
#[derive(Default)]
pub(super) struct Lookups {
    open: Mutex<Vec<Lookup>>,
    under_way: AtomicU32,
}

/// Those who look in one way, but for the first of them.
struct Lookup {
    way: usize,
    others: Vec<Other>,
}

/// Somebody who left a value.
struct Other {
    value: i64,
    answer: oneshot::Sender<Rows>,
}

/// How somebody comes to a row.
enum Turn {
    Alone,
    First,
    With(oneshot::Receiver<Rows>),
}

impl Lookups {
    /// Somebody begins to look for a row, until what is given goes away.
    pub(super) fn begin(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(&self.under_way)
    }

    /// The row of a value, by one statement with others'; nothing where nobody else looks for one, or it did not come.
    /// `ask` asks for the rows of several values.
    pub(super) async fn find<F: Future<Output = Option<Rows>>>(
        &self,
        many: &Many,
        value: i64,
        ask: impl FnOnce(Value) -> F,
    ) -> Option<Rows> {
        match self.turn(many, value) {
            Turn::Alone => None,
            Turn::With(answer) => answer.await.ok(),
            Turn::First => {
                let first = First { lookups: self, way: way(many), is_open: true };
                let_others_pass().await;
                let others = first.others();
                if others.is_empty() {
                    return None;
                }
                // Boxed: who is alone has no room for it.
                Box::pin(together(many, value, others, ask)).await
            }
        }
    }

    fn turn(&self, many: &Many, value: i64) -> Turn {
        if self.under_way.load(Ordering::Relaxed) < 2 {
            return Turn::Alone;
        }
        let (way, mut open) = (way(many), self.open());
        match open.iter_mut().find(|lookup| lookup.way == way) {
            None => {
                open.push(Lookup { way, others: vec![] });
                Turn::First
            }
            Some(lookup) if lookup.others.len() < MOST => {
                let (answer, waiting) = oneshot::channel();
                lookup.others.push(Other { value, answer });
                Turn::With(waiting)
            }
            Some(_) => Turn::Alone,
        }
    }

    fn open(&self) -> MutexGuard<'_, Vec<Lookup>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Two statements are the same way where they are the same: whoever is first holds it as long as others may come.
fn way(many: &Many) -> usize {
    std::ptr::from_ref(many).addr()
}

/// Asks for the rows of all, and gives each its own.
async fn together<F: Future<Output = Option<Rows>>>(
    many: &Many,
    value: i64,
    others: Vec<Other>,
    ask: impl FnOnce(Value) -> F,
) -> Option<Rows> {
    let mut values: Vec<i64> = others.iter().map(|other| other.value).collect();
    values.push(value);
    values.sort_unstable();
    values.dedup();
    let mut rows = ask(Value::List(values.into_iter().map(Value::Int).collect())).await?;
    let mut others = others.into_iter();
    while let Some(Other { value: wanted, answer }) = others.next() {
        let is_last = wanted != value && others.as_slice().iter().all(|other| other.value != wanted);
        // Who went away meanwhile gets nothing.
        drop(answer.send(rows.row_of(many.cell, wanted, is_last)));
    }
    Some(rows.row_of(many.cell, value, true))
}

/// The first of those who look in one way, until it asks: if it goes away before, the others ask by themselves.
struct First<'a> {
    lookups: &'a Lookups,
    way: usize,
    is_open: bool,
}

impl First<'_> {
    /// Those who left their value. Nobody else can from here on.
    fn others(mut self) -> Vec<Other> {
        self.close()
    }

    fn close(&mut self) -> Vec<Other> {
        self.is_open = false;
        let mut open = self.lookups.open();
        let at = open.iter().position(|lookup| lookup.way == self.way);
        at.map(|at| open.swap_remove(at).others).unwrap_or_default()
    }
}

impl Drop for First<'_> {
    fn drop(&mut self) {
        if self.is_open {
            drop(self.close());
        }
    }
}

/// Somebody who looks for a row.
pub(super) struct UnderWay<'a>(&'a AtomicU32);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Goes to the end of the queue of the tasks that are ready.
async fn let_others_pass() {
    let mut has_passed = false;
    poll_fn(|cx| {
        if has_passed {
            return Poll::Ready(());
        }
        has_passed = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::rows::Cell;

    fn many() -> Many {
        Many { sql: "..".to_owned(), cell: 1, is_wide: true }
    }

    /// A row for each value below 100.
    fn rows(values: &Value) -> Rows {
        let Value::List(values) = values else { return Rows::default() };
        let known = values.iter().filter_map(|value| match value {
            Value::Int(number) if *number < 100 => Some([Cell::Text(format!("row {number}")), Cell::Int(*number)]),
            _ => None,
        });
        Rows::new(2, known.flatten().collect())
    }

    /// What each of these finds, all at once, and what was asked.
    async fn found(lookups: &Arc<Lookups>, wanted: &[i64], fails: bool) -> (Vec<Option<Rows>>, Vec<Value>) {
        let asked = Arc::new(Mutex::new(vec![]));
        let many = Arc::new(many());
        let tasks = wanted.iter().map(|value| {
            let (lookups, many, asked, value) = (Arc::clone(lookups), Arc::clone(&many), Arc::clone(&asked), *value);
            tokio::spawn(async move {
                let _under_way = lookups.begin();
                let ask = async |values: Value| {
                    asked.lock().unwrap().push(values.clone());
                    tokio::task::yield_now().await;
                    (!fails).then(|| rows(&values))
                };
                lookups.find(&many, value, ask).await
            })
        });
        let mut answers = vec![];
        for task in tasks.collect::<Vec<_>>() {
            answers.push(task.await.unwrap());
        }
        let asked = asked.lock().unwrap().clone();
        (answers, asked)
    }

    #[tokio::test]
    async fn who_is_alone_is_not_held_up() {
        let (answers, asked) = found(&Arc::default(), &[1], false).await;
        assert_eq!((answers, asked), (vec![None], vec![]));
    }

    #[tokio::test]
    async fn those_who_look_at_once_get_their_own_rows_of_one_answer() {
        let lookups = Arc::new(Lookups::default());
        let _others = [lookups.begin(), lookups.begin()];
        for _ in 0..3 {
            let wanted = [7, 3, 3, 100, 7, 9, 100];
            let (answers, asked) = found(&lookups, &wanted, false).await;
            for (answer, value) in answers.iter().zip(&wanted) {
                assert_eq!(answer.as_ref(), Some(&rows(&Value::List(vec![Value::Int(*value)]))), "{value}");
            }
            let values = [3, 7, 9, 100].map(Value::Int).to_vec();
            assert_eq!(asked, [Value::List(values)]);
        }
    }

    #[tokio::test]
    async fn more_than_fit_ask_by_themselves() {
        let wanted: Vec<i64> = (0..200).map(|number| number % 150).collect();
        let lookups = Arc::new(Lookups::default());
        let _others = [lookups.begin(), lookups.begin()];
        let (answers, asked) = found(&lookups, &wanted, false).await;
        assert_eq!(asked.len(), 1);
        let together = answers.iter().flatten().count();
        assert_eq!(together, MOST + 1);
        for (answer, value) in answers.iter().zip(&wanted) {
            assert!(answer.as_ref().is_none_or(|rows| *rows == self::rows(&Value::List(vec![Value::Int(*value)]))));
        }
    }

    #[tokio::test]
    async fn where_the_one_statement_fails_each_asks_by_itself() {
        let lookups = Arc::new(Lookups::default());
        let _others = [lookups.begin(), lookups.begin()];
        let (answers, asked) = found(&lookups, &[1, 2, 3], true).await;
        assert_eq!(answers, [None, None, None]);
        assert_eq!(asked.len(), 1);
    }

    #[tokio::test]
    async fn who_goes_away_leaves_nobody_waiting() {
        let (lookups, many) = (Lookups::default(), many());
        let _others = [lookups.begin(), lookups.begin()];
        let never = async |_| panic!("nobody asks");
        let mut first = Box::pin(lookups.find(&many, 1, never));
        let mut second = Box::pin(lookups.find(&many, 2, never));
        poll_fn(|cx| {
            assert!(first.as_mut().poll(cx).is_pending());
            assert!(second.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        drop(first);
        assert_eq!(second.await, None);
        assert!(lookups.open().is_empty());
    }

    #[tokio::test]
    async fn two_ways_to_look_are_two_statements() {
        let (lookups, one, other) = (Lookups::default(), many(), many());
        let _others = [lookups.begin(), lookups.begin()];
        let ask = async |values: Value| Some(rows(&values));
        let (first, second, third) =
            tokio::join!(lookups.find(&one, 1, ask), lookups.find(&other, 2, ask), lookups.find(&one, 3, ask));
        assert_eq!(second, None, "nobody else looks in this way");
        assert_eq!([first, third].map(|rows| rows.map(|rows| rows.len())), [Some(1), Some(1)]);
    }
}
