//! A table as a model: its fields one by one, and then what is said of it as a whole.

use super::What;
use super::column::{self, Type};
use super::expression::{self, Holds, Known};
use super::indexes;
use super::plan::{Key, Plan, Planned, Relation};
use super::schema::Column;
use crate::sql::Dialect;

/// A model, ready to be written.
pub(super) struct Model {
    pub(super) name: String,
    pub(super) table: String,
    /// What is to be looked at.
    pub(super) notes: Vec<String>,
    /// What is said in `#[model(..)]`.
    pub(super) options: Vec<String>,
    pub(super) fields: Vec<Field>,
    /// Why there is no model.
    pub(super) unreadable: Option<String>,
}

/// A field, ready to be written.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) ty: String,
    pub(super) notes: Vec<String>,
    /// What is said in `#[field(..)]`.
    pub(super) attributes: Vec<String>,
    /// The table that it refers to, by its place.
    pub(super) target: Option<usize>,
    /// Whether no two rows refer to the same.
    pub(super) one: bool,
}

/// The model of a table.
pub(super) fn model(plan: &Plan<'_>, at: usize) -> Model {
    let planned = &plan.tables[at];
    let mut model = Model {
        name: planned.name.clone(),
        table: planned.table.name.clone(),
        notes: planned.notes.clone(),
        options: vec![],
        fields: vec![],
        unreadable: unreadable(planned),
    };
    if model.unreadable.is_some() {
        return model;
    }
    let types: Vec<Type> =
        planned.table.columns.iter().map(|column| column::of(plan.dialect, planned.table, column)).collect();
    let known: Vec<Known<'_>> = planned
        .table
        .columns
        .iter()
        .zip(&planned.fields)
        .zip(&types)
        .zip(&planned.relations)
        .map(|(((column, field), ty), relation)| Known {
            column: &column.name,
            field: &field.name,
            // What a key is compared with is another matter.
            holds: if relation.is_some() || column.generated.is_some() { Holds::Other } else { ty.holds() },
        })
        .collect();
    let mut rules = indexes::rules(plan, planned, &known);
    for (place, ty) in types.into_iter().enumerate() {
        let field = Reader { plan, planned, place, rules: &mut rules }.field(ty, &known);
        model.fields.push(field);
    }
    model.notes.extend(what(planned));
    model.options = options(plan, planned);
    model.options.append(&mut rules.options);
    model.notes.append(&mut rules.left_out);
    model
}

fn unreadable(planned: &Planned<'_>) -> Option<String> {
    match (planned.what, &planned.key) {
        (What::Unreadable(why), _) => Some(why.clone()),
        (_, Key::None) => Some("it has no column that could be a primary key".to_owned()),
        _ => None,
    }
}

fn what(planned: &Planned<'_>) -> Vec<String> {
    let kind = match planned.what {
        What::View => vec!["made from a view: it stays `managed = false`".to_owned()],
        What::Partition => vec!["made from a partition: it stays `managed = false`".to_owned()],
        What::Table | What::Unreadable(_) => vec![],
    };
    let quotes = is_unmanageable(planned).then(|| "a name has a quote in it, which migrations cannot write".to_owned());
    kind.into_iter().chain(quotes).collect()
}

/// Whether a migration could not name the table or a column.
fn is_unmanageable(planned: &Planned<'_>) -> bool {
    let columns = planned.table.columns.iter().map(|column| &column.name);
    columns.chain([&planned.table.name]).any(|name| name.contains('"'))
}

fn options(plan: &Plan<'_>, planned: &Planned<'_>) -> Vec<String> {
    let mut options = vec![];
    if !plan.managed || *planned.what != What::Table || is_unmanageable(planned) {
        options.push("managed = false".to_owned());
    }
    options.push(format!("db_table = {:?}", planned.table.name));
    if let Some(comment) = planned.table.comment.as_ref().filter(|comment| !comment.is_empty()) {
        options.push(format!("db_table_comment = {comment:?}"));
    }
    if let Key::Several(places) = &planned.key {
        let names: Vec<String> = places.iter().map(|place| format!("{:?}", planned.fields[*place].name)).collect();
        options.push(format!("primary_key = [{}]", names.join(", ")));
    }
    options
}

/// Reads one column.
struct Reader<'a, 'b> {
    plan: &'a Plan<'b>,
    planned: &'a Planned<'b>,
    place: usize,
    rules: &'a mut indexes::Rules,
}

impl Reader<'_, '_> {
    fn field(&mut self, mut ty: Type, known: &[Known<'_>]) -> Field {
        let (planned, column) = (self.planned, self.column());
        let name = &planned.fields[self.place];
        let is_alone = matches!(planned.key, Key::One(place) | Key::StandIn(place) if place == self.place);
        let is_key = planned.key_places().contains(&self.place);
        let unique = !is_alone && self.rules.unique.contains(&self.place);
        let relation = planned.relations[self.place].as_ref().filter(|_| column.generated.is_none());
        let auto = is_alone && relation.is_none() && self.counts_up();
        let mut attributes = vec![];
        let mut notes: Vec<String> = name.notes.iter().map(|note| (*note).to_owned()).collect();
        let mut one = false;
        let mut written = if let Some(relation) = relation {
            one = is_alone || unique;
            attributes.push("on_delete = do_nothing".to_owned());
            notes.extend(self.other_type(relation));
            if let Some(to) = relation.to {
                attributes.push(format!("to_field = {:?}", self.plan.tables[relation.target].fields[to].name));
            }
            let kind = if one { "OneToOne" } else { "ForeignKey" };
            format!("{kind}<{}>", self.plan.tables[relation.target].name)
        } else if auto {
            notes.extend(self.of_counting());
            self.auto().to_owned()
        } else {
            attributes.append(&mut ty.attributes);
            notes.append(&mut ty.notes);
            if column.counts_up {
                notes.push("the database counts it up, which is for a primary key only".to_owned());
            }
            ty.name.to_owned()
        };
        if let Some(generated) = &column.generated {
            attributes.push(format!("expression = {}", expression::expression(&generated.sql, known)));
            if generated.stored {
                attributes.push("db_persist".to_owned());
            }
            written = format!("Generated<{written}>");
        }
        if is_alone {
            if !(auto && name.name == "id") {
                attributes.push("primary_key".to_owned());
            }
            if matches!(planned.key, Key::StandIn(_)) {
                notes.push("stands for the primary key, which the table has not: choose a column of which no two rows have the same".to_owned());
            }
        } else if unique && !one {
            attributes.push("unique".to_owned());
        }
        if !is_key && column.null {
            if column.generated.is_none() {
                attributes.push("blank".to_owned());
            }
            written = format!("Option<{written}>");
        }
        self.of_index(relation.is_some(), is_alone || unique, &mut attributes);
        if name.differs {
            attributes.push(format!("db_column = {:?}", column.name));
        }
        self.of_database(&ty, relation.is_some(), auto, &mut attributes);
        Field { name: name.name.clone(), ty: written, notes, attributes, target: relation.map(|one| one.target), one }
    }

    fn column(&self) -> &Column {
        &self.planned.table.columns[self.place]
    }

    fn of_index(&self, is_relation: bool, is_unique: bool, attributes: &mut Vec<String>) {
        let has_index = self.rules.indexed.contains(&self.place);
        match (is_relation, has_index) {
            (false, true) => attributes.push("db_index".to_owned()),
            (true, false) if !is_unique => attributes.push("db_index = false".to_owned()),
            _ => {}
        }
    }

    /// Collation, default and comment.
    fn of_database(&self, ty: &Type, is_relation: bool, auto: bool, attributes: &mut Vec<String>) {
        let column = self.column();
        if let Some(collation) = column.collation.as_ref().filter(|_| ty.is_text() && !is_relation) {
            attributes.push(format!("db_collation = {collation:?}"));
        }
        let counted = auto || column.counts_up;
        let default = column.default.as_deref().filter(|sql| !counted && !sql.eq_ignore_ascii_case("null"));
        if let Some(sql) = default {
            attributes.push(format!("db_default = {}", expression::default(self.plan.dialect, sql, ty.holds())));
        }
        if let Some(comment) = column.comment.as_ref().filter(|comment| !comment.is_empty()) {
            attributes.push(format!("db_comment = {comment:?}"));
        }
    }

    /// Whether the database counts the primary key up. SQLite does so for any `INTEGER PRIMARY KEY`; one without
    /// AUTOINCREMENT that is written as models write it is a number that they give.
    fn counts_up(&self) -> bool {
        let column = self.column();
        let by_itself = self.plan.dialect == Dialect::Sqlite
            && column.kind.eq_ignore_ascii_case("integer")
            && self.planned.key == Key::One(self.place)
            && (column.kind != "integer" || column.null);
        column.counts_up && column.generated.is_none() && self.auto_of_kind().is_some() || by_itself
    }

    fn of_counting(&self) -> Option<String> {
        let column = self.column();
        let default = column.default.as_deref().filter(|default| default.starts_with("nextval("));
        match self.plan.dialect {
            Dialect::Sqlite if !column.counts_up => Some("the table counts without AUTOINCREMENT".to_owned()),
            Dialect::Postgres if default.is_some() => {
                Some("a `serial`: a table that is made of the model has an identity".to_owned())
            }
            _ => None,
        }
    }

    fn auto_of_kind(&self) -> Option<&'static str> {
        match self.column().kind.to_lowercase().as_str() {
            "smallint" => Some("SmallAuto"),
            "integer" => Some("Auto"),
            "bigint" => Some("BigAuto"),
            _ => None,
        }
    }

    /// SQLite has one type for all of them; what refers to the key tells which it is.
    fn auto(&self) -> &'static str {
        if self.plan.dialect == Dialect::Postgres {
            return self.auto_of_kind().unwrap_or("BigAuto");
        }
        if !self.column().counts_up {
            return "BigAuto";
        }
        let own = &self.planned.table.name;
        let kinds = self.plan.tables.iter().flat_map(|other| {
            other.table.columns.iter().zip(&other.relations).filter_map(|(column, relation)| {
                let relation = relation.as_ref()?;
                let here = self.plan.tables[relation.target].table.name == *own && relation.to.is_none();
                here.then(|| column.kind.to_lowercase())
            })
        });
        let kinds: Vec<String> = kinds.collect();
        let all = |wanted: &str| !kinds.is_empty() && kinds.iter().all(|kind| kind == wanted);
        if all("integer") {
            "Auto"
        } else if all("smallint") {
            "SmallAuto"
        } else {
            "BigAuto"
        }
    }

    /// A key has the type of what it refers to; where the column has another, that is told.
    fn other_type(&self, relation: &Relation) -> Option<String> {
        let there = &self.plan.tables[relation.target];
        let place = relation.to.or_else(|| there.key_places().first().copied())?;
        let other = &there.table.columns[place];
        let (own, wanted) = (self.column().kind.to_lowercase(), other.kind.to_lowercase());
        let counted = self.plan.dialect == Dialect::Sqlite
            && other.counts_up
            && matches!(own.as_str(), "integer" | "bigint" | "smallint");
        let same = counted || own == wanted.trim_end_matches(" unsigned");
        (!same).then(|| format!("the column is `{}`, what it refers to is `{}`", self.column().kind, other.kind))
    }
}
