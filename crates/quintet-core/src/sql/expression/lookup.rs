//! Comparisons: `quantity__lte`, 1000.

use super::condition::Outcome;
use super::prepare::{is_whole, kind_of, literal_for, plain, prepared};
use super::typed::{Type, of_kind};
use super::{Scope, moment};
use crate::near;
use crate::schema::{Expr, Kind, Value};
use crate::sql::literal::literal;
use crate::sql::place::{Column, Table};
use crate::sql::{Dialect, quote};

/// A lookup with its operator in each database. `{}` is what a column is compared with.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
    /// Where a pattern is made of what is compared, the places of its percent signs: before, after.
    pub(crate) pattern: Option<(bool, bool)>,
    /// Whether letters' case is of no account.
    pub(crate) any_case: bool,
}

#[rustfmt::skip]
pub(crate) static LOOKUPS: &[Row] = &[
    Row { name: "exact",       sqlite: "= {}",  postgres: "= {}",  pattern: None, any_case: false },
    Row { name: "gt",          sqlite: "> {}",  postgres: "> {}",  pattern: None, any_case: false },
    Row { name: "gte",         sqlite: ">= {}", postgres: ">= {}", pattern: None, any_case: false },
    Row { name: "lt",          sqlite: "< {}",  postgres: "< {}",  pattern: None, any_case: false },
    Row { name: "lte",         sqlite: "<= {}", postgres: "<= {}", pattern: None, any_case: false },
    Row { name: "in",          sqlite: "IN {}", postgres: "IN {}", pattern: None, any_case: false },
    Row { name: "range",       sqlite: "BETWEEN {}", postgres: "BETWEEN {}", pattern: None, any_case: false },
    Row { name: "isnull",      sqlite: "", postgres: "", pattern: None, any_case: false },
    Row { name: "iexact",      sqlite: "LIKE {} ESCAPE '\\'", postgres: "= UPPER({})", pattern: None, any_case: true },
    Row { name: "contains",    sqlite: "LIKE {} ESCAPE '\\'", postgres: "LIKE {}", pattern: Some((true, true)), any_case: false },
    Row { name: "icontains",   sqlite: "LIKE {} ESCAPE '\\'", postgres: "LIKE UPPER({})", pattern: Some((true, true)), any_case: true },
    Row { name: "startswith",  sqlite: "LIKE {} ESCAPE '\\'", postgres: "LIKE {}", pattern: Some((false, true)), any_case: false },
    Row { name: "istartswith", sqlite: "LIKE {} ESCAPE '\\'", postgres: "LIKE UPPER({})", pattern: Some((false, true)), any_case: true },
    Row { name: "endswith",    sqlite: "LIKE {} ESCAPE '\\'", postgres: "LIKE {}", pattern: Some((true, false)), any_case: false },
    Row { name: "iendswith",   sqlite: "LIKE {} ESCAPE '\\'", postgres: "LIKE UPPER({})", pattern: Some((true, false)), any_case: true },
    Row { name: "regex",       sqlite: "REGEXP {}", postgres: "~ {}", pattern: None, any_case: false },
    Row { name: "iregex",      sqlite: "REGEXP '(?i)' || {}", postgres: "~* {}", pattern: None, any_case: true },
];

/// A key, taken apart.
pub(super) struct Parsed<'a, 'k> {
    pub(super) column: Column<'a>,
    /// A part of a date or a moment: `year`.
    pub(super) part: Option<&'k str>,
    pub(super) lookup: &'k str,
}

/// Takes a key apart.
pub(super) fn parse<'a, 'k>(table: Table<'a>, key: &'k str) -> Result<Parsed<'a, 'k>, String> {
    let (name, rest) = key.split_once("__").map_or((key, ""), |(name, rest)| (name, rest));
    let column = column(table, name)?;
    let mut parts: Vec<&str> = rest.split("__").filter(|part| !part.is_empty()).collect();
    let lookup = match parts.last() {
        Some(last) if LOOKUPS.iter().any(|row| row.name == *last) => parts.pop().unwrap_or("exact"),
        _ => "exact",
    };
    let part = match (parts.as_slice(), of_kind(&column.field.kind)) {
        ([], _) => None,
        ([part], Some(found)) if moment::is_part(part, found) => Some(*part),
        ([first, ..], _) if column.field.relation().is_some() => {
            let label = table.model.label();
            return Err(format!(
                "`{key}` asks another table for `{first}`, which a table's definition cannot, in `{label}`"
            ));
        }
        ([first, ..], _) => return Err(unknown(table, key, first)),
    };
    Ok(Parsed { column, part, lookup })
}

fn unknown(table: Table<'_>, key: &str, word: &str) -> String {
    let names: Vec<&str> = LOOKUPS.iter().map(|row| row.name).collect();
    let label = table.model.label();
    let hint =
        near::did_you_mean(word, &names).map_or_else(String::new, |close| format!("\nhint: did you mean `{close}`?"));
    format!("`{key}` of `{label}` has no lookup `{word}` in a table's definition{hint}")
}

/// A field of the table itself, by its name or by the name of its column's attribute: `owner_id`.
pub(super) fn column<'a>(table: Table<'a>, name: &str) -> Result<Column<'a>, String> {
    let name = name.split("__").next().unwrap_or(name);
    let found = table.field(name)?;
    if found.table.name() != table.name() {
        let label = table.model.label();
        return Err(format!(
            "`{name}` of `{label}` is a column of a parent's table, which its own definition cannot name"
        ));
    }
    Ok(found)
}

impl Scope<'_> {
    /// The text of a comparison.
    pub(super) fn lookup(&self, key: &str, value: &Expr) -> Result<Outcome, String> {
        let parsed = parse(self.table, key)?;
        let row = LOOKUPS
            .iter()
            .find(|row| row.name == parsed.lookup)
            .ok_or_else(|| unknown(self.table, key, parsed.lookup))?;
        let kind = kind_of(&parsed.column)?;
        let column = quote(&parsed.column.column());
        match value {
            Expr::Value(Value::Null) if matches!(row.name, "exact" | "iexact") && kind != Kind::Json => {
                return Ok(Outcome::Sql(format!("{column} IS NULL")));
            }
            Expr::Value(Value::Bool(yes)) if row.name == "isnull" => {
                return Ok(Outcome::Sql(format!("{column} IS {}NULL", if *yes { "" } else { "NOT " })));
            }
            Expr::Value(Value::Null) if kind != Kind::Json => {
                return Err(format!("`{key}` cannot be compared with null"));
            }
            _ if row.name == "isnull" => return Err(format!("`{key}` is compared with `true` or `false` only")),
            _ => {}
        }
        if let Some(part) = parsed.part {
            return self.part_lookup(part, &parsed.column, row.name, value).map(Outcome::Sql);
        }
        match value {
            Expr::Value(value) => self.direct(key, row, &column, &parsed.column.field.kind, &kind, value),
            expr => self.computed(row, &column, &kind, expr).map(Outcome::Sql),
        }
    }

    /// A comparison with a constant. `own` is the column's kind, `kind` the one that decides how values are written.
    fn direct(
        &self,
        key: &str,
        row: &Row,
        column: &str,
        own: &Kind,
        kind: &Kind,
        value: &Value,
    ) -> Result<Outcome, String> {
        let one = |value: &Value| literal_for(self.dialect, kind, value);
        let text = match row.name {
            "in" => match in_list(value) {
                Some(values) if values.is_empty() => return Ok(Outcome::Never),
                Some(values) => format!("({})", values.into_iter().map(one).collect::<Vec<_>>().join(", ")),
                None => return Err(format!("`{key}` is compared with a list only")),
            },
            "range" => match value {
                Value::List(values) if values.len() == 2 => format!("{} AND {}", one(&values[0]), one(&values[1])),
                _ => return Err(format!("`{key}` is compared with a list of two values only")),
            },
            "regex" | "iregex" => literal(self.dialect, &Value::Text(plain(value))),
            "iexact" if self.dialect == Dialect::Postgres => literal(self.dialect, &Value::Text(plain(value))),
            "iexact" => literal(self.dialect, &Value::Text(escaped(&plain(value)))),
            _ if row.pattern.is_some() => literal(self.dialect, &Value::Text(pattern(row, &plain(value)))),
            name => match compared(name, own, kind, value) {
                Value::Bool(yes) if name == "exact" && matches!(kind, Kind::Boolean) => {
                    return Ok(Outcome::Sql(if yes { column.to_owned() } else { format!("NOT {column}") }));
                }
                Value::Int(number) => match beyond(self.dialect, own, name, number.into()) {
                    Some(true) => return Ok(Outcome::Always),
                    Some(false) => return Ok(Outcome::Never),
                    None => one(&Value::Int(number)),
                },
                value => one(&value),
            },
        };
        Ok(Outcome::Sql(format!("{} {}", self.left(row, column, kind), self.operator(row).replace("{}", &text))))
    }

    /// A comparison with what the database computes.
    fn computed(&self, row: &Row, column: &str, kind: &Kind, expr: &Expr) -> Result<String, String> {
        let sql = self.sql(expr)?;
        let sql = if sql.starts_with('(') { sql } else { format!("({sql})") };
        let left = self.left(row, column, kind);
        let Some((before, after)) = row.pattern else {
            return Ok(format!("{left} {}", self.operator(row).replace("{}", &sql)));
        };
        let sql = match self.dialect {
            Dialect::Sqlite => format!(r"REPLACE(REPLACE(REPLACE({sql}, '\', '\\'), '%', '\%'), '_', '\_')"),
            Dialect::Postgres => {
                format!(r"REPLACE(REPLACE(REPLACE({sql}, E'\\', E'\\\\'), E'%', E'\\%'), E'_', E'\\_')")
            }
        };
        let sql = if row.any_case { format!("UPPER({sql})") } else { sql };
        let (before, after) = (if before { "'%' || " } else { "" }, if after { " || '%'" } else { "" });
        let escape = if self.dialect == Dialect::Sqlite { r" ESCAPE '\'" } else { "" };
        Ok(format!("{left} LIKE {before}{sql}{after}{escape}"))
    }

    fn operator(&self, row: &Row) -> &'static str {
        if self.dialect == Dialect::Sqlite { row.sqlite } else { row.postgres }
    }

    /// PostgreSQL matches nothing but text.
    fn left(&self, row: &Row, column: &str, kind: &Kind) -> String {
        let matches_text = row.pattern.is_some() || matches!(row.name, "iexact" | "regex" | "iregex");
        if self.dialect == Dialect::Sqlite || !matches_text {
            return column.to_owned();
        }
        let text = match of_kind(kind) {
            Some(Type::Ip) => format!("HOST({column})"),
            _ => format!("{column}::text"),
        };
        if row.any_case && row.name != "iregex" { format!("UPPER({text})") } else { text }
    }
}

/// The values of a list, each once, nulls aside.
fn in_list(value: &Value) -> Option<Vec<&Value>> {
    let Value::List(values) = value else { return None };
    let mut kept: Vec<&Value> = vec![];
    for value in values {
        if *value != Value::Null && !kept.contains(&value) {
            kept.push(value);
        }
    }
    Some(kept)
}

/// The value that a column is compared with. A whole number is compared with the next one above a fraction where that
/// means the same.
fn compared(lookup: &str, own: &Kind, kind: &Kind, value: &Value) -> Value {
    match value {
        Value::Float(number) if is_whole(own) && matches!(lookup, "gte" | "lt") => Value::Int(number.ceil() as i64),
        value => prepared(kind, value),
    }
}

/// A number that the column cannot hold: whether a comparison with it is true of every row or of none.
pub(crate) fn beyond(dialect: Dialect, kind: &Kind, lookup: &str, number: i128) -> Option<bool> {
    let positive = matches!(kind, Kind::PositiveSmallInteger | Kind::PositiveInteger | Kind::PositiveBigInteger);
    let most = match kind {
        _ if !is_whole(kind) => return None,
        _ if dialect == Dialect::Sqlite => i64::MAX,
        Kind::SmallInteger | Kind::PositiveSmallInteger | Kind::SmallAuto => i64::from(i16::MAX),
        Kind::Integer | Kind::PositiveInteger | Kind::Auto | Kind::OrderWrt => i64::from(i32::MAX),
        _ => i64::MAX,
    };
    let least = if positive { 0 } else { -i128::from(most) - 1 };
    match lookup {
        _ if (least..=most.into()).contains(&number) => None,
        "gt" | "gte" => Some(number < least),
        "lt" | "lte" => Some(number > i128::from(most)),
        _ => Some(false),
    }
}

fn pattern(row: &Row, text: &str) -> String {
    let (before, after) = row.pattern.unwrap_or_default();
    let percent = |yes: bool| if yes { "%" } else { "" };
    format!("{}{}{}", percent(before), escaped(text), percent(after))
}

/// Text that a pattern matches as it stands.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
