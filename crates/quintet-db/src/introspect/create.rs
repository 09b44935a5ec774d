//! Reads `CREATE TABLE` and `CREATE INDEX`: SQLite keeps the text of a definition, and only the text tells everything.

use super::tokens::{Token, tokens};
use super::{Column, Constraint, ConstraintKind, Generated, Index, Part, Table};

/// The words that end a column's type.
const AFTER_TYPE: &[&str] =
    &["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS"];

/// The words at which a constraint of the whole table begins.
const OF_TABLE: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// Reads a `CREATE TABLE`; nothing where it is another text.
pub(super) fn table(name: &str, sql: &str) -> Option<Table> {
    let body = tokens(sql).into_iter().find_map(|token| match token {
        Token::Group(body) => Some(body),
        _ => None,
    })?;
    let mut table = Table { name: name.to_owned(), ..Table::default() };
    for item in split(&tokens(&body)) {
        // A name in quotes is a column, even if it is one of these words.
        if item.first().is_some_and(|first| OF_TABLE.iter().any(|word| first.is(word))) {
            Reader::new(&item).constraints(&mut table, None);
        } else {
            column(&item, &mut table);
        }
    }
    Some(table)
}

/// Reads a `CREATE INDEX`.
pub(super) fn index(name: &str, sql: &str) -> Option<Index> {
    let found = tokens(sql);
    let at = found.iter().position(|token| matches!(token, Token::Group(_)))?;
    let Token::Group(body) = &found[at] else { return None };
    let rest = &found[at + 1..];
    let condition = rest.first().filter(|token| token.is("WHERE")).map(|_| join(&rest[1..]));
    let unique = found.get(1).is_some_and(|token| token.is("UNIQUE"));
    let parts = split(&tokens(body)).iter().map(|item| part(item)).collect();
    Some(Index { name: name.to_owned(), unique, method: "btree".to_owned(), parts, condition, include: vec![] })
}

fn part(item: &[Token]) -> Part {
    let is_column = item.first().and_then(Token::name).is_some()
        && item.get(1).is_none_or(|next| next.is("ASC") || next.is("DESC") || next.is("COLLATE"));
    let end = item.iter().position(|token| token.is("ASC") || token.is("DESC") || token.is("COLLATE"));
    let (what, options) = item.split_at(end.unwrap_or(item.len()));
    let sql = match what {
        [only] if is_column => only.name().unwrap_or_default().to_owned(),
        _ => join(what),
    };
    Part { sql, is_column, options: join(options).to_lowercase().replace("asc", "").trim().to_owned() }
}

fn column(item: &[Token], table: &mut Table) {
    let Some(name) = item.first().and_then(Token::name) else { return };
    let end = item.iter().skip(1).position(|token| AFTER_TYPE.iter().any(|word| token.is(word)));
    let end = end.map_or(item.len(), |at| at + 1);
    let kind = join(&item[1..end]).replace(" (", "(");
    table.columns.push(Column { name: name.to_owned(), kind, null: true, ..Column::default() });
    Reader::new(&item[end..]).constraints(table, Some(name));
}

/// Reads the words after a column's type, or a constraint of the whole table.
struct Reader<'a> {
    rest: &'a [Token],
}

impl<'a> Reader<'a> {
    fn new(rest: &'a [Token]) -> Self {
        Self { rest }
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.rest.first().is_some_and(|token| token.is(word));
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    fn next(&mut self) -> Option<&'a Token> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    fn name(&mut self) -> String {
        self.next().and_then(Token::name).unwrap_or_default().to_owned()
    }

    fn group(&mut self) -> Option<String> {
        match self.rest.first() {
            Some(Token::Group(inner)) => {
                self.rest = &self.rest[1..];
                Some(inner.clone())
            }
            _ => None,
        }
    }

    fn columns(&mut self) -> Vec<String> {
        let inner = self.group().unwrap_or_default();
        split(&tokens(&inner)).iter().filter_map(|item| item.first()?.name().map(str::to_owned)).collect()
    }

    fn constraints(&mut self, table: &mut Table, of: Option<&str>) {
        let mut name = String::new();
        while !self.rest.is_empty() {
            if self.take("CONSTRAINT") {
                name = self.name();
                continue;
            }
            let own: Vec<String> = of.map(str::to_owned).into_iter().collect();
            let made = if self.take("PRIMARY") {
                self.take("KEY");
                let columns = if of.is_some() { own } else { self.columns() };
                for column in table.columns.iter_mut().filter(|column| columns.contains(&column.name)) {
                    column.counts_up = self.rest.iter().any(|token| token.is("AUTOINCREMENT"));
                }
                Some((ConstraintKind::PrimaryKey, columns))
            } else if self.take("UNIQUE") {
                Some((ConstraintKind::Unique, if of.is_some() { own } else { self.columns() }))
            } else if self.take("CHECK") {
                Some((ConstraintKind::Check(self.group().unwrap_or_default()), vec![]))
            } else if self.take("FOREIGN") {
                self.take("KEY");
                let columns = self.columns();
                self.take("REFERENCES");
                Some((self.reference(), columns))
            } else if self.take("REFERENCES") {
                Some((self.reference(), own))
            } else {
                self.word(table.columns.last_mut().filter(|_| of.is_some()));
                None
            };
            if let Some((kind, columns)) = made {
                let deferrable = self.deferrable();
                table.constraints.push(Constraint { kind, columns, name: std::mem::take(&mut name), deferrable });
            }
        }
    }

    fn reference(&mut self) -> ConstraintKind {
        let table = self.name();
        let columns = if matches!(self.rest.first(), Some(Token::Group(_))) { self.columns() } else { vec![] };
        ConstraintKind::ForeignKey { table, columns }
    }

    fn deferrable(&mut self) -> String {
        if !self.take("DEFERRABLE") {
            return String::new();
        }
        if self.take("INITIALLY") {
            format!("initially {}", self.name().to_lowercase())
        } else {
            "deferrable".to_owned()
        }
    }

    /// What is no constraint.
    fn word(&mut self, column: Option<&mut Column>) {
        let mut nothing = Column::default();
        let column = column.unwrap_or(&mut nothing);
        if self.take("NOT") {
            column.null &= !self.take("NULL");
        } else if self.take("DEFAULT") {
            let signed = matches!(self.rest.first(), Some(Token::Sign(_)));
            let length = (1 + usize::from(signed)).min(self.rest.len());
            column.default = Some(join(&self.rest[..length]).replace("- ", "-"));
            self.rest = &self.rest[length..];
        } else if self.take("COLLATE") {
            column.collation = Some(self.name());
        } else if self.take("AS") {
            let sql = self.group().unwrap_or_default();
            let stored = self.take("STORED");
            column.generated = Some(Generated { sql, stored });
        } else {
            self.next();
        }
    }
}

/// The items between commas.
fn split(tokens: &[Token]) -> Vec<Vec<Token>> {
    tokens.split(|token| *token == Token::Comma).filter(|item| !item.is_empty()).map(<[Token]>::to_vec).collect()
}

fn join(tokens: &[Token]) -> String {
    tokens.iter().map(Token::sql).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_with_everything_in_it_is_read() {
        let sql = r#"CREATE TABLE "t" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "n" integer unsigned NULL CHECK ("n" >= 0), "select" varchar(10) DEFAULT 'a,(b' NOT NULL COLLATE NOCASE UNIQUE, "o_id" bigint NOT NULL REFERENCES "o" ("id") DEFERRABLE INITIALLY DEFERRED, "g" integer GENERATED ALWAYS AS ("n" + 1) STORED, CONSTRAINT "c" CHECK ("n" < (5)), "late" text NULL)"#;
        let table = table("t", sql).expect("a table");
        let kinds: Vec<&str> = table.columns.iter().map(|column| column.kind.as_str()).collect();
        assert_eq!(kinds, ["integer", "integer unsigned", "varchar(10)", "bigint", "integer", "text"]);
        assert!(table.columns[0].counts_up && !table.columns[0].null && table.columns[1].null);
        assert_eq!(table.columns[2].default.as_deref(), Some("'a,(b'"));
        assert_eq!(table.columns[2].collation.as_deref(), Some("NOCASE"));
        assert_eq!(table.columns[4].generated, Some(Generated { sql: "\"n\" + 1".to_owned(), stored: true }));
        let shown: Vec<String> = table.constraints.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "primary key  (id) ",
                "check  \"n\" >= 0 ",
                "unique  (select) ",
                "foreign key  (o_id) to o (id) initially deferred",
                "check c \"n\" < (5) ",
            ]
        );
    }

    #[test]
    fn an_index_has_columns_directions_expressions_and_a_condition() {
        let index =
            index("i", r#"CREATE UNIQUE INDEX "i" ON "t" ("a" DESC, (LOWER("b"))) WHERE "a" > 1"#).expect("one");
        assert!(index.unique);
        assert_eq!(index.to_string(), r#"unique index i btree (a desc, (LOWER("b")) ) where "a" > 1"#);
        assert_eq!(index.columns(), ["a"]);
    }
}
