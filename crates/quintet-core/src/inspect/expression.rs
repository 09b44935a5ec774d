//! SQL out of a definition, in the words that attributes are written in.
//!
//! A plain comparison becomes a lookup where it means the same again once it is written into a table; anything else stays
//! the SQL that it is.

use crate::sql::Dialect;

/// A field as conditions name it: its column, its name, and what it holds.
pub(super) struct Known<'a> {
    pub(super) column: &'a str,
    pub(super) field: &'a str,
    pub(super) holds: Holds,
}

/// What a field holds, as far as literals need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Numbers,
    Text,
    Truth,
    Other,
}

/// A condition: `q("seat__gte", 0)`, or `holds(raw(".."))`.
pub(super) fn condition(dialect: Dialect, sql: &str, fields: &[Known<'_>]) -> String {
    let sql = sql.trim();
    // PostgreSQL puts its own parentheses around what it writes.
    let bare = if dialect == Dialect::Postgres { without_parentheses(sql) } else { sql };
    comparison(dialect, bare, fields).unwrap_or_else(|| format!("holds({})", raw(sql)))
}

/// What is indexed or computed: `lower("name")`, or `raw("..")`.
pub(super) fn expression(sql: &str, fields: &[Known<'_>]) -> String {
    let inner = without_parentheses(sql.trim());
    for word in ["lower", "upper"] {
        if let Some(known) = argument(inner, word, fields) {
            return format!("{word}({:?})", known.field);
        }
    }
    raw(inner)
}

/// The field of which a function is asked.
fn argument<'a>(sql: &str, function: &str, fields: &'a [Known<'a>]) -> Option<&'a Known<'a>> {
    let (name, rest) = sql.split_at_checked(function.len())?;
    let inner = rest.trim_start().strip_prefix('(')?;
    let (column, rest) = column(inner).or_else(|| cast_column(Dialect::Postgres, inner))?;
    let known = fields.iter().find(|known| known.column == column && known.holds == Holds::Text)?;
    (name.eq_ignore_ascii_case(function) && rest == ")").then_some(known)
}

/// What the database fills in: `7`, `"draft"`, `now()`, or `raw("..")`.
pub(super) fn default(dialect: Dialect, sql: &str, holds: Holds) -> String {
    let sql = sql.trim();
    if is_number(sql) && holds == Holds::Numbers {
        return sql.to_owned();
    }
    match (without_parentheses(sql), holds) {
        ("CURRENT_TIMESTAMP" | "statement_timestamp()", Holds::Other) => return "now()".to_owned(),
        ("true" | "TRUE" | "1", Holds::Truth) => return "true".to_owned(),
        ("false" | "FALSE" | "0", Holds::Truth) => return "false".to_owned(),
        _ => {}
    }
    let text = if dialect == Dialect::Postgres { sql.split_once("'::").map_or(sql, |(text, _)| text) } else { sql };
    let whole = if text.len() < sql.len() { format!("{text}'") } else { text.to_owned() };
    match text_of(&whole) {
        Some(text) if holds == Holds::Text => format!("{text:?}"),
        _ => raw(without_parentheses(sql)),
    }
}

/// SQL as it stands; the writer puts parentheses around it.
fn raw(sql: &str) -> String {
    format!("raw({:?})", without_parentheses(sql))
}

/// `"seat" >= 0`
fn comparison(dialect: Dialect, sql: &str, fields: &[Known<'_>]) -> Option<String> {
    let (column, rest) = column(sql).or_else(|| cast_column(dialect, sql))?;
    let known = fields.iter().find(|known| known.column == column)?;
    let rest = rest.trim_start();
    match rest {
        "IS NULL" => return Some(format!("q({:?}, true)", format!("{}__isnull", known.field))),
        "IS NOT NULL" => return Some(format!("q({:?}, false)", format!("{}__isnull", known.field))),
        _ => {}
    }
    const SIGNS: [(&str, &str); 5] = [(">=", "__gte"), ("<=", "__lte"), (">", "__gt"), ("<", "__lt"), ("=", "")];
    let (sign, lookup) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign))?;
    let literal = rest[sign.len()..].trim();
    let key = format!("{}{lookup}", known.field);
    match known.holds {
        Holds::Numbers if is_number(literal) => Some(format!("q({key:?}, {literal})")),
        Holds::Text if lookup.is_empty() => {
            // PostgreSQL writes the type behind a text.
            let bare = if dialect == Dialect::Postgres { literal.strip_suffix("::text")? } else { literal };
            text_of(bare).map(|text| format!("q({key:?}, {text:?})"))
        }
        _ => None,
    }
}

/// A column at the beginning, in quotes or not, and what follows.
fn column(sql: &str) -> Option<(String, &str)> {
    if let Some(rest) = sql.strip_prefix('"') {
        let (name, rest) = rest.split_once('"')?;
        return (!rest.starts_with('"')).then(|| (name.to_owned(), rest));
    }
    let end = sql.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    (end > 0).then(|| (sql[..end].to_owned(), &sql[end..]))
}

/// The same of a text of limited length, as PostgreSQL writes it: `(status)::text`.
fn cast_column(dialect: Dialect, sql: &str) -> Option<(String, &str)> {
    let inner = sql.strip_prefix('(').filter(|_| dialect == Dialect::Postgres)?;
    let (column, rest) = column(inner)?;
    Some((column, rest.strip_prefix(")::text")?))
}

/// Whether it is a whole number as Rust writes one.
fn is_number(text: &str) -> bool {
    text.parse::<i64>().is_ok_and(|number| number.to_string() == text && i32::try_from(number).is_ok())
}

/// The text of a literal in quotes.
fn text_of(literal: &str) -> Option<String> {
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    let plain = inner.replace("''", "");
    (!plain.contains('\'')).then(|| inner.replace("''", "'"))
}

/// Without the parentheses that are around the whole, however many.
pub(super) fn without_parentheses(sql: &str) -> &str {
    let mut sql = sql.trim();
    while let Some(inner) = sql.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).filter(|inner| closes(inner))
    {
        sql = inner.trim();
    }
    sql
}

/// Whether each parenthesis that is opened is closed, and none before; what is in quotes does not count.
fn closes(sql: &str) -> bool {
    let (mut depth, mut quote) = (0_i32, None);
    for c in sql.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0 && quote.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [Known<'static>; 3] = [
        Known { column: "seat", field: "seat", holds: Holds::Numbers },
        Known { column: "type", field: "type_field", holds: Holds::Text },
        Known { column: "price", field: "price", holds: Holds::Other },
    ];

    fn check(dialect: Dialect, sql: &str) -> String {
        condition(dialect, sql, &FIELDS)
    }

    #[test]
    fn a_comparison_with_a_number_is_a_lookup_of_the_field() {
        assert_eq!(check(Dialect::Sqlite, r#""seat" >= 0"#), r#"q("seat__gte", 0)"#);
        assert_eq!(check(Dialect::Postgres, "(seat < -5)"), r#"q("seat__lt", -5)"#);
        assert_eq!(check(Dialect::Postgres, "(seat IS NOT NULL)"), r#"q("seat__isnull", false)"#);
    }

    #[test]
    fn a_comparison_with_a_text_is_a_lookup_too() {
        assert_eq!(check(Dialect::Sqlite, r#""type" = 'it''s'"#), r#"q("type_field", "it's")"#);
        assert_eq!(check(Dialect::Postgres, "((type)::text = 'live'::text)"), r#"q("type_field", "live")"#);
        assert_eq!(check(Dialect::Postgres, "(type > 'live'::text)"), r#"holds(raw("type > 'live'::text"))"#);
    }

    #[test]
    fn a_text_in_small_letters_is_a_word_on_both_databases() {
        for sql in [r#"(LOWER("type"))"#, "lower((type)::text)", "lower(type)"] {
            assert_eq!(expression(sql, &FIELDS), r#"lower("type_field")"#);
        }
        assert_eq!(expression("lower(seat)", &FIELDS), r#"raw("lower(seat)")"#);
    }

    #[test]
    fn anything_else_stays_sql_without_the_parentheses_that_are_added_again() {
        assert_eq!(check(Dialect::Sqlite, r#"("a" > 1 OR "b")"#), r#"holds(raw("\"a\" > 1 OR \"b\""))"#);
        assert_eq!(check(Dialect::Sqlite, "(a) OR (b)"), r#"holds(raw("(a) OR (b)"))"#);
        assert_eq!(check(Dialect::Sqlite, r#""price" > 1"#), r#"holds(raw("\"price\" > 1"))"#);
        assert_eq!(check(Dialect::Sqlite, "x = ')('"), r#"holds(raw("x = ')('"))"#);
    }

    #[test]
    fn a_default_is_a_literal_a_moment_or_sql() {
        let default = |sql, holds| default(Dialect::Postgres, sql, holds);
        assert_eq!(default("7", Holds::Numbers), "7");
        assert_eq!(default("'it''s'::character varying", Holds::Text), r#""it's""#);
        assert_eq!(default("statement_timestamp()", Holds::Other), "now()");
        assert_eq!(default("true", Holds::Truth), "true");
        assert_eq!(default("gen_random_uuid()", Holds::Other), r#"raw("gen_random_uuid()")"#);
    }
}
