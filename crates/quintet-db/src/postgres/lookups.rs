//! Rows that several tasks look for at once are asked for by one statement.
//!
//! Who looks for a row while others look for rows leaves its values, and a task that passes behind all that are ready
//! collects those who look by the same statement, asks for all of them, and gives each its rows. It is asked after each of
//! them began to wait, so that everyone sees what was kept before. What goes wrong is asked again by each alone.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use foldhash::fast::FixedState;
use quintet_core::schema::Value;
use tokio::sync::oneshot;
use tokio_postgres::types::Type;

use super::gather::let_others_pass;
use super::joint::Joint;
use super::statements::Changes;
use super::under_way::{One, UnderWay};
use crate::error::{ErrorKind, Result};
use crate::rows::Rows;

/// How many are asked for by one statement.
const MOST: usize = 64;

/// Of how many statements it is known how they are asked together; then all are forgotten.
const ROOM: usize = 512;

/// What is looked for at this moment.
pub(super) struct Lookups {
    known: Mutex<Known>,
    open: Mutex<Vec<Lookup>>,
    under_way: UnderWay,
    changes: Changes,
}

/// How statements are asked for several, by their text; nothing for those that cannot be.
#[derive(Default)]
struct Known {
    by_text: HashMap<Box<str>, Option<Arc<Joint>>, FixedState>,
    /// How many changes of tables there were when all were forgotten last.
    changes: u64,
}

/// Those who look by one statement that is not asked yet.
struct Lookup {
    joint: Arc<Joint>,
    askers: Vec<Asker>,
}

/// Somebody who left values.
struct Asker {
    params: Vec<Value>,
    answer: oneshot::Sender<Result<Rows>>,
}

impl Lookups {
    /// Of a pool whose tables change so often.
    pub(super) fn new(changes: Changes) -> Self {
        Self { known: Mutex::default(), open: Mutex::default(), under_way: UnderWay::default(), changes }
    }

    /// Somebody begins to look for rows, until what is given goes away.
    pub(super) fn begin(&self) -> One<'_> {
        self.under_way.begin()
    }

    /// How a statement is asked for several; nothing where it is not known yet, or known not to be possible.
    pub(super) fn joint(&self, sql: &str) -> Option<Option<Arc<Joint>>> {
        self.known().by_text.get(sql).cloned()
    }

    /// Keeps how a statement is asked for several, of which the server said the types of its parameters.
    pub(super) fn learn(&self, sql: &str, types: &[Type]) {
        let joint = Joint::of(sql, types).map(Arc::new);
        let mut known = self.known();
        if known.by_text.len() >= ROOM {
            known.by_text.clear();
        }
        known.by_text.insert(sql.into(), joint);
    }

    /// From here on it is asked by each alone.
    fn give_up(&self, joint: &Arc<Joint>) {
        let mut known = self.known();
        let it = known.by_text.values_mut().find(|known| known.as_ref().is_some_and(|known| Arc::ptr_eq(known, joint)));
        if let Some(it) = it {
            *it = None;
        }
    }

    /// The rows of somebody, by one statement with others'; nothing where nobody else looks, or they did not come. `ask` asks
    /// for all of them, where this is the first.
    pub(super) async fn find<F>(
        self: &Arc<Self>,
        joint: &Arc<Joint>,
        params: &[Value],
        ask: impl FnOnce(Vec<Value>) -> F + Send + 'static,
    ) -> Option<Result<Rows>>
    where
        F: Future<Output = Option<Result<Rows>>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let asker = Asker { params: params.to_vec(), answer };
        if self.is_first(joint, asker)? {
            // A task of its own: who looks may be left waiting by its caller, and the others are not to wait for that.
            tokio::spawn(together(
                Collecting { lookups: Arc::clone(self), joint: Arc::clone(joint), is_open: true },
                ask,
            ));
        }
        answered.await.ok()
    }

    /// Whether somebody is the first; nothing where there is no room.
    fn is_first(&self, joint: &Arc<Joint>, asker: Asker) -> Option<bool> {
        let mut open = lock(&self.open);
        match open.iter_mut().find(|lookup| Arc::ptr_eq(&lookup.joint, joint)) {
            None => {
                open.push(Lookup { joint: Arc::clone(joint), askers: vec![asker] });
                Some(true)
            }
            Some(lookup) => (lookup.askers.len() < MOST).then(|| {
                lookup.askers.push(asker);
                false
            }),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        let mut known = lock(&self.known);
        let changes = self.changes.count();
        if known.changes != changes {
            *known = Known { changes, ..Known::default() };
        }
        known
    }
}

/// Asks for the rows of all who come until it is this task's turn, and gives each its own.
async fn together<F>(mut collecting: Collecting, ask: impl FnOnce(Vec<Value>) -> F)
where
    F: Future<Output = Option<Result<Rows>>>,
{
    let_others_pass().await;
    let mut askers = collecting.close();
    if askers.len() < 2 {
        return;
    }
    let all: Vec<&[Value]> = askers.iter().map(|asker| &*asker.params).collect();
    let mut asked = pin!(ask(collecting.joint.params(&all)));
    let answer = poll_fn(|cx| match asked.as_mut().poll(cx) {
        Poll::Ready(answer) => Poll::Ready(answer),
        // Where nobody waits any more, the server is told so.
        Poll::Pending if askers.iter_mut().all(|asker| asker.answer.poll_closed(cx).is_ready()) => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    });
    match answer.await {
        Some(Ok(rows)) => {
            let each = Joint::each(rows, askers.len());
            // Who went away meanwhile gets nothing.
            askers.into_iter().zip(each).for_each(|(asker, rows)| drop(asker.answer.send(Ok(rows))));
        }
        // To wait again would take as long.
        Some(Err(error)) if error.kind() == ErrorKind::Timeout => {
            askers.into_iter().for_each(|asker| drop(asker.answer.send(Err(error.told_again()))));
        }
        Some(Err(_)) => collecting.lookups.give_up(&collecting.joint),
        None => {}
    }
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Those who look by one statement are collected: however that ends, nobody comes to them afterwards.
struct Collecting {
    lookups: Arc<Lookups>,
    joint: Arc<Joint>,
    is_open: bool,
}

impl Collecting {
    /// Those who came.
    fn close(&mut self) -> Vec<Asker> {
        self.is_open = false;
        let mut open = lock(&self.lookups.open);
        let at = open.iter().position(|lookup| Arc::ptr_eq(&lookup.joint, &self.joint));
        at.map(|at| open.swap_remove(at).askers).unwrap_or_default()
    }
}

impl Drop for Collecting {
    fn drop(&mut self) {
        if self.is_open {
            drop(self.close());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::error::Error;
    use crate::rows::Cell;

    fn lookups() -> Arc<Lookups> {
        Arc::new(Lookups::new(Changes::default()))
    }

    fn joint() -> Arc<Joint> {
        Arc::new(Joint::of("SELECT name, id FROM t WHERE id = $1", &[Type::INT8]).expect("a statement"))
    }

    /// The rows of all who ask for these numbers: one for each below 100.
    fn rows(params: &[Value]) -> Rows {
        let [Value::List(numbers)] = params else { panic!("a list: {params:?}") };
        let known = numbers.iter().zip(1..).filter_map(|(number, asker)| match number {
            Value::Int(number) if *number < 100 => {
                Some([Cell::Text(format!("row {number}").into()), Cell::Int(*number), Cell::Int(asker)])
            }
            _ => None,
        });
        Rows::new(3, known.flatten().collect())
    }

    fn row(number: i64) -> Rows {
        let cells =
            if number < 100 { vec![Cell::Text(format!("row {number}").into()), Cell::Int(number)] } else { vec![] };
        Rows::new(2, cells)
    }

    /// What each of these finds, all at once, where this is answered, and how often was asked.
    async fn found(
        lookups: &Arc<Lookups>,
        joint: &Arc<Joint>,
        wanted: &[i64],
        answer: fn(&[Value]) -> Option<Result<Rows>>,
    ) -> (Vec<Option<Result<Rows>>>, u32) {
        let asked = Arc::new(AtomicU32::new(0));
        let tasks = wanted.iter().map(|number| {
            let (lookups, joint, asked) = (Arc::clone(lookups), Arc::clone(joint), Arc::clone(&asked));
            let params = [Value::Int(*number)];
            tokio::spawn(async move {
                let ask = move |params: Vec<Value>| async move {
                    asked.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                    answer(&params)
                };
                lookups.find(&joint, &params, ask).await
            })
        });
        let mut answers = vec![];
        for task in tasks.collect::<Vec<_>>() {
            answers.push(task.await.unwrap());
        }
        assert!(lock(&lookups.open).is_empty());
        (answers, asked.load(Ordering::Relaxed))
    }

    fn right(params: &[Value]) -> Option<Result<Rows>> {
        Some(Ok(rows(params)))
    }

    #[tokio::test]
    async fn who_is_alone_asks_by_itself() {
        let lookups = lookups();
        let (answers, asked) = found(&lookups, &joint(), &[1], right).await;
        assert!(answers[0].is_none() && asked == 0);
        let one = lookups.begin();
        assert!(one.is_alone());
        let other = lookups.begin();
        assert!(!one.is_alone() && !other.is_alone());
        drop(other);
        assert!(one.is_alone());
    }

    #[tokio::test]
    async fn those_who_look_at_once_get_their_own_rows_of_one_answer() {
        let wanted = [7, 3, 3, 100, 7, 9, 100];
        let (answers, asked) = found(&lookups(), &joint(), &wanted, right).await;
        let answers: Vec<Rows> = answers.into_iter().map(|answer| answer.expect("an answer").expect("rows")).collect();
        assert_eq!(answers, wanted.map(row));
        assert_eq!(asked, 1);
    }

    #[tokio::test]
    async fn more_than_fit_ask_by_themselves() {
        let wanted: Vec<i64> = (0..200).map(|number| number % 150).collect();
        let (answers, asked) = found(&lookups(), &joint(), &wanted, right).await;
        assert_eq!((answers.iter().flatten().count(), asked), (MOST, 1));
        for (answer, number) in answers.into_iter().zip(wanted) {
            assert!(answer.is_none_or(|rows| rows.expect("rows") == row(number)));
        }
    }

    #[tokio::test]
    async fn what_is_refused_is_asked_by_each_alone_from_then_on() {
        let lookups = lookups();
        let sql = "SELECT name, id FROM t WHERE id = $1";
        lookups.learn(sql, &[Type::INT8]);
        let joint = lookups.joint(sql).flatten().expect("a statement");
        let away = |_: &[Value]| None;
        let (answers, asked) = found(&lookups, &joint, &[1, 2, 3], away).await;
        assert!(answers.iter().all(Option::is_none) && asked == 1);
        assert!(lookups.joint(sql).flatten().is_some(), "a server that is away says nothing of a statement");
        let refused = |_: &[Value]| Some(Err(Error::other("no such operator")));
        let (answers, asked) = found(&lookups, &joint, &[1, 2, 3], refused).await;
        assert!(answers.iter().all(Option::is_none) && asked == 1);
        assert!(matches!(lookups.joint(sql), Some(None)));
    }

    #[tokio::test]
    async fn what_took_too_long_is_not_waited_for_again() {
        let slow = |_: &[Value]| Some(Err(Error::new(ErrorKind::Timeout, "too long").with_hint("more time")));
        let (answers, _) = found(&lookups(), &joint(), &[1, 2, 3], slow).await;
        for answer in answers {
            let error = answer.expect("an answer").unwrap_err();
            assert_eq!(
                (error.kind(), error.message(), error.hint()),
                (ErrorKind::Timeout, "too long", Some("more time"))
            );
        }
    }

    #[tokio::test]
    async fn who_is_left_waiting_by_its_caller_or_goes_away_holds_nobody_up() {
        let (lookups, joint) = (lookups(), joint());
        let find = |number: i64| {
            let (lookups, joint) = (Arc::clone(&lookups), Arc::clone(&joint));
            Box::pin(async move {
                lookups.find(&joint, &[Value::Int(number)], |params| async move { right(&params) }).await
            })
        };
        let (mut first, mut second) = (find(1), find(2));
        poll_fn(|cx| {
            assert!(first.as_mut().poll(cx).is_pending());
            assert!(second.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        drop(second);
        let third = tokio::time::timeout(Duration::from_secs(5), find(3)).await.expect("an answer in time");
        assert_eq!(third.expect("together").expect("rows"), row(3));
        assert_eq!(first.await.expect("together").expect("rows"), row(1));
    }

    #[tokio::test]
    async fn what_nobody_waits_for_any_more_is_not_asked_to_its_end() {
        struct Ended(Arc<AtomicU32>);
        impl Drop for Ended {
            fn drop(&mut self) {
                self.0.fetch_add(1, Ordering::Relaxed);
            }
        }
        let (lookups, joint, ended) = (lookups(), joint(), Arc::new(AtomicU32::new(0)));
        let tasks = [1, 2].map(|number| {
            let (lookups, joint, ended) = (Arc::clone(&lookups), Arc::clone(&joint), Ended(Arc::clone(&ended)));
            tokio::spawn(async move {
                let never = |_| async move {
                    let _ended = ended;
                    std::future::pending::<Option<Result<Rows>>>().await
                };
                lookups.find(&joint, &[Value::Int(number)], never).await.map(|_| ())
            })
        });
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert_eq!(ended.load(Ordering::Relaxed), 0);
        tasks.iter().for_each(tokio::task::JoinHandle::abort);
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert_eq!(ended.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn two_statements_are_not_asked_as_one() {
        let (lookups, one, other) = (lookups(), joint(), joint());
        let ask = |params: Vec<Value>| async move { right(&params) };
        let number = |number| [Value::Int(number)];
        let (first, second, third) = (number(1), number(2), number(3));
        let (first, second, third) = tokio::join!(
            lookups.find(&one, &first, ask),
            lookups.find(&other, &second, ask),
            lookups.find(&one, &third, ask)
        );
        assert!(second.is_none());
        assert_eq!([first, third].map(|answer| answer.expect("an answer").expect("rows")), [row(1), row(3)]);
    }

    #[test]
    fn what_is_known_of_statements_has_an_end() {
        let changes = Changes::default();
        let lookups = Lookups::new(changes.clone());
        for number in 0..2 * ROOM {
            lookups.learn(&format!("SELECT {number} FROM t WHERE id = $1"), &[Type::INT8]);
            assert!(lookups.known().by_text.len() <= ROOM);
        }
        lookups.learn("SELECT 1", &[]);
        assert!(matches!(lookups.joint("SELECT 1"), Some(None)));
        assert!(lookups.joint("SELECT 2").is_none());
        // A column may have another type now.
        changes.add();
        assert!(lookups.joint("SELECT 1").is_none());
    }
}
