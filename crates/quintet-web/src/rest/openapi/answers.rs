//! What operations answer besides what was asked for: refusals.

use http::Method;
use quintet_core::json::Json;
use quintet_core::openapi::{Answer, Components, Serializer, typed};

use crate::http::Request;
use crate::rest::view_choices::Choices;

/// What is known of an operation when its refusals are written down.
pub(super) struct Asked<'a> {
    pub(super) request: &'a Request,
    pub(super) choices: &'a Choices,
    pub(super) method: &'a Method,
    /// What it takes, and whether a list of that.
    pub(super) taken: Option<(&'a Serializer, bool)>,
    /// Whether it has a body or filters whose values can be wrong.
    pub(super) has_input: bool,
    /// Whether the path or the query names something.
    pub(super) has_parameters: bool,
    /// Whether the path does.
    pub(super) is_template: bool,
    /// What answers are written as.
    pub(super) types: Vec<String>,
    /// Whether anybody may ask.
    pub(super) is_open: bool,
    /// Whether it gives out tokens for credentials.
    pub(super) is_login: bool,
}

/// The refusals.
pub(super) fn refusals(asked: &Asked<'_>, components: &mut Components) -> Vec<Answer> {
    let settings = &asked.request.site().options().rest_framework;
    let mut answers = vec![];
    let types = &asked.types;
    let mut say = |status: u16, words: &str, schema: Json| {
        let content = types.iter().map(|media_type| (media_type.clone(), schema.clone())).collect();
        answers.push(Answer { status, description: words.to_owned(), content, examples: vec![] });
    };
    if asked.has_input {
        let schema = match asked.taken {
            Some((serializer, many)) => components.refused_data(serializer, many),
            None => components.refused(),
        };
        say(400, "What was given is not right.", schema);
    }
    let detail = Json::Object(components.detail());
    let ways = asked.choices.authentication.or(&settings.default_authentication_classes);
    if asked.is_login {
        say(401, "These credentials are not right.", detail.clone());
    } else if !ways.is_empty() {
        let has_challenge = ways.first().is_some_and(|way| way.authenticate_header(asked.request).is_some());
        if has_challenge {
            say(401, "Who asks did not say who that is, or not rightly.", detail.clone());
        }
        if !asked.is_open || !has_challenge {
            say(403, "Who asks may not do this.", detail.clone());
        }
    } else if !asked.is_open {
        say(403, "Who asks may not do this.", detail.clone());
    }
    if asked.has_parameters {
        say(404, "There is no such thing, or not for who asks.", detail.clone());
    }
    if asked.is_template
        && let Some(answer) = answers.last_mut()
    {
        // What no route takes is a page: a parameter that is not what its route wants.
        answer.content.push(("text/html".to_owned(), Json::Object(typed("string"))));
    }
    let mut say = |status: u16, words: &str, schema: Json| {
        let content = types.iter().map(|media_type| (media_type.clone(), schema.clone())).collect();
        answers.push(Answer { status, description: words.to_owned(), content, examples: vec![] });
    };
    if takes_body(asked.method) && asked.taken.is_some() {
        say(415, "The body is of a type that is not read.", detail.clone());
    }
    if !asked.choices.throttles.or(&settings.default_throttle_classes).is_empty() || is_counted(asked) {
        say(429, "Who asks asks too often.", detail);
    }
    answers
}

/// Whether logins are counted.
fn is_counted(asked: &Asked<'_>) -> bool {
    let rates = &asked.request.site().options().rest_framework.default_throttle_rates;
    asked.is_login
        && ["login", "login_address"].iter().any(|scope| rates.get(*scope).is_some_and(|rate| !rate.is_empty()))
}

/// Whether a method comes with data.
pub(super) fn takes_body(method: &Method) -> bool {
    [Method::POST, Method::PUT, Method::PATCH].contains(method)
}
