//! `?search=two words`: rows in which each word is in one of the fields that the view names.

use std::borrow::Cow;
use std::sync::Arc;

use quintet_core::openapi::Parameter;
use quintet_core::python::{is_space, strip};
use quintet_core::query::{Condition, Expr, ModelId, Path, Query, Registry, Step};
use quintet_core::schema::Value;
use quintet_db::Db;
use quintet_db::query::Untyped;

use super::pattern::{NO_PATTERN, is_pattern};
use super::{Control, FilterBackend, ViewFilters};
use crate::http::{BoxFuture, Error, Request, Result, StatusCode};

/// So many words are searched for at most: each is a condition on every field, and databases have an end of conditions.
const MOST_WORDS: usize = 100;

/// Searches in fields: names, also along relations, with a prefix that says how: `^` from the start, `=` the whole, `$` by a
/// regular expression, `@` by full text (PostgreSQL); none for anywhere. Case does not count.
///
/// [`Default`] has no fields: in the setting `default_filter_backends`, where each view says its `search_fields`.
#[derive(Clone, Debug, Default)]
pub struct SearchFilter {
    /// The fields.
    pub fields: Vec<Cow<'static, str>>,
    /// The parameter; the setting `search_param`, unless said.
    pub param: Option<&'static str>,
}

impl SearchFilter {
    /// In these fields: `["name", "^sku", "category__name"]`.
    pub fn new(fields: impl IntoIterator<Item = impl Into<Cow<'static, str>>>) -> Self {
        Self { fields: fields.into_iter().map(Into::into).collect(), param: None }
    }
}

impl FilterBackend for SearchFilter {
    fn filter<'a>(&'a self, request: &'a Request, query: Untyped) -> BoxFuture<'a, Result<Untyped>> {
        let param = self.param.unwrap_or(&request.site().options().rest_framework.search_param);
        let is_asked = request.query().map_or(true, |params| params.get(param).is_some_and(|text| !text.is_empty()));
        if !is_asked {
            return Box::pin(std::future::ready(Ok(query)));
        }
        Box::pin(async move {
            let terms = terms(request.query()?.get(param).unwrap_or_default())?;
            if terms.is_empty() || self.fields.is_empty() {
                return Ok(query);
            }
            let db = Db::from(request);
            if self.fields.iter().any(|field| field.starts_with('$')) {
                for term in &terms {
                    if !is_pattern(db, term).await? {
                        return Err(Error::api(StatusCode::BAD_REQUEST, "invalid", serde_json::json!([NO_PATTERN])));
                    }
                }
            }
            let registry = db.registry()?;
            let (app, name) = &query.ast().model;
            let model = registry.find(app, name).ok_or_else(|| Error::unexpected("the searched model is unknown"))?;
            let paths: Vec<(Path, bool)> = self.fields.iter().map(|field| path(registry, model, field)).collect();
            let is_many = paths.iter().any(|(_, is_many)| *is_many);
            let found = |term: &String| {
                let lookup =
                    |(path, _): &(Path, bool)| Condition::Lookup(path.clone(), Expr::Value(Value::Text(term.clone())));
                Condition::Or(paths.iter().map(lookup).collect())
            };
            let condition = Condition::And(terms.iter().map(found).collect());
            Ok(query.with(|query| query.steps.push(Step::Filter(narrowed(query, condition, is_many)))))
        })
    }

    fn of_view(&self, said: &ViewFilters) -> Option<Arc<dyn FilterBackend>> {
        let is_said = !said.search_fields.is_empty();
        is_said.then(|| Arc::new(Self { fields: said.search_fields.clone(), ..*self }) as Arc<dyn FilterBackend>)
    }

    fn parameters(&self) -> Vec<String> {
        vec![self.param.unwrap_or("search").to_owned()]
    }

    fn described(&self, request: &Request) -> Vec<Parameter> {
        let param = self.param.unwrap_or(&request.site().options().rest_framework.search_param);
        // The reference's class is there without fields too, and searches nothing.
        vec![Parameter::query(param).described("Words to search for.")]
    }

    fn controls<'a>(&'a self, request: &'a Request, _: &'a Untyped) -> BoxFuture<'a, Result<Vec<Control>>> {
        let param = self.param.unwrap_or(&request.site().options().rest_framework.search_param).to_owned();
        let is_there = !self.fields.is_empty();
        Box::pin(std::future::ready(Ok(is_there.then_some(Control::Search { param }).into_iter().collect())))
    }
}

/// The condition; where a relation of many is in it, by a subquery, so that no row comes twice.
fn narrowed(query: &Query, condition: Condition, is_many: bool) -> Condition {
    if !is_many {
        return condition;
    }
    let mut inner = Query::of(query.model.0.clone(), query.model.1.clone());
    inner.steps.extend(query.steps.iter().filter(|step| matches!(step, Step::Filter(_) | Step::Exclude(_))).cloned());
    inner.steps.push(Step::Filter(condition));
    let own = Path::from_iter(["pk"]);
    inner.steps.push(Step::Filter(Condition::Lookup(own.clone(), Expr::Outer(own))));
    Condition::Expr(Expr::Exists(Box::new(inner)))
}

/// A field with its prefix as a path with a lookup, and whether a relation of many is on the way.
fn path(registry: &Registry, model: ModelId, field: &str) -> (Path, bool) {
    let (lookup, name) = match field.chars().next() {
        Some('^') => ("istartswith", &field[1..]),
        Some('=') => ("iexact", &field[1..]),
        Some('@') => ("search", &field[1..]),
        Some('$') => ("iregex", &field[1..]),
        _ => ("icontains", field),
    };
    let path = Path::parse(name);
    let (is_many, says_lookup) = {
        let followed = registry.follow(model, &path);
        let is_lookup = |last| registry.is_lookup(followed.column, last);
        (followed.is_many, followed.rest.last().is_some_and(|last| is_lookup(last)))
    };
    match lookup == "icontains" && says_lookup {
        true => (path, is_many),
        false => (path.with(lookup), is_many),
    }
}

/// The words of a search: quoted ones stay together, others are divided at white space and commas.
fn terms(text: &str) -> Result<Vec<String>> {
    if text.contains('\0') {
        let message = serde_json::json!(["Null characters are not allowed."]);
        return Err(Error::api(StatusCode::BAD_REQUEST, "null_characters_not_allowed", message));
    }
    let mut terms = vec![];
    for word in words(text) {
        let word = word.trim_matches(',');
        match quoted(word) {
            Some(inner) => terms.push(inner),
            None => {
                let parts = word.split(',').filter(|part| !part.is_empty());
                terms.extend(parts.map(|part| strip(part).to_owned()));
            }
        }
    }
    if terms.len() > MOST_WORDS {
        let message = serde_json::json!([format!("Ensure the search has no more than {MOST_WORDS} words.")]);
        return Err(Error::api(StatusCode::BAD_REQUEST, "max_words", message));
    }
    Ok(terms)
}

/// Divides at white space, but not within quotes. A quote that is never closed is an ordinary character of a word, unless
/// a text in quotes stands before it in the same word: then another begins there.
fn words(text: &str) -> Vec<&str> {
    let mut words = vec![];
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        let end = with_quotes(rest).unwrap_or_else(|| rest.find(is_space).unwrap_or(rest.len()));
        words.push(&rest[..end]);
        rest = rest[end..].trim_start_matches(is_space);
    }
    words
}

/// The length of a word that has a text in quotes.
fn with_quotes(text: &str) -> Option<usize> {
    let (mut end, mut found) = (0, None);
    loop {
        end += text[end..].find(|next| is_space(next) || matches!(next, '"' | '\'')).unwrap_or(text.len() - end);
        if found.is_some() {
            found = Some(end);
        }
        let Some(quote) = text[end..].chars().next().filter(|next| !is_space(*next)) else { return found };
        let Some(length) = close(&text[end..], quote) else { return found };
        end += length;
        found = Some(end);
    }
}

/// The length of a text in quotes that a text begins with.
fn close(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// What stands between the quotes of a word that is in quotes.
fn quoted(word: &str) -> Option<String> {
    let quote = word.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    // A word that is one quote is in quotes by the reference's rule, and has nothing between.
    let inner = if word.len() == 1 { "" } else { word.strip_prefix(quote)?.strip_suffix(quote)? };
    Some(inner.replace(&format!("\\{quote}"), &quote.to_string()).replace(r"\\", r"\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_divided_as_the_reference_divides_them() {
        let cases: [(&str, &[&str]); 11] = [
            ("two words", &["two", "words"]),
            ("a,b, c", &["a", "b", "c"]),
            ("\"about saw\" x", &["about saw", "x"]),
            ("'it\\'s'", &["it's"]),
            ("\"saw", &["\"saw"]),
            (",\"a,b\",", &["a,b"]),
            ("a\"b c\"d", &["a\"b c\"d"]),
            ("a'b\"c d\"", &["a'b\"c", "d\""]),
            ("\"a b\"'c d", &["a b", "'c", "d"]),
            ("  \u{1c} ", &[]),
            ("", &[]),
        ];
        for (text, wanted) in cases {
            assert_eq!(terms(text).unwrap(), wanted, "{text}");
        }
        assert_eq!(terms("a\0b").unwrap_err().status(), StatusCode::BAD_REQUEST);
    }

    #[test]
    fn more_words_than_a_database_compares_are_refused() {
        assert_eq!(terms(&"a ".repeat(MOST_WORDS)).unwrap().len(), MOST_WORDS);
        assert_eq!(terms(&"a,".repeat(MOST_WORDS + 1)).unwrap_err().status(), StatusCode::BAD_REQUEST);
    }
}
