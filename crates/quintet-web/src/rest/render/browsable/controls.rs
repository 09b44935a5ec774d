//! What a page offers to ask of a list: other pages, words to search for, an order, values.

use minijinja::context;
use minijinja::value::Value as Held;
use quintet_core::json::Json;

use super::choosing::{EMPTY, option};
use super::page::Asked;
use crate::http::{Method, Query, Result, StatusCode};
use crate::rest::filter::{Control, ControlInput};
use crate::rest::metadata::Listed;
use crate::rest::pagination::{PageControls, Pagination};

/// The list of a view, where this is an answer of it.
fn listed(asked: &Asked<'_>) -> Option<(Listed, Option<PageControls>)> {
    let is_asked = matches!(*asked.request.method(), Method::GET | Method::HEAD);
    if !is_asked || asked.view.facts.detail == Some(true) {
        return None;
    }
    let row = asked.view.rows.iter().find(|row| row.method == Method::GET)?;
    let listed = row.described.as_ref()?.listed(asked.request)?;
    let usual = &asked.request.site().options().rest_framework.default_pagination_class;
    let pages = match (&listed.pagination, usual) {
        (Pagination::By(own), _) | (Pagination::AsSettings, Pagination::By(own)) => {
            own.controls(asked.request, asked.data)
        }
        _ => None,
    };
    // What a client wrote that cannot be is put right where it was written.
    let is_to_correct = asked.is_refused && asked.status == StatusCode::BAD_REQUEST;
    (pages.is_some() || matches!(asked.data, Json::List(_)) || is_to_correct).then_some((listed, pages))
}

/// The ways to other pages.
pub(super) fn pages(asked: &Asked<'_>) -> Option<Held> {
    let pages = listed(asked)?.1?;
    if pages.next.is_none() && pages.previous.is_none() {
        return None;
    }
    let numbers: Vec<Held> = pages
        .pages
        .iter()
        .map(|page| match page {
            None => context! { gap => true },
            Some(page) => context! { number => page.number, url => page.url.as_str(), current => page.is_current },
        })
        .collect();
    Some(context! { count => pages.count, previous => pages.previous, next => pages.next, numbers })
}

/// The form by which a list is filtered.
pub(super) async fn filters(asked: &Asked<'_>) -> Result<Option<Held>> {
    let Some((listed, pages)) = listed(asked) else { return Ok(None) };
    let (request, params) = (asked.request, asked.request.query()?);
    let mut controls = vec![];
    for filter in listed.filters.for_request(request).iter() {
        controls.extend(filter.controls(request, &listed.rows).await?);
    }
    if controls.is_empty() {
        return Ok(None);
    }
    let (mut search, mut order, mut fields, mut known, mut is_open) = (None, None, vec![], vec![], false);
    let errors = if asked.is_refused { Some(asked.data) } else { None };
    for control in controls {
        match control {
            Control::Search { param } => {
                search = Some(context! { param => param.as_str(), value => params.get(&param).unwrap_or_default() });
                known.push(param);
            }
            Control::Ordering { param, options, current } => {
                let now = params.get(&param).map_or(current, str::to_owned);
                // What is not among them is an order that nobody offers: the view's own, or none.
                let is_known = options.iter().any(|(value, _)| *value == now);
                let mut all = vec![option("", "Usual order", !is_known)];
                all.extend(options.iter().map(|(value, label)| option(value, label, *value == now)));
                order = Some(context! { param => param.as_str(), options => all });
                known.push(param);
            }
            Control::Field { param, label, takes } => {
                is_open |= params.get(&param).is_some_and(|value| !value.is_empty());
                fields.push(field(&param, &label, &takes, params, errors));
                known.push(param);
            }
        }
    }
    known.extend(pages.and_then(|pages| pages.param));
    let is_set = |param: &&String| params.get(param).is_some_and(|value| !value.is_empty());
    let kept: Vec<Held> = params
        .pairs()
        .iter()
        .filter(|(name, _)| !known.contains(name))
        .map(|(name, value)| context! { name => name.as_str(), value => value.as_str() })
        .collect();
    let active = known.iter().filter(is_set).count();
    Ok(Some(
        context! { search, order, fields, kept, active, open => is_open, path => crate::http::quoted(request.path()) },
    ))
}

/// A filter as the controls of forms are.
fn field(param: &str, label: &str, takes: &ControlInput, params: &Query, errors: Option<&Json>) -> Held {
    let now: Vec<String> = params.get_all(param).map(str::to_owned).collect();
    let first = now.first().cloned().unwrap_or_default();
    let errors = super::widget::messages(errors.and_then(|errors| super::widget::member(errors, param)));
    let input = |kind: &str, step: &str| context! { kind => "input", type => kind, value => first.as_str(), step };
    let own = match takes {
        ControlInput::Text => input("text", ""),
        ControlInput::Number => input("number", "any"),
        ControlInput::Date => input("date", ""),
        ControlInput::DateTime => input("datetime-local", "any"),
        ControlInput::Time => input("time", "any"),
        ControlInput::Boolean => {
            let now = first.to_lowercase();
            let all = [("", EMPTY), ("true", "true"), ("false", "false")];
            let all: Vec<Held> = all.iter().map(|(value, label)| option(value, label, now == *value)).collect();
            context! { kind => "select", options => all }
        }
        ControlInput::Choices { options, many } => {
            let none = (!many).then(|| option("", EMPTY, first.is_empty()));
            let all = options.iter().map(|(value, label)| option(value, label, now.contains(value)));
            let all: Vec<Held> = none.into_iter().chain(all).collect();
            context! { kind => "select", multiple => *many, options => all }
        }
    };
    let common = context! { name => param, id => format!("filter-{param}"), label, errors };
    minijinja::value::merge_maps([own, common])
}
