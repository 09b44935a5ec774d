//! The forms of a page: one for each method that takes something and that this client may use.

use http::Method;
use minijinja::context;
use minijinja::value::Value as Held;
use quintet_core::json::{Json, parse_text};
use quintet_core::rest::Data;

use super::page::{Asked, allowed};
use super::raw;
use super::widget::{Given, Making, Sources, messages};
use crate::http::{Request, Result, StatusCode};
use crate::rest::dispatch::Row;
use crate::rest::parse::Parser;
use crate::rest::serializer::Context;

/// The forms, ready for the templates.
pub(super) struct Forms {
    pub(super) held: Held,
}

/// None.
impl Default for Forms {
    fn default() -> Self {
        Self { held: context! { delete => false } }
    }
}

impl Forms {
    /// The forms of an answer's page.
    pub(super) async fn of(asked: &Asked<'_>) -> Result<Self> {
        let post = match asked.permitted(&Method::POST).await? {
            Some((row, request)) if may_post(asked, row, &request).await? => {
                Some(form(asked, row, &request, None, &["POST"]).await?)
            }
            _ => None,
        };
        let put = changing(asked, &Method::PUT).await?;
        let patch = changing(asked, &Method::PATCH).await?;
        let methods: &[&str] = match (&put, &patch) {
            (Some(_), Some(_)) => &["PUT", "PATCH"],
            (Some(_), None) => &["PUT"],
            _ => &["PATCH"],
        };
        let change = match put.or(patch) {
            Some((row, request, json)) => Some(form(asked, row, &request, json, methods).await?),
            None => None,
        };
        let delete = match asked.permitted(&Method::DELETE).await? {
            Some((row, request)) => match &row.described {
                Some(described) => allowed(described.reach(&request).await)?,
                None => true,
            },
            None => false,
        };
        Ok(Self { held: context! { post, change, delete } })
    }
}

/// Whether something may be posted to the row that the URL names, if it names one.
async fn may_post(asked: &Asked<'_>, row: &Row, request: &Request) -> Result<bool> {
    let Some(described) = row.described.as_ref().filter(|_| asked.view.facts.detail == Some(true)) else {
        return Ok(true);
    };
    match described.reach(request).await {
        Err(error) if error.as_api().is_some() => {
            Ok(!matches!(error.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN))
        }
        reached => reached.map(|()| true),
    }
}

type Changing<'a> = (&'a Row, Request, Option<Json>);

/// A method that changes a row, with the row as its serializer shows it.
async fn changing<'a>(asked: &'a Asked<'_>, method: &Method) -> Result<Option<Changing<'a>>> {
    let Some((row, request)) = asked.permitted(method).await? else { return Ok(None) };
    let Some(described) = &row.described else { return Ok(Some((row, request, None))) };
    match described.row(&request).await {
        Ok(text) => {
            let text = text.and_then(|text| String::from_utf8(text).ok());
            Ok(Some((row, request, text.and_then(|text| parse_text(&text).ok()))))
        }
        Err(error) if error.as_api().is_some() => Ok(None),
        Err(error) => Err(error),
    }
}

/// A form with controls, and one for raw data.
async fn form(
    asked: &Asked<'_>,
    row: &Row,
    request: &Request,
    json: Option<Json>,
    methods: &[&'static str],
) -> Result<Held> {
    let settings = &request.site().options().rest_framework;
    let choices = asked.choices(row);
    let parsers = choices.parsers.or(&settings.default_parser_classes);
    let taken = row.described.as_ref().map(|described| described.taken(request)).transpose()?;
    let is_own = methods.contains(&asked.request.method().as_str());
    let is_wrong = is_own && asked.is_refused && asked.status.is_client_error();
    let sent = if is_wrong { Some(sent(asked.request).await?) } else { None };
    let given = sent.as_ref().map(|sent| (&sent.data, sent));
    let content_type = asked.request.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let errors = (is_wrong && asked.status == StatusCode::BAD_REQUEST).then_some(asked.data);
    let mut top = vec![];
    let controls = match taken.as_ref().filter(|_| methods != ["PATCH"] && parsers.iter().any(is_form)) {
        None => None,
        Some(taken) => {
            let from = Sources {
                given: given.map_or(Given::Nothing, |(data, _)| data.as_ref().into()),
                row: json.as_ref(),
                errors,
            };
            let context = Context::new(request, None, false)?;
            let making = Making {
                context: &context,
                form: if methods.contains(&"POST") { "post" } else { "put" },
                cutoff: settings.html_select_cutoff,
                cutoff_text: &settings.html_select_cutoff_text,
            };
            Some(making.controls(taken, from).await?)
        }
    };
    if let Some(errors) = errors {
        top = elsewhere(errors, controls.as_deref().unwrap_or_default(), &settings.non_field_errors_key);
    } else if is_wrong {
        top = messages(Some(asked.data));
    }
    let is_json = parsers.first().is_some_and(|parser| parser.media_type() == "application/json");
    let raw = match given.and_then(|(_, sent)| sent.text.clone()) {
        Some(text) => text,
        None => match (&taken, &json) {
            (Some(taken), Some(json)) if is_json => raw::of_row(json, taken),
            (Some(taken), None) if is_json => raw::empty(taken),
            _ => String::new(),
        },
    };
    let sent_type = content_type.split(';').next().unwrap_or_default().trim();
    let was_raw = is_wrong && !is_form_type(sent_type);
    let types: Vec<Held> = parsers
        .iter()
        .map(Parser::media_type)
        .map(|name| context! { name, selected => was_raw && name == sent_type })
        .collect();
    Ok(context! {
        controls,
        methods => methods.to_vec(),
        html_method => methods[0],
        errors => top,
        raw => context! { content => raw, types, open => was_raw },
        wrong => is_wrong,
    })
}

/// What was sent and refused.
struct Sent {
    data: std::sync::Arc<Data>,
    /// The body as text, where it was no form.
    text: Option<String>,
}

async fn sent(request: &Request) -> Result<Sent> {
    let content_type = request.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let is_form = is_form_type(content_type.split(';').next().unwrap_or_default().trim());
    // What cannot be read is told by the answer itself.
    let nothing = || std::sync::Arc::new(Data::Json(Json::Null));
    let data = match request.data().await {
        Ok(data) => data,
        Err(_) => nothing(),
    };
    let text = match request.has_read_body() && !is_form {
        true => request.bytes().await.ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        false => None,
    };
    let data = match (&*data, &text) {
        // A body that was refused leaves an empty form behind.
        (Data::Form(_), Some(_)) => nothing(),
        _ => data,
    };
    Ok(Sent { data, text })
}

fn is_form(parser: &Parser) -> bool {
    is_form_type(parser.media_type())
}

fn is_form_type(media_type: &str) -> bool {
    matches!(media_type, "application/x-www-form-urlencoded" | "multipart/form-data")
}

/// What is wrong that no control shows.
fn elsewhere(errors: &Json, controls: &[Held], together: &str) -> Vec<String> {
    let Json::Object(members) = errors else { return messages(Some(errors)) };
    let is_shown = |name: &str| {
        controls.iter().any(|control| control.get_attr("name").is_ok_and(|known| known.as_str() == Some(name)))
    };
    let mut all = vec![];
    for (name, value) in members.iter().filter(|(name, _)| !is_shown(name)) {
        let lines = messages(Some(value)).into_iter();
        let is_plain = name == together || name == "detail";
        all.extend(lines.map(|line| if is_plain { line } else { format!("{name}: {line}") }));
    }
    all
}
