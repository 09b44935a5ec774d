//! The type of a field out of that of its column.

use super::expression::{Holds, without_parentheses};
use super::schema::{Column, ConstraintKind, Table};
use crate::sql::Dialect;

/// A field's type, what it needs said, and what is to be looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Type {
    /// In Rust: `String`.
    pub(super) name: &'static str,
    /// `max_length = 100`
    pub(super) attributes: Vec<String>,
    pub(super) notes: Vec<String>,
}

impl Type {
    /// Whether it is text, which can have a collation.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.name, "String" | "Text")
    }

    pub(super) fn holds(&self) -> Holds {
        match self.name {
            "i16" | "i32" | "i64" | "u16" | "u32" | "u64" => Holds::Numbers,
            "String" | "Text" => Holds::Text,
            "bool" => Holds::Truth,
            _ => Holds::Other,
        }
    }

    fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

/// The type of a column that is no key and that the database does not count up.
pub(super) fn of(dialect: Dialect, table: &Table, column: &Column) -> Type {
    let kind = column.kind.to_lowercase();
    let (word, arguments) = arguments(&kind);
    match dialect {
        Dialect::Sqlite => sqlite(table, column, &word, &arguments),
        Dialect::Postgres => postgres(table, column, &word, &arguments),
    }
}

fn sqlite(table: &Table, column: &Column, word: &str, arguments: &[u32]) -> Type {
    let positive = || is_positive(table, column);
    match word {
        "bool" | "boolean" => plain("bool"),
        "smallint" | "smallinteger" | "int2" | "tinyint" => plain("i16"),
        "integer" | "int" | "mediumint" | "int4" => plain("i32"),
        "bigint" | "int8" => plain("i64").note("may be a span of time in microseconds: then it is a `Duration`"),
        "smallint unsigned" if positive() => plain("u16"),
        "integer unsigned" if positive() => plain("u32"),
        "bigint unsigned" if positive() => plain("u64"),
        "smallint unsigned" => plain("i32").note("unsigned, but the table does not check it"),
        "integer unsigned" | "int unsigned" | "bigint unsigned" => {
            plain("i64").note("unsigned, but the table does not check it")
        }
        "decimal" | "numeric" => decimal(arguments),
        "real" | "float" | "double" | "double precision" => plain("f64"),
        // Only JSON has a table check that it is.
        "text" if checks(table, &json_check(&column.name)) => plain("Json"),
        // Only these two have a type of fixed length in a schema of models.
        "char" if arguments == [32] => plain("Uuid").note("a text of 32 characters: a `String` unless it holds UUIDs"),
        "char" if arguments == [39] => {
            plain("IpAddr").note("a text of 39 characters: a `String` unless it holds addresses")
        }
        "char" | "varchar" | "character" | "nvarchar" | "nchar" | "varying character" | "native character" => {
            text(arguments)
        }
        "text" | "clob" => plain("Text"),
        "blob" => plain("Binary"),
        "date" => plain("Date"),
        "datetime" | "timestamp" => plain("DateTime"),
        "time" => plain("Time"),
        "json" | "jsonb" => plain("Json"),
        _ => guess(column),
    }
}

fn postgres(table: &Table, column: &Column, word: &str, arguments: &[u32]) -> Type {
    let signed = |signed, unsigned| if is_positive(table, column) { plain(unsigned) } else { plain(signed) };
    match word {
        "boolean" => plain("bool"),
        "smallint" => signed("i16", "u16"),
        "integer" => signed("i32", "u32"),
        "bigint" => signed("i64", "u64"),
        "numeric" => decimal(arguments),
        "double precision" => plain("f64"),
        "real" => plain("f64").note("the column has half of its digits"),
        "character varying" => text(arguments),
        "character" => text(arguments).note("the column fills up with spaces"),
        "text" => plain("Text"),
        "uuid" => plain("Uuid"),
        "jsonb" => plain("Json"),
        "json" => plain("Json").note("the column keeps the text as it was written"),
        "bytea" => plain("Binary"),
        "date" => plain("Date"),
        "timestamp with time zone" => plain("DateTime"),
        "timestamp without time zone" => plain("DateTime").note("the column knows no time zone"),
        "time without time zone" => plain("Time"),
        "interval" => plain("Duration"),
        "inet" => plain("IpAddr"),
        _ => guess(column),
    }
}

fn plain(name: &'static str) -> Type {
    Type { name, ..Type::default() }
}

fn guess(column: &Column) -> Type {
    let kind = if column.kind.is_empty() {
        "the column has no type".to_owned()
    } else {
        format!("the column is `{}`", column.kind)
    };
    plain("Text").note(format!("this type is a guess: {kind}"))
}

fn text(arguments: &[u32]) -> Type {
    let most = arguments.first().filter(|most| **most > 0).map_or_else(|| "unlimited".to_owned(), u32::to_string);
    Type { name: "String", attributes: vec![format!("max_length = {most}")], notes: vec![] }
}

fn decimal(arguments: &[u32]) -> Type {
    let digits = |all: u32, places: u32| Type {
        name: "Decimal",
        attributes: vec![format!("max_digits = {all}"), format!("decimal_places = {places}")],
        notes: vec![],
    };
    match arguments {
        [all, places, ..] => digits(*all, *places),
        [all] => digits(*all, 0),
        [] => digits(10, 5).note("`max_digits` and `decimal_places` are a guess: the column does not say them"),
    }
}

/// `varchar(10)` is `varchar` and 10.
fn arguments(kind: &str) -> (String, Vec<u32>) {
    let Some((word, rest)) = kind.split_once('(') else { return (kind.trim().to_owned(), vec![]) };
    let (inner, after) = rest.split_once(')').unwrap_or((rest, ""));
    let numbers = inner.split(',').filter_map(|number| number.trim().parse().ok()).collect();
    (format!("{}{}", word.trim(), after).trim().to_owned(), numbers)
}

/// Whether the table checks that the column is not negative, as it does for a field of a positive kind.
fn is_positive(table: &Table, column: &Column) -> bool {
    own_checks(table, column).next().is_some()
}

/// The checks that come with the column's field, which are not constraints of the model.
pub(super) fn own_checks<'a>(table: &'a Table, column: &'a Column) -> impl Iterator<Item = &'a super::Constraint> {
    let plain = plain_check(&column.name);
    let json = json_check(&column.name);
    table.constraints.iter().filter(move |constraint| {
        let ConstraintKind::Check(sql) = &constraint.kind else { return false };
        let sql = without_parentheses(check_condition(sql).unwrap_or(sql));
        let same = |wanted: &str| sql.replace('"', "") == wanted.replace('"', "");
        // A named one is a constraint of the model, unless the name is the one that PostgreSQL gives.
        let own = constraint.name.is_empty()
            || constraint.name == format!("{}_{}_check", table.name, column.name)
            || constraint.name.ends_with("_check") && constraint.name.len() == 63;
        own && (same(&plain) || same(without_parentheses(&json)))
    })
}

/// The condition out of PostgreSQL's `CHECK ((a > 1))`; nothing where more is said of it.
pub(super) fn check_condition(definition: &str) -> Option<&str> {
    definition.strip_prefix("CHECK (").and_then(|rest| rest.strip_suffix(')'))
}

fn plain_check(column: &str) -> String {
    format!("\"{column}\" >= 0")
}

fn json_check(column: &str) -> String {
    format!("(JSON_VALID(\"{column}\") OR \"{column}\" IS NULL)")
}

fn checks(table: &Table, sql: &str) -> bool {
    let wanted = without_parentheses(sql);
    table
        .constraints
        .iter()
        .any(|constraint| matches!(&constraint.kind, ConstraintKind::Check(own) if without_parentheses(own) == wanted))
}

#[cfg(test)]
mod tests {
    use super::super::schema::Constraint;
    use super::*;

    fn read(dialect: Dialect, kind: &str, check: Option<&str>) -> String {
        let constraint = check.map(|sql| Constraint {
            kind: ConstraintKind::Check(sql.to_owned()),
            columns: vec![],
            name: String::new(),
            deferrable: String::new(),
        });
        let column = Column { name: "c".to_owned(), kind: kind.to_owned(), ..Column::default() };
        let table = Table { constraints: constraint.into_iter().collect(), ..Table::default() };
        let found = of(dialect, &table, &column);
        [vec![found.name.to_owned()], found.attributes].concat().join(" ")
    }

    #[test]
    fn every_type_of_a_schema_of_models_on_sqlite_is_found() {
        for (kind, wanted) in [
            ("bool", "bool"),
            ("smallint", "i16"),
            ("integer", "i32"),
            ("bigint", "i64"),
            ("decimal", "Decimal max_digits = 10 decimal_places = 5"),
            ("real", "f64"),
            ("text", "Text"),
            ("varchar(12)", "String max_length = 12"),
            ("varchar", "String max_length = unlimited"),
            ("char(32)", "Uuid"),
            ("char(39)", "IpAddr"),
            ("BLOB", "Binary"),
            ("date", "Date"),
            ("datetime", "DateTime"),
            ("time", "Time"),
            ("DECIMAL(8, 2)", "Decimal max_digits = 8 decimal_places = 2"),
            ("geometry", "Text"),
            ("", "Text"),
        ] {
            assert_eq!(read(Dialect::Sqlite, kind, None), wanted, "of `{kind}`");
        }
    }

    #[test]
    fn every_type_of_a_schema_of_models_on_postgresql_is_found() {
        for (kind, wanted) in [
            ("boolean", "bool"),
            ("smallint", "i16"),
            ("integer", "i32"),
            ("bigint", "i64"),
            ("numeric(8,2)", "Decimal max_digits = 8 decimal_places = 2"),
            ("numeric", "Decimal max_digits = 10 decimal_places = 5"),
            ("double precision", "f64"),
            ("character varying(12)", "String max_length = 12"),
            ("character varying", "String max_length = unlimited"),
            ("character(3)", "String max_length = 3"),
            ("text", "Text"),
            ("uuid", "Uuid"),
            ("jsonb", "Json"),
            ("bytea", "Binary"),
            ("date", "Date"),
            ("timestamp with time zone", "DateTime"),
            ("time without time zone", "Time"),
            ("interval", "Duration"),
            ("inet", "IpAddr"),
            ("text[]", "Text"),
        ] {
            assert_eq!(read(Dialect::Postgres, kind, None), wanted, "of `{kind}`");
        }
    }

    #[test]
    fn a_check_tells_what_the_type_does_not() {
        assert_eq!(read(Dialect::Sqlite, "integer unsigned", Some("\"c\" >= 0")), "u32");
        assert_eq!(read(Dialect::Sqlite, "integer unsigned", None), "i64");
        assert_eq!(read(Dialect::Sqlite, "text", Some("(JSON_VALID(\"c\") OR \"c\" IS NULL)")), "Json");
        assert_eq!(read(Dialect::Postgres, "smallint", Some("CHECK ((c >= 0))")), "u16");
        assert_eq!(read(Dialect::Postgres, "smallint", Some("CHECK ((c >= 1))")), "i16");
    }
}
