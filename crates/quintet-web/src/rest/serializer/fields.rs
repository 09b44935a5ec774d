//! The fields of a serializer, each by itself.
//!
//! First comes what needs no database; then all that is to be asked of it at once, so that the answers are waited for
//! together; then the serializer's own functions, one after the other.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use quintet_core::json::Json;
use quintet_core::python;
use quintet_core::rest::{Data, Datum, Given, Input, Kind, Nested, Outcome, Parsed, Problem, Problems};

use super::attributes::Attributes;
use super::context::Context;
use super::looks::Looks;
use super::shape::{Limits, Member, Role, Shape};
use super::validate::{data_of, listed, one, several, whole};
use super::{relation, unique};
use crate::http::{BoxFuture, Error, Result};

/// The values of all fields.
pub(super) async fn values(shape: &Shape, data: &Data, context: &Context<'_>) -> Result<Attributes> {
    if let Data::Json(json) = data
        && !matches!(json, Json::Object(_))
    {
        let kind = python::type_name(json);
        let text = format!("Invalid data. Expected a dictionary, but got {kind}.");
        return Err(whole(context, Problem::new("invalid", text)));
    }
    let writable = || shape.members.iter().filter(|member| !member.field.read_only);
    let (mut outcomes, mut questions) = (Vec::with_capacity(shape.members.len()), vec![]);
    for (place, member) in writable().enumerate() {
        outcomes.push(match begun(member, data, context) {
            Begun::Known(outcome) => outcome,
            Begun::Asks(ask) => {
                questions.push(Question { place, member, ask });
                Ok(Outcome::Skip)
            }
        });
    }
    answer(shape, questions, &mut outcomes, context).await;
    let (mut attributes, mut wrong) = (Attributes::new(), vec![]);
    for (member, outcome) in writable().zip(outcomes) {
        let value = match outcome {
            Ok(Outcome::Skip) => continue,
            Ok(Outcome::Valid(datum)) => checked(member, datum, context).await,
            Err(error) => Err(error),
        };
        match value {
            Ok(datum) => attributes.set_path(&member.path, datum),
            Err(error) => wrong.push((member.field.name.to_string(), error.into_problems()?)),
        }
    }
    if wrong.is_empty() { Ok(attributes) } else { Err(Error::validation(Problems::Map(wrong))) }
}

/// What is known of a field without the database.
enum Begun<'a> {
    Known(Result<Outcome>),
    Asks(Ask<'a>),
}

/// What the database is asked.
enum Ask<'a> {
    /// Whether another row has the value.
    Unique(Parsed<'a>),
    /// Which rows are meant, or all that another serializer asks.
    Rows(Input<'a>),
}

struct Question<'a> {
    place: usize,
    member: &'a Member,
    ask: Ask<'a>,
}

fn begun<'a>(member: &'a Member, data: &'a Data, context: &Context<'_>) -> Begun<'a> {
    let (field, facts) = (&member.field, context.facts());
    let known = match &member.role {
        Role::Method(_) | Role::Later(_) | Role::Value(_) => Ok(Outcome::Skip),
        Role::Plain => match field.parse(field.input(data, facts), facts) {
            Ok(parsed) if !parsed.asks().is_empty() => return Begun::Asks(Ask::Unique(parsed)),
            parsed => parsed.and_then(|parsed| parsed.finish(vec![])),
        },
        Role::Related(_) | Role::Nested(_) => match field.empty(field.input(data, facts), facts) {
            Ok(Given::Input(input)) => return Begun::Asks(Ask::Rows(input)),
            Ok(Given::Valid(datum)) => Ok(Outcome::Valid(datum)),
            Ok(Given::Skip) => Ok(Outcome::Skip),
            Err(problems) => Err(problems),
        },
    };
    Begun::Known(known.map_err(Error::validation))
}

/// Puts the answers in their places. All questions are asked before the first answer is waited for.
async fn answer(shape: &Shape, questions: Vec<Question<'_>>, outcomes: &mut [Result<Outcome>], context: &Context<'_>) {
    if questions.is_empty() {
        return;
    }
    let looks = &Looks::default();
    let one = |Question { place, member, ask }| -> (usize, BoxFuture<'_, _>) {
        (place, Box::pin(answered(shape, member, ask, context, looks)))
    };
    let mut waiting: Vec<_> = questions.into_iter().map(one).collect();
    let mut looking: Option<BoxFuture<'_, ()>> = None;
    poll_fn(|cx| {
        loop {
            waiting.retain_mut(|(place, future)| match future.as_mut().poll(cx) {
                Poll::Ready(outcome) => {
                    outcomes[*place] = outcome;
                    false
                }
                Poll::Pending => true,
            });
            if waiting.is_empty() {
                return Poll::Ready(());
            }
            if looking.is_none() && looks.are_asked() {
                looking = Some(Box::pin(looks.answer(context.db())));
            }
            if looking.as_mut().is_none_or(|future| future.as_mut().poll(cx).is_pending()) {
                return Poll::Pending;
            }
            looking = None;
        }
    })
    .await;
}

/// What comes of a field once the database has answered.
async fn answered(
    shape: &Shape,
    member: &Member,
    ask: Ask<'_>,
    context: &Context<'_>,
    looks: &Looks,
) -> Result<Outcome> {
    let field = &member.field;
    let parsed = match ask {
        Ask::Unique(parsed) => parsed,
        Ask::Rows(input) => {
            let datum = match &member.role {
                Role::Related(target) => relation::read(field, target, input, context, looks).await?,
                // Boxed: most fields are no serializers.
                Role::Nested(inner) => Box::pin(nested(inner, member, input, context)).await?,
                _ => return Err(Error::internal("a field has no rows")),
            };
            field.check(datum).map_err(Error::validation)?
        }
    };
    let mut found = vec![];
    if let Outcome::Valid(datum) = parsed.outcome() {
        for ask in parsed.asks() {
            if unique::is_taken(shape, member, ask, datum, context, looks).await? {
                found.push(Problem::new("unique", ask.message()));
            }
        }
    }
    parsed.finish(found).map_err(Error::validation)
}

/// What the serializer's own function for the field makes of its value.
async fn checked(member: &Member, datum: Datum, context: &Context<'_>) -> Result<Datum> {
    match &member.check {
        Some(check) => check(datum, context).await,
        None => Ok(datum),
    }
}

/// Another serializer's data.
async fn nested(shape: &Arc<Shape>, member: &Member, input: Input<'_>, context: &Context<'_>) -> Result<Datum> {
    let context = context.nested();
    match &member.field.kind {
        Kind::Nested(nested) if nested.many => {
            let Nested { allow_empty, min_length, max_length, .. } = *nested;
            let limits = Limits { allow_empty, min_length, max_length };
            let rows = several(shape, limits, input, &context).await?;
            Ok(Datum::List(rows.into_iter().map(Datum::from).collect()))
        }
        Kind::Nested(_) => one(shape, &data_of(input), &context).await.map(Datum::from),
        Kind::List(list) => listed(shape, &member.field, list, input, &context).await,
        _ => Err(Error::internal("a field is no serializer")),
    }
}
