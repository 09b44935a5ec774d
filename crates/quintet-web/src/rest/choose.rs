//! Rows of a model to choose from, each by what names it in input and in words: for pages, which offer them in lists.

use quintet_core::query::{Expr, ModelInfo, Path, Query, Statement, Step};
use quintet_core::schema::{Kind, Value};
use quintet_db::{Db, Fetched};

use crate::http::{Error, Result};

/// Fields that say which row it is. Others may be nobody's business: a hash of a password is text too.
const SAYING: [&str; 6] = ["name", "title", "label", "username", "code", "slug"];

/// Rows to choose from.
pub(crate) struct Choosable {
    /// What names each, and what people read.
    pub(crate) rows: Vec<(String, String)>,
    /// Whether there are more than these.
    pub(crate) is_cut: bool,
}

/// At most so many rows of a query, by a field of theirs.
pub(crate) async fn choosable(
    db: Db<'_>,
    info: &ModelInfo,
    mut query: Query,
    by: &Path,
    kind: &Kind,
    most: usize,
) -> Result<Choosable> {
    let name = info.key.first().map_or_else(|| "pk".to_owned(), |key| info.columns[*key].name.clone());
    let saying = SAYING.iter().find(|name| is_text(info, name));
    let value = |called: &str, of: Path| (called.to_owned().into(), Expr::F(of));
    let mut values = vec![value("quintet_by", by.clone()), value("quintet_key", Path::from_iter([name]))];
    values.extend(saying.map(|name| value("quintet_words", Path::from_iter([(*name).to_owned()]))));
    query.steps.push(Step::Values(values));
    let asked = i64::try_from(most.saturating_add(1)).unwrap_or(i64::MAX);
    if query.slice.limit.is_none() {
        query.slice.limit = Some(Value::Int(asked));
    }
    let answer = db.select(&Statement::Select(&query)).await.map_err(Error::internal)?;
    Ok(read(info, &answer, kind, most))
}

fn read(info: &ModelInfo, answer: &Fetched, kind: &Kind, most: usize) -> Choosable {
    let model = &info.state.name;
    let mut rows = vec![];
    for row in answer.rows.iter().take(most) {
        let text =
            |at: usize, kind: &Kind| row.get(at).map(|cell| shown(cell.clone().into(), kind)).unwrap_or_default();
        let key_kind = info.key.first().map_or(kind, |key| &info.columns[*key].kind);
        let words = match text(2, &Kind::Boolean) {
            empty if empty.is_empty() => format!("{model} object ({})", text(1, key_kind)),
            words => words,
        };
        rows.push((text(0, kind), words));
    }
    Choosable { rows, is_cut: answer.rows.len() > most }
}

fn is_text(info: &ModelInfo, name: &str) -> bool {
    let column = info.columns.iter().find(|column| column.name == name);
    column.is_some_and(|column| matches!(column.kind, Kind::Char { .. } | Kind::Text { .. } | Kind::Slug { .. }))
}

/// A value as an address or a form has it.
pub(crate) fn shown(value: Value, kind: &Kind) -> String {
    match value {
        Value::Null => String::new(),
        Value::Int(number) => number.to_string(),
        // As SQLite keeps it.
        Value::Text(text) if matches!(kind, Kind::Uuid) && text.len() == 32 && text.is_ascii() => {
            format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
        }
        Value::Text(text) | Value::Uuid(text) | Value::Decimal(text) | Value::Date(text) | Value::Time(text) => text,
        Value::DateTime(text) | Value::Json(text) => text,
        Value::Bool(yes) => yes.to_string(),
        Value::Float(number) => quintet_core::python::float_repr(number),
        other => format!("{other:?}"),
    }
}
