//! From input to validated data, in the reference's order: each field by itself, then, if none failed, what is asked of
//! several together, then the serializer's own `validate`.

use quintet_core::json::Json;
use quintet_core::python;
use quintet_core::rest::{Data, Datum, Field, Input, List, MOST_PROBLEMS, Problem, Problems};

use super::attributes::Attributes;
use super::context::Context;
use super::shape::{Limits, Shape};
use super::{fields, together};
use crate::http::{BoxFuture, Error, Result};

/// Validates the data of a request, for one row.
pub(crate) async fn root(shape: &Shape, data: &Data, context: &Context<'_>) -> Result<Attributes> {
    if matches!(data, Data::Json(Json::Null)) {
        return Err(no_data(context));
    }
    one(shape, data, context).await
}

/// The same for several rows.
pub(crate) async fn root_many(
    shape: &Shape,
    limits: Limits,
    data: &Data,
    context: &Context<'_>,
) -> Result<Vec<Attributes>> {
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
    several(shape, limits, input, context).await
}

fn no_data(context: &Context<'_>) -> Error {
    whole(context, Problem::new("null", "No data provided"))
}

/// What belongs to no field.
pub(super) fn whole(context: &Context<'_>, problem: Problem) -> Error {
    let key = context.facts().settings.non_field_errors_key.clone();
    Error::validation(Problems::Map(vec![(key, problem.into())]))
}

/// One serializer's data.
pub(crate) fn one<'f>(shape: &'f Shape, data: &'f Data, context: &'f Context<'f>) -> BoxFuture<'f, Result<Attributes>> {
    Box::pin(async move {
        let mut attributes = match &shape.taken_by {
            Some(function) => function(data.clone(), context).await?,
            None => fields::values(shape, data, context).await?,
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
        Ok(list @ (Problems::List(_) | Problems::Each(_))) => {
            Error::validation(Problems::Map(vec![(context.facts().settings.non_field_errors_key.clone(), list)]))
        }
        Ok(Problems::Alone(problem)) => whole(context, problem),
        // What is told of a field is told in a list.
        Ok(Problems::Map(members)) => {
            let listed = |(name, problems)| match problems {
                Problems::Alone(problem) => (name, problem.into()),
                other => (name, other),
            };
            Error::validation(Problems::Map(members.into_iter().map(listed).collect()))
        }
        Err(error) => error,
    }
}

/// Several of a serializer's data in a field for lists, which asks for its lengths itself.
pub(super) async fn listed(
    shape: &Shape,
    field: &Field,
    list: &List,
    input: Input<'_>,
    context: &Context<'_>,
) -> Result<Datum> {
    let members = match members(&input) {
        Ok(members) => members,
        Err(kind) => return Err(Error::validation(field.problem("not_a_list", &[("input_type", kind)]).into())),
    };
    if members.len() == 0 && !list.allow_empty {
        return Err(Error::validation(field.problem("empty", &[]).into()));
    }
    match each(shape, members, context).await? {
        Ok(rows) => Ok(Datum::List(rows.into_iter().map(Datum::from).collect())),
        Err((wrong, _)) => Err(Error::validation(by_number(wrong))),
    }
}

/// Members of a list, each made when its turn comes: a list may be long.
type Members<'a> = Box<dyn ExactSizeIterator<Item = Data> + Send + 'a>;

/// The members of a list, or the name of what is none.
fn members<'a>(input: &'a Input<'_>) -> Result<Members<'a>, &'static str> {
    match input {
        Input::List(members) => Ok(Box::new(members.iter().cloned().map(data_of))),
        Input::Json(json) | Input::Form(json) => match &**json {
            Json::List(members) => Ok(Box::new(members.iter().cloned().map(Data::Json))),
            other => Err(python::type_name(other)),
        },
        _ => Err("dict"),
    }
}

/// What is wrong with members of a list, by their numbers.
type Wrong = Vec<(usize, Problems)>;

/// Each member by itself. Where something is wrong, with how many members were looked at: see [`MOST_PROBLEMS`].
async fn each(
    shape: &Shape,
    members: Members<'_>,
    context: &Context<'_>,
) -> Result<Result<Vec<Attributes>, (Wrong, usize)>> {
    let (mut all, mut wrong, mut problems, mut looked) = (vec![], vec![], 0, 0);
    for (number, data) in members.enumerate() {
        looked = number + 1;
        let answer = match data {
            Data::Json(Json::Null) => Err(Error::validation(Problems::one("null", "This field may not be null."))),
            data => one(shape, &data, context).await,
        };
        match answer {
            Ok(attributes) if wrong.is_empty() => all.push(attributes),
            Ok(_) => {}
            Err(error) => {
                let found = error.into_problems()?;
                problems += found.count();
                wrong.push((number, found));
            }
        }
        if problems >= MOST_PROBLEMS {
            break;
        }
    }
    Ok(if wrong.is_empty() { Ok(all) } else { Err((wrong, looked)) })
}

fn by_number(wrong: Wrong) -> Problems {
    Problems::Map(wrong.into_iter().map(|(number, problems)| (number.to_string(), problems)).collect())
}

/// The same as a list with a place for each member.
fn in_places(wrong: Wrong, count: usize) -> Problems {
    let mut places = vec![Problems::Map(vec![]); count];
    for (number, problems) in wrong {
        places[number] = problems;
    }
    Problems::Each(places)
}

/// Several of a serializer's data. Problems stand under their numbers.
pub(super) async fn several(
    shape: &Shape,
    limits: Limits,
    input: Input<'_>,
    context: &Context<'_>,
) -> Result<Vec<Attributes>> {
    let members = members(&input).map_err(|kind| {
        let text = format!("Expected a list of items but got type \"{kind}\".");
        whole(context, Problem::new("not_a_list", text))
    })?;
    let count = u32::try_from(members.len()).unwrap_or(u32::MAX);
    let refusal = match (limits.max_length, limits.min_length) {
        _ if !limits.allow_empty && count == 0 => Some(Problem::new("empty", "This list may not be empty.")),
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
    let mut rows = match each(shape, members, context).await? {
        Ok(rows) => rows,
        Err((wrong, _)) if context.facts().settings.list_serializer_errors_as_dict => {
            return Err(Error::validation(by_number(wrong)));
        }
        Err((wrong, looked)) => return Err(Error::validation(in_places(wrong, looked))),
    };
    if let Some(hooks) = &shape.hooks {
        (hooks.validate_list)(&mut rows, context).await.map_err(|error| as_serializer_error(error, context))?;
    }
    Ok(rows)
}

pub(super) fn data_of(input: Input<'_>) -> Data {
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
