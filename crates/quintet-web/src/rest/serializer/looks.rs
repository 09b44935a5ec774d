//! What the fields of a serializer look up, each by one value: put to the database together.
//!
//! A field whose value names a row, and one whose value nobody else may have, ask the same kind of question. Those of one
//! serializer are one statement, so that a new row costs one such question however many keys it has.

use std::future::poll_fn;
use std::mem::replace;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use quintet_core::query::QueryErrorKind;
use quintet_db::query::{Look, look_up};
use quintet_db::{Cell, Db, Error, Result};

/// Questions, in the order in which they were asked. Whoever asks is waited for by whoever has them answered, in one task:
/// [`find`](Self::find) does not wake it.
#[derive(Default)]
pub(super) struct Looks(Mutex<Vec<State>>);

/// What became of a question.
enum State {
    Asked(Look),
    /// It is with the database, or its answer was taken.
    Gone,
    Answered(Result<Option<Cell>>),
}

impl Looks {
    /// What a question finds; nothing where there is no row.
    pub(super) async fn find(&self, db: Db<'_>, look: Look) -> Result<Option<Cell>> {
        if !look.can_be_joined(db)? {
            // Boxed: most questions can be.
            return Box::pin(look.alone(db)).await;
        }
        let number = {
            let mut all = self.all();
            all.push(State::Asked(look));
            all.len() - 1
        };
        poll_fn(|_| match &mut self.all()[number] {
            state @ State::Answered(_) => match replace(state, State::Gone) {
                State::Answered(answer) => Poll::Ready(answer),
                _ => Poll::Pending,
            },
            _ => Poll::Pending,
        })
        .await
    }

    /// Whether some are to be answered.
    pub(super) fn are_asked(&self) -> bool {
        self.all().iter().any(|state| matches!(state, State::Asked(_)))
    }

    /// Has the database answer all that were asked so far.
    pub(super) async fn answer(&self, db: Db<'_>) {
        let (mut numbers, mut looks) = (vec![], vec![]);
        for (number, state) in self.all().iter_mut().enumerate() {
            if let State::Asked(_) = state
                && let State::Asked(look) = replace(state, State::Gone)
            {
                numbers.push(number);
                looks.push(look);
            }
        }
        let mut answers = vec![];
        if looks.len() > 1 {
            match look_up(db, &looks).await {
                Ok(found) => answers.extend(found.into_iter().map(Ok)),
                // A value that is none of its column's says nothing of the others.
                Err(error) if error.query() == Some(QueryErrorKind::Value) => {}
                // It is told once, and nothing more is asked.
                Err(error) => {
                    answers.push(Err(error));
                    let unasked = || Err(Error::other("the statement failed that would have told"));
                    answers.resize_with(looks.len(), unasked);
                }
            }
        }
        for look in looks.drain(answers.len().min(looks.len())..) {
            answers.push(Box::pin(look.alone(db)).await);
        }
        let mut all = self.all();
        for (number, answer) in numbers.into_iter().zip(answers) {
            all[number] = State::Answered(answer);
        }
    }

    fn all(&self) -> MutexGuard<'_, Vec<State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
