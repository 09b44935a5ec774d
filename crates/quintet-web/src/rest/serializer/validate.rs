//! From input to validated data, in the reference's order: each field by itself, then, if none failed, what is asked of
//! several together, then the serializer's own `validate`.

use std::sync::Arc;

use quintet_core::json::Json;
use quintet_core::python;
use quintet_core::rest::{Data, Datum, Given, Input, Kind, Nested, Outcome, Problem, Problems};

use super::attributes::Attributes;
use super::context::Context;
use super::shape::{Member, Role, Shape};
use super::{relation, together, unique};
use crate::http::{BoxFuture, Error, Result};

/// Validates the data of a request, for one row.
pub(crate) async fn root(shape: &Shape, data: &Data, context: &Context<'_>) -> Result<Attributes> {
    if matches!(data, Data::Json(Json::Null)) {
        return Err(no_data(context));
    }
    one(shape, data, context).await
}

/// The same for several rows.
pub(crate) async fn root_many(shape: &Shape, data: &Data, context: &Context<'_>) -> Result<Vec<Attributes>> {
    if matches!(data, Data::Json(Json::Null)) {
        return Err(no_data(context));
    }
    let field = super::shape::nested_field(shape.name).many(true);
    let input = match data {
        Data::Json(json) => Input::from(json),
        form @ Data::Form(_) => match field.input(form, context.facts()) {
            Input::Absent => Input::List(vec![]),
            given => given,
        },
    };
    match several(shape, &Nested { allow_empty: true, ..Nested::default() }, input, context).await? {
        Datum::List(rows) => Ok(rows.into_iter().filter_map(map_of).collect()),
        _ => Ok(vec![]),
    }
}

fn map_of(datum: Datum) -> Option<Attributes> {
    match datum {
        Datum::Map(members) => Some(members.into()),
        _ => None,
    }
}

fn no_data(context: &Context<'_>) -> Error {
    whole(context, Problem::new("null", "No data provided"))
}

/// What belongs to no field.
fn whole(context: &Context<'_>, problem: Problem) -> Error {
    let key = context.facts().settings.non_field_errors_key.clone();
    Error::validation(Problems::Map(vec![(key, problem.into())]))
}

/// One serializer's data.
pub(crate) fn one<'f>(shape: &'f Shape, data: &'f Data, context: &'f Context<'f>) -> BoxFuture<'f, Result<Attributes>> {
    Box::pin(async move {
        let mut attributes = match &shape.taken_by {
            Some(function) => function(data.clone(), context).await?,
            None => fields(shape, data, context).await?,
        };
        let mut answer = together::check(shape, &attributes, context).await;
        if let (Ok(()), Some(hooks)) = (&answer, &shape.hooks) {
            answer = (hooks.validate)(&mut attributes, context).await;
        }
        match answer {
            Ok(()) => Ok(attributes),
            Err(error) => Err(as_serializer_error(error, context)),
        }
    })
}

/// What `validate` and rules say belongs to no field, unless it names fields.
fn as_serializer_error(error: Error, context: &Context<'_>) -> Error {
    match error.into_problems() {
        Ok(list @ Problems::List(_)) => {
            Error::validation(Problems::Map(vec![(context.facts().settings.non_field_errors_key.clone(), list)]))
        }
        Ok(map) => Error::validation(map),
        Err(error) => error,
    }
}

/// Each field by itself.
pub(crate) async fn fields(shape: &Shape, data: &Data, context: &Context<'_>) -> Result<Attributes> {
    if let Data::Json(json) = data
        && !matches!(json, Json::Object(_))
    {
        let kind = python::type_name(json);
        let text = format!("Invalid data. Expected a dictionary, but got {kind}.");
        return Err(whole(context, Problem::new("invalid", text)));
    }
    let (mut attributes, mut wrong) = (Attributes::new(), vec![]);
    for member in shape.members.iter().filter(|member| !member.field.read_only) {
        match value(shape, member, data, context).await {
            Ok(Some(datum)) => attributes.set_path(&member.path, datum),
            Ok(None) => {}
            Err(error) => wrong.push((member.field.name.to_string(), error.into_problems()?)),
        }
    }
    if wrong.is_empty() { Ok(attributes) } else { Err(Error::validation(Problems::Map(wrong))) }
}

/// The value of a field; `None` where it is left out.
async fn value(shape: &Shape, member: &Member, data: &Data, context: &Context<'_>) -> Result<Option<Datum>> {
    let (field, facts) = (&member.field, context.facts());
    let input = field.input(data, facts);
    let parsed = match &member.role {
        Role::Plain => field.parse(input, facts).map_err(Error::validation)?,
        Role::Method(_) => return Ok(None),
        Role::Related(target) => match field.empty(input, facts).map_err(Error::validation)? {
            Given::Skip => return Ok(None),
            Given::Valid(datum) => return checked(member, datum, context).await.map(Some),
            Given::Input(input) => {
                let datum = relation::read(field, target, input, context).await?;
                field.check(datum, facts).map_err(Error::validation)?
            }
        },
        Role::Nested(inner) => match field.empty(input, facts).map_err(Error::validation)? {
            Given::Skip => return Ok(None),
            Given::Valid(datum) => return checked(member, datum, context).await.map(Some),
            Given::Input(input) => {
                let datum = nested(inner, member, input, context).await?;
                field.check(datum, facts).map_err(Error::validation)?
            }
        },
    };
    let mut found = vec![];
    if let Outcome::Valid(datum) = parsed.outcome() {
        for ask in parsed.asks() {
            if unique::is_taken(shape, member, ask, datum, context).await? {
                found.push(Problem::new("unique", ask.message()));
            }
        }
    }
    match parsed.finish(found).map_err(Error::validation)? {
        Outcome::Skip => Ok(None),
        Outcome::Valid(datum) => checked(member, datum, context).await.map(Some),
    }
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
    let Kind::Nested(nested) = &member.field.kind else { return Err(Error::internal("a field is no serializer")) };
    let context = context.nested();
    if nested.many {
        return several(shape, nested, input, &context).await;
    }
    one(shape, &data_of(input), &context).await.map(Datum::from)
}

/// Several of a serializer's data. Problems stand under their numbers.
async fn several(shape: &Shape, nested: &Nested, input: Input<'_>, context: &Context<'_>) -> Result<Datum> {
    let members: Vec<Data> = match input {
        Input::List(members) => members.into_iter().map(data_of).collect(),
        Input::Json(json) | Input::Form(json) => match json.into_owned() {
            Json::List(members) => members.into_iter().map(Data::Json).collect(),
            other => {
                let text = format!("Expected a list of items but got type \"{}\".", python::type_name(&other));
                return Err(whole(context, Problem::new("not_a_list", text)));
            }
        },
        _ => return Err(whole(context, Problem::new("not_a_list", "Expected a list of items but got type \"dict\"."))),
    };
    let count = u32::try_from(members.len()).unwrap_or(u32::MAX);
    let refusal = match (nested.max_length, nested.min_length) {
        _ if !nested.allow_empty && count == 0 => Some(Problem::new("empty", "This list may not be empty.")),
        (Some(most), _) if count > most => {
            Some(Problem::new("max_length", format!("Ensure this field has no more than {most} elements.")))
        }
        (_, Some(least)) if count < least => {
            Some(Problem::new("min_length", format!("Ensure this field has at least {least} elements.")))
        }
        _ => None,
    };
    if let Some(problem) = refusal {
        return Err(whole(context, problem));
    }
    let (mut all, mut wrong) = (vec![], vec![]);
    for (number, data) in members.iter().enumerate() {
        let answer = match data {
            Data::Json(Json::Null) => Err(Error::validation(Problems::one("null", "This field may not be null."))),
            data => one(shape, data, context).await,
        };
        match answer {
            Ok(attributes) => all.push(attributes.into()),
            Err(error) => wrong.push((number.to_string(), error.into_problems()?)),
        }
    }
    if wrong.is_empty() { Ok(Datum::List(all)) } else { Err(Error::validation(Problems::Map(wrong))) }
}

fn data_of(input: Input<'_>) -> Data {
    match input {
        Input::Json(json) | Input::Form(json) => Data::Json(json.into_owned()),
        Input::Part(part) => Data::Form(part),
        Input::List(members) => Data::Json(Json::List(members.into_iter().map(json_of).collect())),
        Input::Absent | Input::File(_) => Data::Json(Json::Null),
    }
}

fn json_of(input: Input<'_>) -> Json {
    match input {
        Input::Json(json) | Input::Form(json) => json.into_owned(),
        _ => Json::Null,
    }
}
