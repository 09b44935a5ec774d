//! Parts of dates and moments: `ExtractYear`, `TruncMonth`, `day__year`. All in UTC.
//!
//! SQLite has no such functions; the reference's connection defines some, which are not ours. A year is compared there
//! all the same, by its first and last moment.

use super::prepare::{literal_for, plain};
use super::typed::{Type, of_kind};
use super::{Scope, quote};
use crate::schema::{Expr, Kind, Value};
use crate::sql::Dialect;
use crate::sql::place::Column;

/// The parts by the name of their lookup, and which PostgreSQL knows them by.
pub(crate) static PARTS: &[(&str, &str, &str)] = &[
    ("year", "ExtractYear", "YEAR"),
    ("iso_year", "ExtractIsoYear", "ISOYEAR"),
    ("month", "ExtractMonth", "MONTH"),
    ("day", "ExtractDay", "DAY"),
    ("week", "ExtractWeek", "WEEK"),
    ("week_day", "ExtractWeekDay", "DOW"),
    ("iso_week_day", "ExtractIsoWeekDay", "ISODOW"),
    ("quarter", "ExtractQuarter", "QUARTER"),
    ("hour", "ExtractHour", "HOUR"),
    ("minute", "ExtractMinute", "MINUTE"),
    ("second", "ExtractSecond", "SECOND"),
];

/// What a date or a moment is cut down to.
pub(crate) static CUTS: &[(&str, &str)] = &[
    ("TruncYear", "year"),
    ("TruncQuarter", "quarter"),
    ("TruncMonth", "month"),
    ("TruncWeek", "week"),
    ("TruncDay", "day"),
    ("TruncHour", "hour"),
    ("TruncMinute", "minute"),
    ("TruncSecond", "second"),
];

/// Whether fields of a type have such a part.
pub(crate) fn is_part(name: &str, of: Type) -> bool {
    let of_time = matches!(name, "hour" | "minute" | "second");
    let known = PARTS.iter().any(|(part, ..)| *part == name);
    match of {
        Type::Date => known && !of_time,
        Type::DateTime => known || matches!(name, "date" | "time"),
        Type::Time => of_time,
        _ => false,
    }
}

/// What such a function gives.
pub(super) fn type_of(name: &str, args: &[Option<Type>]) -> Option<Type> {
    match name {
        "TruncDate" => Some(Type::Date),
        "TruncTime" => Some(Type::Time),
        _ if PARTS.iter().any(|(_, function, _)| *function == name) => Some(Type::Int),
        _ if CUTS.iter().any(|(function, _)| *function == name) => args.first().copied().flatten(),
        _ => None,
    }
}

impl Scope<'_> {
    /// The text of such a function; `None` where the name is another's.
    pub(super) fn moment(&self, name: &str, args: &[Expr]) -> Result<Option<String>, String> {
        let part = PARTS.iter().find(|(_, function, _)| *function == name).map(|(part, ..)| *part);
        let cut = CUTS.iter().find(|(function, _)| *function == name).map(|(_, cut)| *cut);
        let whole = match name {
            "TruncDate" => Some("date"),
            "TruncTime" => Some("time"),
            _ => None,
        };
        if part.or(cut).or(whole).is_none() {
            return Ok(None);
        }
        let [arg] = args else { return Err(format!("`{name}` takes 1, not {}", args.len())) };
        let (sql, found) = (self.sql(arg)?, self.type_of(arg));
        self.needs_postgres(name)?;
        Ok(Some(match (part.or(whole), cut) {
            (Some(part), _) => extract(part, &sql, found),
            (None, cut) => {
                let time = if found == Some(Type::Time) { "::time" } else { "" };
                format!("DATE_TRUNC('{}', {}){time}", cut.unwrap_or_default(), zoned(&sql, found))
            }
        }))
    }

    /// The text of a comparison with a part of a column.
    pub(super) fn part_lookup(
        &self,
        part: &str,
        column: &Column<'_>,
        lookup: &str,
        value: &Expr,
    ) -> Result<String, String> {
        let (name, kind) = (quote(&column.column()), &column.field.kind);
        let is_order = matches!(lookup, "exact" | "gt" | "gte" | "lt" | "lte");
        if let (Expr::Value(Value::Int(year)), "year", true) = (value, part, is_order) {
            return Ok(self.year(&name, kind, lookup, *year));
        }
        self.needs_postgres(&format!("{}__{part}", column.name))?;
        let operator = match lookup {
            "exact" => "=",
            "gt" => ">",
            "gte" => ">=",
            "lt" => "<",
            "lte" => "<=",
            _ => return Err(format!("a part of a date has no lookup `{lookup}` in a table's definition")),
        };
        let right = match (value, part) {
            (Expr::Value(value), "date") => literal_for(self.dialect, &DATE, value),
            (Expr::Value(value), "time") => literal_for(self.dialect, &TIME, value),
            (Expr::Value(value), _) => plain(value),
            (expr, _) => format!("({})", self.sql(expr)?),
        };
        Ok(format!("{} {operator} {right}", extract(part, &name, of_kind(kind))))
    }

    fn year(&self, column: &str, kind: &Kind, lookup: &str, year: i64) -> String {
        let (first, last) = match kind {
            Kind::DateTime { .. } => (
                Value::DateTime(format!("{year:04}-01-01 00:00:00")),
                Value::DateTime(format!("{year:04}-12-31 23:59:59.999999")),
            ),
            _ => (Value::Date(format!("{year:04}-01-01")), Value::Date(format!("{year:04}-12-31"))),
        };
        let (first, last) = (literal_for(self.dialect, kind, &first), literal_for(self.dialect, kind, &last));
        match lookup {
            "gt" => format!("{column} > {last}"),
            "gte" => format!("{column} >= {first}"),
            "lt" => format!("{column} < {first}"),
            "lte" => format!("{column} <= {last}"),
            _ => format!("{column} BETWEEN {first} AND {last}"),
        }
    }

    fn needs_postgres(&self, name: &str) -> Result<(), String> {
        match self.dialect {
            Dialect::Postgres => Ok(()),
            Dialect::Sqlite => {
                let label = self.table.model.label();
                Err(format!("the tables of SQLite have no `{name}`, as `{label}` asks"))
            }
        }
    }
}

static DATE: Kind = Kind::Date { auto_now: false, auto_now_add: false };
static TIME: Kind = Kind::Time { auto_now: false, auto_now_add: false };

/// A part of a date or a moment, on PostgreSQL.
fn extract(part: &str, sql: &str, of: Option<Type>) -> String {
    let sql = zoned(sql, of);
    match part {
        "date" | "time" => format!("({sql})::{part}"),
        "second" if of != Some(Type::Date) => format!("EXTRACT(SECOND FROM DATE_TRUNC('second', {sql}))"),
        "week_day" => format!("EXTRACT(DOW FROM {sql}) + 1"),
        _ => {
            let name = PARTS.iter().find(|(name, ..)| *name == part).map_or("", |(_, _, name)| *name);
            format!("EXTRACT({name} FROM {sql})")
        }
    }
}

fn zoned(sql: &str, of: Option<Type>) -> String {
    if of == Some(Type::DateTime) { format!("{sql} AT TIME ZONE 'UTC'") } else { sql.to_owned() }
}
