//! How a database tells its plan: options and formats, by tables. No word of a caller's becomes SQL, only one of a table
//! that was found by it.

use super::error::QueryError;
use super::path::Name;
use crate::near;
use crate::sql::Dialect;

/// How a plan is told: `Explain::new().analyze(true).format("json")`. Options are PostgreSQL's; SQLite has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "`explain_with` takes it"]
pub struct Explain {
    said: Vec<(Name, Name)>,
}

/// An option: its name, and the values that it takes.
struct Choice {
    name: &'static str,
    values: &'static [&'static str],
}

const YES_OR_NO: &[&str] = &["true", "false"];

macro_rules! switches {
    ($($name:ident $sql:literal $doc:literal;)*) => {
        impl Explain {
            $(#[doc = $doc]
            pub fn $name(self, yes: bool) -> Self {
                self.option(stringify!($name), if yes { "true" } else { "false" })
            })*
        }

        const SWITCHES: &[Choice] = &[$(Choice { name: $sql, values: YES_OR_NO }),*];
    };
}

switches! {
    analyze "ANALYZE" "Runs the query, and tells how long each part took.";
    buffers "BUFFERS" "How many pages were read, and from where.";
    costs "COSTS" "What the database expects each part to cost.";
    generic_plan "GENERIC_PLAN" "The plan for any values. From PostgreSQL 16 on.";
    memory "MEMORY" "How much memory planning took. From PostgreSQL 17 on.";
    settings "SETTINGS" "Settings of the server that are not the usual ones.";
    summary "SUMMARY" "How long it took altogether.";
    timing "TIMING" "The time of each part, beside `analyze`.";
    verbose "VERBOSE" "The columns of each part, and the names of schemas.";
    wal "WAL" "How much was logged, beside `analyze`.";
}

/// Options that are no switches.
const WORDS: &[Choice] = &[
    Choice { name: "SERIALIZE", values: &["text", "binary", "none"] },
    Choice { name: "FORMAT", values: &["text", "xml", "json", "yaml"] },
];

impl Explain {
    /// As the database tells it by itself.
    pub fn new() -> Self {
        Self::default()
    }

    /// In which form: `text`, `json`, `xml` or `yaml`.
    pub fn format(self, format: impl Into<Name>) -> Self {
        self.option("format", format)
    }

    /// An option by its name, in any case. The last counts where it is said twice.
    pub fn option(mut self, name: impl Into<Name>, value: impl Into<Name>) -> Self {
        self.said.push((name.into(), value.into()));
        self
    }

    /// What stands before the statement, with a space behind.
    ///
    /// # Errors
    /// An option or a value that there is not, and any for SQLite.
    pub fn prefix(&self, dialect: Dialect) -> Result<String, QueryError> {
        if dialect == Dialect::Sqlite {
            return match self.said.first() {
                None => Ok("EXPLAIN QUERY PLAN ".to_owned()),
                Some(_) => Err(QueryError::unsupported("SQLite has no options and no formats of `explain`")),
            };
        }
        let mut found: Vec<(&str, &str)> = vec![];
        for (name, value) in &self.said {
            let option = choice(name)?;
            found.retain(|(own, _)| *own != option.name);
            found.push((option.name, option.value(value)?));
        }
        if found.is_empty() {
            return Ok("EXPLAIN ".to_owned());
        }
        let options: Vec<String> = found.iter().map(|(name, value)| format!("{name} {value}")).collect();
        Ok(format!("EXPLAIN ({}) ", options.join(", ")))
    }
}

fn choice(name: &str) -> Result<&'static Choice, QueryError> {
    let mut all = SWITCHES.iter().chain(WORDS);
    all.find(|option| option.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let names: Vec<String> = SWITCHES.iter().chain(WORDS).map(|option| option.name.to_ascii_lowercase()).collect();
        wrong("option of `explain`", name, &names.iter().map(String::as_str).collect::<Vec<_>>())
    })
}

impl Choice {
    fn value(&self, value: &str) -> Result<&'static str, QueryError> {
        let own = self.values.iter().find(|own| own.eq_ignore_ascii_case(value));
        own.copied().ok_or_else(|| wrong(&format!("value of `{}`", self.name.to_ascii_lowercase()), value, self.values))
    }
}

fn wrong(what: &str, said: &str, known: &[&str]) -> QueryError {
    let hint = match near::did_you_mean(said, known) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("there are {}", known.join(", ")),
    };
    QueryError::name(format!("no {what} `{}` is known\nhint: {hint}", super::compile::shown(said)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_written_as_the_table_has_them() {
        let plain = Explain::new();
        assert_eq!(plain.prefix(Dialect::Postgres).as_deref(), Ok("EXPLAIN "));
        assert_eq!(plain.prefix(Dialect::Sqlite).as_deref(), Ok("EXPLAIN QUERY PLAN "));
        let told = Explain::new().analyze(true).costs(true).format("JSON").option("Costs", "FALSE");
        assert_eq!(told.prefix(Dialect::Postgres).as_deref(), Ok("EXPLAIN (ANALYZE true, FORMAT json, COSTS false) "));
    }

    #[test]
    fn what_is_in_no_table_is_refused_and_sqlite_has_none_at_all() {
        let message = |how: Explain, dialect| how.prefix(dialect).expect_err("refused").message;
        let postgres = |how| message(how, Dialect::Postgres);
        assert!(postgres(Explain::new().option("analyse", "true")).contains("did you mean `analyze`?"));
        assert!(postgres(Explain::new().option("analyze", "1")).contains("no value of `analyze`"));
        assert!(postgres(Explain::new().format("html")).contains("text, xml, json, yaml"));
        assert!(message(Explain::new().verbose(true), Dialect::Sqlite).contains("SQLite has no options"));
        assert!(message(Explain::new().format("text"), Dialect::Sqlite).contains("SQLite has no options"));
    }
}
