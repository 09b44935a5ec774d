//! Indexes and constraints: those that come with a field, those that the model says, and those that cannot be said.

use std::collections::BTreeSet;

use super::column::{check_condition, own_checks};
use super::expression::{self, Known};
use super::plan::{Key, Plan, Planned};
use super::schema::{Constraint, ConstraintKind, Index, Part};
use crate::sql::Dialect;

/// What indexes and constraints say.
#[derive(Default)]
pub(super) struct Rules {
    /// Columns, by place, of which no two rows have the same.
    pub(super) unique: BTreeSet<usize>,
    /// Columns, by place, with an index of their own.
    pub(super) indexed: BTreeSet<usize>,
    /// What the model says.
    pub(super) options: Vec<String>,
    /// What cannot be said.
    pub(super) left_out: Vec<String>,
    together: Vec<String>,
}

/// The most characters of an index's name, as the system checks have it.
const LONGEST_INDEX_NAME: usize = 30;

/// Sorts out the indexes and constraints of a table.
pub(super) fn rules(plan: &Plan<'_>, planned: &Planned<'_>, known: &[Known<'_>]) -> Rules {
    let mut reader = Reader { plan, planned, known, rules: Rules::default() };
    for constraint in &planned.table.constraints {
        match &constraint.kind {
            ConstraintKind::Unique => reader.unique(constraint),
            ConstraintKind::Check(sql) => reader.check(constraint, sql),
            ConstraintKind::PrimaryKey | ConstraintKind::ForeignKey { .. } => {}
        }
    }
    for index in &planned.table.indexes {
        reader.index(index);
    }
    let mut rules = reader.rules;
    if !rules.together.is_empty() {
        rules.options.insert(0, format!("unique_together = [{}]", rules.together.join(", ")));
    }
    rules
}

struct Reader<'a, 'b> {
    plan: &'a Plan<'b>,
    planned: &'a Planned<'b>,
    known: &'a [Known<'a>],
    rules: Rules,
}

impl Reader<'_, '_> {
    fn unique(&mut self, constraint: &Constraint) {
        let Some(fields) = self.fields(&constraint.columns) else { return self.cannot("the rule", &constraint.name) };
        let at_once = constraint.deferrable.is_empty();
        if let [column] = constraint.columns.as_slice()
            && at_once
            && self.is_of_field(&constraint.name, column)
        {
            self.rules.unique.extend(self.place(column));
            return;
        }
        if at_once && (constraint.name.is_empty() || is_computed(&constraint.name, "_uniq")) {
            self.rules.together.push(format!("[{}]", fields.join(", ")));
            return;
        }
        let when = match constraint.deferrable.as_str() {
            "" => "",
            "initially deferred" => ", deferrable = deferred",
            _ => ", deferrable = immediate",
        };
        let text = format!("unique(name = {:?}, fields = [{}]{when})", constraint.name, fields.join(", "));
        self.rules.options.push(text);
    }

    /// Whether the constraint on a column is the one of a unique field. Migrations give it another name than the table's
    /// definition does, and on PostgreSQL text has a second index beside it.
    fn is_of_field(&self, name: &str, column: &str) -> bool {
        if !self.plan.managed || name.is_empty() {
            return true;
        }
        let usual = format!("{}_{column}_key", self.planned.table.name);
        let named = name == usual || is_computed(name, "_uniq") || name.len() == 63 && name.ends_with("_key");
        named && (!self.is_text(column) || self.like_index(column).is_some())
    }

    fn check(&mut self, constraint: &Constraint, sql: &str) {
        let own = self.planned.table.columns.iter().any(|column| {
            own_checks(self.planned.table, column).any(|check| check == constraint)
                && is_said_by_type(&column.kind, sql)
        });
        if own {
            return;
        }
        let condition = if self.plan.dialect == Dialect::Postgres { check_condition(sql) } else { Some(sql) };
        match condition {
            Some(condition) if !constraint.name.is_empty() => {
                let condition = expression::condition(self.plan.dialect, condition, self.known);
                self.rules.options.push(format!("check(name = {:?}, condition = {condition})", constraint.name));
            }
            _ => {
                let what = if constraint.name.is_empty() { "a condition without a name" } else { "the condition" };
                self.rules.left_out.push(format!("left out, {what}: {sql}"));
            }
        }
    }

    fn index(&mut self, index: &Index) {
        if let Some(column) = self.of_text(index) {
            // The field's own index or rule tells of it.
            self.rules.indexed.extend(self.place(&column).filter(|place| {
                !self.rules.unique.contains(place) && self.planned.key != Key::One(*place) && self.own_index(&column)
            }));
            return;
        }
        let columns = index.columns();
        if let [column] = columns.as_slice()
            && index.is_usual()
            && !index.unique
            && (is_computed(&index.name, "") && self.has_like_index(column))
            && let Some(place) = self.place(column)
            && !self.rules.unique.contains(&place)
        {
            self.rules.indexed.insert(place);
            return;
        }
        if index.unique && index.is_usual() {
            if !self.plan.managed && columns.len() == 1 {
                self.rules.unique.extend(self.place(&columns[0]));
                return;
            }
            if is_computed(&index.name, "_uniq")
                && let Some(fields) = self.fields(&columns)
            {
                self.rules.together.push(format!("[{}]", fields.join(", ")));
                return;
            }
        }
        match self.said(index) {
            Some(text) => self.rules.options.push(text),
            None => self.cannot(if index.unique { "the unique index" } else { "the index" }, &index.name),
        }
    }

    /// `index(..)` or `unique(..)`; nothing where there are no words for it.
    fn said(&self, index: &Index) -> Option<String> {
        let name = index.name.as_str();
        let bad_name = name.chars().count() > LONGEST_INDEX_NAME
            || name.starts_with(|first: char| first == '_' || first.is_ascii_digit());
        if !index.unique && bad_name {
            return None;
        }
        let mut said = vec![format!("name = {name:?}")];
        let opclasses: Vec<&str> = index.parts.iter().map(opclass).collect::<Option<_>>()?;
        if index.parts.iter().all(|part| part.is_column) {
            let fields = index.parts.iter().map(|part| self.part(part)).collect::<Option<Vec<_>>>()?;
            if index.unique && fields.iter().any(|field| field.starts_with("\"-")) {
                return None;
            }
            said.push(format!("fields = [{}]", fields.join(", ")));
        } else {
            let plain = index.parts.iter().all(|part| part.options.is_empty());
            let parts = index.parts.iter().map(|part| self.expression(part)).collect::<Option<Vec<_>>>()?;
            if !plain {
                return None;
            }
            said.push(format!("expressions = [{}]", parts.join(", ")));
        }
        if let Some(condition) = &index.condition {
            said.push(format!("condition = {}", expression::condition(self.plan.dialect, condition, self.known)));
        }
        if !index.include.is_empty() {
            said.push(format!("include = [{}]", self.fields(&index.include)?.join(", ")));
        }
        if opclasses.iter().any(|class| !class.is_empty()) {
            if opclasses.contains(&"") {
                return None;
            }
            let classes: Vec<String> = opclasses.iter().map(|class| format!("{class:?}")).collect();
            said.push(format!("opclasses = [{}]", classes.join(", ")));
        }
        match index.method.as_str() {
            "btree" => {}
            kind @ ("brin" | "gin" | "gist" | "hash" | "spgist") if !index.unique => {
                said.push(format!("kind = {kind}"));
            }
            _ => return None,
        }
        Some(format!("{}({})", if index.unique { "unique" } else { "index" }, said.join(", ")))
    }

    /// A column with its direction.
    fn part(&self, part: &Part) -> Option<String> {
        let field = self.planned.field(&part.sql)?;
        let sign = if part.options == "desc" { "-" } else { "" };
        Some(format!("{:?}", format!("{sign}{field}")))
    }

    fn expression(&self, part: &Part) -> Option<String> {
        if part.is_column {
            return Some(format!("f({:?})", self.planned.field(&part.sql)?));
        }
        Some(expression::expression(&part.sql, self.known))
    }

    /// The column of PostgreSQL's second index of a text.
    fn of_text(&self, index: &Index) -> Option<String> {
        let [part] = index.parts.as_slice() else { return None };
        let like = matches!(part.options.as_str(), "varchar_pattern_ops" | "text_pattern_ops");
        let own =
            like && part.is_column && !index.unique && index.condition.is_none() && is_computed(&index.name, "_like");
        let wanted = own && self.is_text(&part.sql);
        // It comes with a rule or an index, never alone.
        let place = self.place(&part.sql)?;
        let beside =
            self.rules.unique.contains(&place) || self.planned.key == Key::One(place) || self.own_index(&part.sql);
        (wanted && beside).then(|| part.sql.clone())
    }

    fn like_index(&self, column: &str) -> Option<&Index> {
        self.planned.table.indexes.iter().find(|index| {
            let [part] = index.parts.as_slice() else { return false };
            part.sql == column && part.options.ends_with("_pattern_ops") && is_computed(&index.name, "_like")
        })
    }

    /// Whether what a field with an index of its own would have besides is there.
    fn has_like_index(&self, column: &str) -> bool {
        !self.plan.managed || !self.is_text(column) || self.like_index(column).is_some()
    }

    /// Whether there is an index that comes with the field.
    fn own_index(&self, column: &str) -> bool {
        self.planned.table.indexes.iter().any(|index| {
            let alone = matches!(index.columns().as_slice(), [only] if only == column);
            alone && index.is_usual() && !index.unique && is_computed(&index.name, "")
        })
    }

    fn is_text(&self, column: &str) -> bool {
        let kind = self.place(column).map(|place| self.planned.table.columns[place].kind.as_str());
        self.plan.dialect == Dialect::Postgres
            && kind.is_some_and(|kind| kind.starts_with("character varying") || kind == "text")
    }

    fn place(&self, column: &str) -> Option<usize> {
        self.planned.table.columns.iter().position(|own| own.name == column)
    }

    fn fields(&self, columns: &[String]) -> Option<Vec<String>> {
        columns.iter().map(|column| Some(format!("{:?}", self.planned.field(column)?))).collect()
    }

    fn cannot(&mut self, what: &str, name: &str) {
        self.rules.left_out.push(format!("left out, for lack of words or for its name: {what} `{name}`"));
    }
}

/// Whether the type that is written says the check as well.
fn is_said_by_type(kind: &str, sql: &str) -> bool {
    let kind = kind.to_lowercase();
    let json = sql.contains("JSON_VALID");
    match kind.as_str() {
        "text" => json,
        "smallint" | "integer" | "bigint" => sql.starts_with("CHECK "),
        other => other.ends_with(" unsigned"),
    }
}

/// An operator class, if that is all that is said of a part.
fn opclass(part: &Part) -> Option<&str> {
    match part.options.as_str() {
        "" | "desc" => Some(""),
        word if word.ends_with("_ops") && !word.contains(' ') => Some(word),
        _ => None,
    }
}

/// Whether a name is one that is computed for an index: it ends with a digest, and this.
fn is_computed(name: &str, suffix: &str) -> bool {
    let Some(rest) = name.strip_suffix(suffix) else { return false };
    let Some((_, digest)) = rest.rsplit_once('_') else { return false };
    digest.len() == 8 && digest.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
}
