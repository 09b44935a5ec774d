//! Comparisons of text: patterns, regular expressions, and equality but for case.

use super::{enclosed, operated, operator, truth};
use crate::query::fragment::{Context, Fragment, Given, Truth};
use crate::query::prepare::Prepare;
use crate::schema::Value;
use crate::sql::Dialect;
use crate::sql::expression::lookup::Row;
use crate::sql::expression::typed::{Type, of_kind};

/// Whether a lookup compares text, whatever the column is.
pub(super) fn is_of_text(row: &Row) -> bool {
    row.pattern.is_some() || matches!(row.name, "iexact" | "regex" | "iregex")
}

/// With a constant, whose pattern is made before it is bound.
pub(super) fn with_value<'q>(cx: Context<'_>, left: Fragment<'q>, row: &Row, value: &'q Value) -> Truth<'q> {
    let kind = left.kind.as_ref();
    let prepare = match (row.pattern, row.name) {
        (Some((before, behind)), _) => Prepare::pattern(kind, before, behind),
        (None, "iexact") if cx.dialect == Dialect::Sqlite => Prepare::pattern(kind, false, false),
        _ => Prepare::text(kind),
    };
    let mut place = Fragment::place(Given::Value(value), prepare, None);
    match (cx.dialect, row.pattern) {
        (Dialect::Postgres, _) => place.push("::text"),
        // SQLite makes a statement anew for each pattern that is bound as it stands, to see whether it begins with text
        // that an index could find. This one does not.
        (Dialect::Sqlite, Some((true, _))) => place = place.between("+", ""),
        (Dialect::Sqlite, _) => {}
    }
    truth(operated(text(cx, left, row), operator(cx, row), place))
}

/// With what the database computes: the pattern is made there.
pub(super) fn with_sql<'q>(cx: Context<'_>, left: Fragment<'q>, row: &Row, sql: Fragment<'q>) -> Truth<'q> {
    let is_bare_uuid = left.kind.as_ref().and_then(of_kind) == Some(Type::Uuid) && cx.dialect == Dialect::Sqlite;
    let sql = if is_bare_uuid { sql.between("REPLACE(", ", '-', '')") } else { enclosed(sql) };
    let Some((before, behind)) = row.pattern else {
        return truth(operated(text(cx, left, row), operator(cx, row), sql));
    };
    let sql = match cx.dialect {
        Dialect::Sqlite => sql.between("REPLACE(REPLACE(REPLACE(", r", '\', '\\'), '%', '\%'), '_', '\_')"),
        Dialect::Postgres => {
            sql.between("REPLACE(REPLACE(REPLACE(", r"::text, E'\\', E'\\\\'), E'%', E'\\%'), E'_', E'\\_')")
        }
    };
    let sql = if row.any_case { sql.between("UPPER(", ")") } else { sql };
    let (before, behind) = (if before { "'%' || " } else { "" }, if behind { " || '%'" } else { "" });
    let sql = sql.between(before, behind);
    let escape = if cx.dialect == Dialect::Sqlite { r"LIKE {} ESCAPE '\'" } else { "LIKE {}" };
    truth(operated(text(cx, left, row), escape, sql))
}

/// The left side as text, which is all that PostgreSQL matches.
fn text<'q>(cx: Context<'_>, left: Fragment<'q>, row: &Row) -> Fragment<'q> {
    if cx.dialect == Dialect::Sqlite {
        return left;
    }
    let text = match left.kind.as_ref().and_then(of_kind) {
        Some(Type::Ip) => left.between("HOST(", ")"),
        _ => left.between("", "::text"),
    };
    if row.any_case && row.name != "iregex" { text.between("UPPER(", ")") } else { text }
}
