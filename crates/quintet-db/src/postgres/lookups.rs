//! Rows that several tasks look for at once are asked for by one statement.
//!
//! Who looks for a row while others look for rows lets the tasks pass that are ready. Those among them that look by the
//! same statement leave their values with it, and get their rows when the one answer is here. It is asked after each of them
//! began to wait, so that everyone sees what was kept before.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use foldhash::fast::FixedState;
use quintet_core::schema::Value;
use tokio::sync::oneshot;
use tokio_postgres::types::Type;

use super::joint::Joint;
use crate::rows::Rows;

/// How many may leave their values with one.
const MOST: usize = 63;

/// Of how many statements it is known how they are asked together; then all are forgotten.
const ROOM: usize = 512;

/// What is looked for at this moment.
#[derive(Default)]
pub(super) struct Lookups {
    known: Mutex<HashMap<Box<str>, Option<Arc<Joint>>, FixedState>>,
    open: Mutex<Vec<Lookup>>,
    under_way: AtomicU32,
}

/// Those who look by one statement that is not asked yet, but for the first of them.
struct Lookup {
    joint: Arc<Joint>,
    others: Vec<Other>,
}

/// Somebody who left values.
struct Other {
    params: Vec<Value>,
    answer: oneshot::Sender<Rows>,
}

/// How somebody comes to rows.
enum Turn {
    Alone,
    First,
    With(oneshot::Receiver<Rows>),
}

impl Lookups {
    /// Somebody begins to look for rows, until what is given goes away.
    pub(super) fn begin(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(self)
    }

    /// How a statement is asked for several; nothing where it is not known yet, or known not to be possible.
    pub(super) fn joint(&self, sql: &str) -> Option<Option<Arc<Joint>>> {
        lock(&self.known).get(sql).cloned()
    }

    /// Keeps how a statement is asked for several, of which the server said the types of its parameters.
    pub(super) fn learn(&self, sql: &str, types: &[Type]) {
        let joint = Joint::of(sql, types).map(Arc::new);
        let mut known = lock(&self.known);
        if known.len() >= ROOM {
            known.clear();
        }
        known.insert(sql.into(), joint);
    }

    /// The rows of somebody, by one statement with others'; nothing where nobody else looks, or they did not come. `ask` asks
    /// for all.
    pub(super) async fn find<F: Future<Output = Option<Rows>>>(
        &self,
        joint: &Arc<Joint>,
        params: &[Value],
        ask: impl FnOnce(Vec<Value>) -> F,
    ) -> Option<Rows> {
        match self.turn(joint, params) {
            Turn::Alone => None,
            Turn::With(answer) => answer.await.ok(),
            Turn::First => {
                let first = First { lookups: self, joint, is_open: true };
                let_others_pass().await;
                let others = first.others();
                if others.is_empty() {
                    return None;
                }
                // Boxed: who is alone has no room for it.
                Box::pin(together(joint, params, others, ask)).await
            }
        }
    }

    fn turn(&self, joint: &Arc<Joint>, params: &[Value]) -> Turn {
        let mut open = lock(&self.open);
        match open.iter_mut().find(|lookup| Arc::ptr_eq(&lookup.joint, joint)) {
            None => {
                open.push(Lookup { joint: Arc::clone(joint), others: vec![] });
                Turn::First
            }
            Some(lookup) if lookup.others.len() < MOST => {
                let (answer, waiting) = oneshot::channel();
                lookup.others.push(Other { params: params.to_vec(), answer });
                Turn::With(waiting)
            }
            Some(_) => Turn::Alone,
        }
    }
}

/// Asks for the rows of all, and gives each its own.
async fn together<F: Future<Output = Option<Rows>>>(
    joint: &Joint,
    params: &[Value],
    others: Vec<Other>,
    ask: impl FnOnce(Vec<Value>) -> F,
) -> Option<Rows> {
    let all: Vec<&[Value]> = std::iter::once(params).chain(others.iter().map(|other| &*other.params)).collect();
    let rows = ask(joint.params(&all)).await?;
    let mut each = Joint::each(rows, all.len()).into_iter();
    let own = each.next();
    for (other, rows) in others.into_iter().zip(each) {
        // Who went away meanwhile gets nothing.
        drop(other.answer.send(rows));
    }
    own
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The first of those who look by one statement, until it asks: if it goes away before, the others ask by themselves.
struct First<'a> {
    lookups: &'a Lookups,
    joint: &'a Arc<Joint>,
    is_open: bool,
}

impl First<'_> {
    /// Those who left their values. Nobody else can from here on.
    fn others(mut self) -> Vec<Other> {
        self.close()
    }

    fn close(&mut self) -> Vec<Other> {
        self.is_open = false;
        let mut open = lock(&self.lookups.open);
        let at = open.iter().position(|lookup| Arc::ptr_eq(&lookup.joint, self.joint));
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

/// Somebody who looks for rows.
pub(super) struct UnderWay<'a>(&'a Lookups);

impl UnderWay<'_> {
    /// Whether nobody else does.
    pub(super) fn is_alone(&self) -> bool {
        self.0.under_way.load(Ordering::Relaxed) < 2
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
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
    use super::*;
    use crate::rows::Cell;

    fn joint() -> Arc<Joint> {
        Arc::new(Joint::of("SELECT name, id FROM t WHERE id = $1", &[Type::INT8]).expect("a statement"))
    }

    /// The rows of all who ask for these numbers: one for each below 100.
    fn rows(params: &[Value]) -> Rows {
        let [Value::List(numbers)] = params else { panic!("a list: {params:?}") };
        let known = numbers.iter().zip(1..).filter_map(|(number, asker)| match number {
            Value::Int(number) if *number < 100 => {
                Some([Cell::Text(format!("row {number}")), Cell::Int(*number), Cell::Int(asker)])
            }
            _ => None,
        });
        Rows::new(3, known.flatten().collect())
    }

    fn row(number: i64) -> Rows {
        let cells = if number < 100 { vec![Cell::Text(format!("row {number}")), Cell::Int(number)] } else { vec![] };
        Rows::new(2, cells)
    }

    /// What each of these finds, all at once, and how often was asked.
    async fn found(wanted: &[i64], fails: bool) -> (Vec<Option<Rows>>, u32) {
        let (lookups, joint, asked) = (Arc::new(Lookups::default()), joint(), Arc::new(AtomicU32::new(0)));
        let tasks = wanted.iter().map(|number| {
            let (lookups, joint, asked) = (Arc::clone(&lookups), Arc::clone(&joint), Arc::clone(&asked));
            let number = *number;
            tokio::spawn(async move {
                let ask = async |params: Vec<Value>| {
                    asked.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                    (!fails).then(|| rows(&params))
                };
                lookups.find(&joint, &[Value::Int(number)], ask).await
            })
        });
        let mut answers = vec![];
        for task in tasks.collect::<Vec<_>>() {
            answers.push(task.await.unwrap());
        }
        assert!(lock(&lookups.open).is_empty());
        (answers, asked.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn who_is_alone_asks_by_itself() {
        assert_eq!(found(&[1], false).await, (vec![None], 0));
        let lookups = Lookups::default();
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
        let (answers, asked) = found(&wanted, false).await;
        assert_eq!(answers, wanted.map(|number| Some(row(number))));
        assert_eq!(asked, 1);
    }

    #[tokio::test]
    async fn more_than_fit_ask_by_themselves() {
        let wanted: Vec<i64> = (0..200).map(|number| number % 150).collect();
        let (answers, asked) = found(&wanted, false).await;
        assert_eq!((answers.iter().flatten().count(), asked), (MOST + 1, 1));
        for (answer, number) in answers.into_iter().zip(wanted) {
            assert!(answer.is_none_or(|rows| rows == row(number)));
        }
    }

    #[tokio::test]
    async fn where_the_one_statement_fails_each_asks_by_itself() {
        assert_eq!(found(&[1, 2, 3], true).await, (vec![None, None, None], 1));
    }

    #[tokio::test]
    async fn who_goes_away_leaves_nobody_waiting() {
        let (lookups, joint) = (Lookups::default(), joint());
        let never = async |_| panic!("nobody asks");
        let mut first = Box::pin(lookups.find(&joint, &[Value::Int(1)], never));
        let mut second = Box::pin(lookups.find(&joint, &[Value::Int(2)], never));
        poll_fn(|cx| {
            assert!(first.as_mut().poll(cx).is_pending());
            assert!(second.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        drop(first);
        assert_eq!(second.await, None);
        assert!(lock(&lookups.open).is_empty());
    }

    #[tokio::test]
    async fn two_statements_are_not_asked_as_one() {
        let (lookups, one, other) = (Lookups::default(), joint(), joint());
        let ask = async |params: Vec<Value>| Some(rows(&params));
        let number = |number| [Value::Int(number)];
        let (first, second, third) = (number(1), number(2), number(3));
        let (first, second, third) = tokio::join!(
            lookups.find(&one, &first, ask),
            lookups.find(&other, &second, ask),
            lookups.find(&one, &third, ask)
        );
        assert_eq!([first, second, third], [Some(row(1)), None, Some(row(3))]);
    }

    #[test]
    fn what_is_known_of_statements_has_an_end() {
        let lookups = Lookups::default();
        for number in 0..2 * ROOM {
            lookups.learn(&format!("SELECT {number} FROM t WHERE id = $1"), &[Type::INT8]);
            assert!(lock(&lookups.known).len() <= ROOM);
        }
        lookups.learn("SELECT 1", &[]);
        assert!(matches!(lookups.joint("SELECT 1"), Some(None)));
        assert!(lookups.joint("SELECT 2").is_none());
    }
}
