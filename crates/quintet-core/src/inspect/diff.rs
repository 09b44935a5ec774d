//! Two schemas compared, as text for people.

use std::collections::BTreeSet;
use std::fmt;

use super::schema::{Column, Constraint, ConstraintKind, Index, Schema, Table};

impl Schema {
    /// What only this one has (`-`) and what only the other has (`+`), line by line; empty where both are the same. The
    /// order of columns is of no account: a column that was added later stands at the end.
    pub fn diff(&self, other: &Self) -> String {
        let (here, there) = (self.lines(), other.lines());
        let gone = here.difference(&there).map(|line| format!("- {line}\n"));
        let new = there.difference(&here).map(|line| format!("+ {line}\n"));
        gone.chain(new).collect()
    }

    fn lines(&self) -> BTreeSet<String> {
        self.tables.values().flat_map(Table::lines).collect()
    }
}

impl Table {
    fn lines(&self) -> Vec<String> {
        let line = |thing: &dyn fmt::Display| format!("{}: {thing}", self.name);
        let comment = self.comment.iter().map(|comment| line(&format!("comment `{comment}`")));
        std::iter::once(line(&"table"))
            .chain(comment)
            .chain(self.columns.iter().map(|column| line(column)))
            .chain(self.constraints.iter().map(|constraint| line(constraint)))
            .chain(self.indexes.iter().map(|index| line(index)))
            .collect()
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {} {} {}", self.name, self.kind, if self.null { "null" } else { "not null" })?;
        let words = [
            ("default", &self.default),
            ("collation", &self.collation),
            ("comment", &self.comment),
            ("sequence", &self.sequence),
        ];
        for (word, text) in words {
            if let Some(text) = text {
                write!(f, " {word} {text}")?;
            }
        }
        if self.counts_up {
            f.write_str(" counts up")?;
        }
        match &self.generated {
            Some(generated) => write!(f, " generated {} stored={}", generated.sql, generated.stored),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.columns.join(", ");
        match &self.kind {
            ConstraintKind::PrimaryKey => write!(f, "primary key {} ({columns})", self.name),
            ConstraintKind::Unique => write!(f, "unique {} ({columns})", self.name),
            ConstraintKind::Check(sql) => write!(f, "check {} {sql}", self.name),
            ConstraintKind::ForeignKey { table, columns: there } => {
                write!(f, "foreign key {} ({columns}) to {table} ({})", self.name, there.join(", "))
            }
        }?;
        write!(f, " {}", self.deferrable)
    }
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unique = if self.unique { "unique " } else { "" };
        let parts: Vec<String> = self.parts.iter().map(|part| format!("{} {}", part.sql, part.options)).collect();
        write!(f, "{unique}index {} {} ({})", self.name, self.method, parts.join(", "))?;
        if !self.include.is_empty() {
            write!(f, " include ({})", self.include.join(", "))?;
        }
        self.condition.as_ref().map_or(Ok(()), |condition| write!(f, " where {condition}"))
    }
}
