//! Small changes: of fields that stay where they are, and of the rules of a model. Several may happen at once.

use std::collections::BTreeSet;

use quintet_core::schema::words::*;
use quintet_core::schema::{Deferrable, Expr, Field, Kind, ModelKey, OnDelete};

use super::field::{can_be_unique, is_text, is_whole, value};
use super::models::{Models, fields_of};
use super::start::{computed_of, database_default, many, relation, some_target, start_field};
use crate::support::Random;

/// What was changed, and what it means for rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Changed {
    /// In words.
    pub(super) text: String,
    /// Models with another name: the old key and the new.
    pub(super) models: Vec<(ModelKey, ModelKey)>,
    /// Fields with another name: the model as it is called after the step, the old name and the new.
    pub(super) fields: Vec<(ModelKey, String, String)>,
    /// What must be null before this is done or undone.
    pub(super) clear: Vec<(ModelKey, String)>,
    /// What must not be null before this is undone.
    pub(super) fill: Vec<(ModelKey, String)>,
    /// Whether it can be undone only where there are no rows.
    pub(super) empties: bool,
}

impl Changed {
    /// In words.
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

type Change = fn(&mut Models, &mut Random, &ModelKey, &mut BTreeSet<String>) -> Option<Changed>;

/// Each with its weight.
const CHANGES: [(usize, Change); 13] = [
    (5, add),
    (3, remove),
    (3, rename),
    (4, retype),
    (3, null),
    (3, unique_or_not),
    (2, indexed_or_not),
    (2, default),
    (2, column),
    (5, |models, random, key, _| rule(models, random, key)),
    (4, |models, random, key, _| no_rule(models, random, key)),
    (2, |models, random, key, _| options(models, random, key)),
    (2, key_options),
];

/// One small change, where one can be found.
pub(super) fn small(models: &mut Models, random: &mut Random, touched: &mut BTreeSet<String>) -> Option<Changed> {
    let total: usize = CHANGES.iter().map(|(weight, _)| weight).sum();
    (0..20).find_map(|_| {
        let key = models.some_model(random)?;
        let mut at = random.below(total);
        let (_, change) = CHANGES.iter().find(|(weight, _)| {
            let here = at < *weight;
            at = at.saturating_sub(*weight);
            here
        })?;
        // What turns out to be impossible on the way leaves no trace.
        let mut tried = models.clone();
        let changed = change(&mut tried, random, &key, touched)?;
        *models = tried;
        Some(changed)
    })
}

fn said(key: &ModelKey, text: impl std::fmt::Display) -> Changed {
    Changed::new(format!("{}.{}: {text}", key.0, key.1))
}

fn add(models: &mut Models, random: &mut Random, key: &ModelKey, touched: &mut BTreeSet<String>) -> Option<Changed> {
    let name = models.name("f");
    touched.insert(name.clone());
    let field = match random.below(8) {
        0 => {
            let to = some_target(models, random)?;
            relation(models, random, &to).null()
        }
        1 => {
            let before = models.model(key).fields.len();
            if !super::start::has_single_key(models, key) {
                return None;
            }
            many(models, random, key);
            return (models.model(key).fields.len() > before).then(|| said(key, "a many-to-many field"));
        }
        2 => computed_of(&models.model(key).fields)?,
        _ => {
            let mut field = start_field(random);
            if !field.null {
                field.unique = false;
                let own = value(&field.kind, 3);
                // Else it is asked for.
                match random.below(3) {
                    0 => field = field.with_default(own),
                    1 => field.db_default = database_default(&field),
                    _ => {}
                }
                models.repeated.insert(name.clone());
            }
            if field.db_default.is_some() {
                models.repeated.insert(name.clone());
                field.unique = false;
            }
            field
        }
    };
    let changed = said(key, format!("add {name}, {}", shown(&field)));
    models.model_mut(key).fields.push((name, field));
    Some(changed)
}

fn shown(field: &Field) -> String {
    let words = [
        (field.null, "null"),
        (field.unique, "unique"),
        (field.db_index, "index"),
        (field.default.is_some(), "default"),
        (field.db_default.is_some(), "db_default"),
    ];
    let words: Vec<&str> = words.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect();
    format!("{} {}", field.kind.class(), words.join(" "))
}

fn remove(models: &mut Models, random: &mut Random, key: &ModelKey, touched: &mut BTreeSet<String>) -> Option<Changed> {
    let (name, field) = models.some_field(random, key, |name, field| {
        let names_touched = matches!(&field.kind, Kind::Generated { expression, .. }
                if fields_of(expression).iter().any(|name| touched.contains(name)));
        !touched.contains(name) && !names_touched && !models.is_fixed(key, name)
    })?;
    let mut changed = said(key, format!("remove {name}, {}", shown(&field)));
    let comes_back_empty = field.null || !field.has_column() || matches!(field.kind, Kind::Generated { .. });
    changed.empties = models.is_in_unique_rule(key, &name)
        || field.unique && !field.null
        || !comes_back_empty && field.default.is_none() && field.db_default.is_none()
        || models.is_in_rule(key, &name) && !field.null;
    if let Kind::Generated { expression, .. } = &field.kind {
        // With a rename in the same migration, the way back would compute the column from a name that is not there yet;
        // the reference cannot do that either.
        touched.extend(fields_of(expression));
    }
    models.forget_field(key, &name);
    models.model_mut(key).fields.retain(|(own, _)| *own != name);
    touched.insert(name);
    Some(changed)
}

fn rename(models: &mut Models, random: &mut Random, key: &ModelKey, touched: &mut BTreeSet<String>) -> Option<Changed> {
    let order = models.model(key).options.order_with_respect_to.clone();
    let (old, field) = models.some_field(random, key, |name, _| {
        // The reference itself fails at the state in between, where the order names a field that is not there.
        !touched.contains(name) && !models.is_fixed(key, name) && order.as_deref() != Some(name)
    })?;
    let new = models.name("f");
    touched.extend([old.clone(), new.clone()]);
    let mut changed = said(key, format!("rename {old} to {new}, {}", shown(&field)));
    for (name, _) in &mut models.model_mut(key).fields {
        if *name == old {
            new.clone_into(name);
        }
    }
    models.follow_field(key, &old, &new);
    changed.fields.push((key.clone(), old, new));
    Some(changed)
}

fn retype(models: &mut Models, random: &mut Random, key: &ModelKey, touched: &mut BTreeSet<String>) -> Option<Changed> {
    let (name, field) = models.some_field(random, key, |name, field| {
        let may = !models.is_fixed(key, name) || models.is_followed(key, name) && !field.primary_key;
        let is_computed_from =
            models.model(key).fields.iter().any(|(_, other)| matches!(other.kind, Kind::Generated { .. }));
        !touched.contains(name)
            && may
            && !is_computed_from
            && (is_whole(&field.kind)
                || matches!(field.kind, Kind::Char { .. } | Kind::Text { .. } | Kind::Slug { .. }))
    })?;
    let kinds: Vec<Field> = if is_whole(&field.kind) {
        let mut kinds = vec![
            big_integer(),
            integer(),
            small_integer(),
            positive_integer(),
            positive_small_integer(),
            positive_big_integer(),
        ];
        if !models.is_in_rule(key, &name) && field.default.is_none() && field.db_default.is_none() {
            kinds.push(char(40));
        }
        kinds
    } else {
        vec![char(25), char(80), char(200), text(), slug(), slug().max_length(70)]
    };
    let kind = random.one_of(&kinds).kind.clone();
    if kind == field.kind {
        return None;
    }
    let mut changed = said(key, format!("{name} from {} to {kind:?}", shown(&field)));
    changed.empties = is_whole(&field.kind) && !is_whole(&kind);
    models.model_mut(key).field_mut(&name)?.kind = kind;
    touched.insert(name);
    Some(changed)
}

fn null(models: &mut Models, random: &mut Random, key: &ModelKey, touched: &mut BTreeSet<String>) -> Option<Changed> {
    let (name, field) = models.some_field(random, key, |name, field| {
        !touched.contains(name)
            && !models.is_fixed(key, name)
            && !matches!(field.kind, Kind::ManyToMany(_) | Kind::Generated { .. })
            && !(field.null && (field.kind.relation().is_some() || field.unique || models.is_in_unique_rule(key, name)))
    })?;
    let mut changed = said(key, format!("{name} {}, {}", if field.null { "not null" } else { "null" }, shown(&field)));
    let own = models.model_mut(key).field_mut(&name)?;
    own.null = !own.null;
    if field.null {
        if random.below(2) == 0 && own.default.is_none() {
            own.default = Some(quintet_core::schema::Initial::Value(value(&field.kind, 4)));
        }
        models.repeated.insert(name.clone());
    } else {
        changed.fill.push((key.clone(), name.clone()));
    }
    touched.insert(name);
    Some(changed)
}

fn unique_or_not(
    models: &mut Models,
    random: &mut Random,
    key: &ModelKey,
    touched: &mut BTreeSet<String>,
) -> Option<Changed> {
    let (name, field) = models.some_field(random, key, |name, field| {
        !touched.contains(name)
            && !models.is_fixed(key, name)
            && (field.unique || !models.repeated.contains(name))
            && field.db_default.is_none()
            && can_be_unique(&field.kind)
    })?;
    let mut changed =
        said(key, format!("{name} {}, {}", if field.unique { "not unique" } else { "unique" }, shown(&field)));
    changed.empties = field.unique;
    models.model_mut(key).field_mut(&name)?.unique = !field.unique;
    touched.insert(name);
    Some(changed)
}

fn indexed_or_not(
    models: &mut Models,
    random: &mut Random,
    key: &ModelKey,
    touched: &mut BTreeSet<String>,
) -> Option<Changed> {
    let (name, field) = models.some_field(random, key, |name, field| {
        let is_one = matches!(field.kind, Kind::OneToOne(_) | Kind::ManyToMany(_) | Kind::Generated { .. });
        !touched.contains(name) && !is_one && field.has_column() && !field.primary_key
    })?;
    let changed = said(key, format!("{name} index {}, {}", !field.db_index, shown(&field)));
    models.model_mut(key).field_mut(&name)?.db_index = !field.db_index;
    touched.insert(name);
    Some(changed)
}

fn default(
    models: &mut Models,
    random: &mut Random,
    key: &ModelKey,
    touched: &mut BTreeSet<String>,
) -> Option<Changed> {
    let (name, field) = models.some_field(random, key, |name, field| {
        let has = field.kind.relation().is_none() && field.kind.many_to_many().is_none();
        !touched.contains(name)
            && has
            && !field.is_unique()
            && !matches!(field.kind, Kind::Generated { .. })
            && !models.is_fixed(key, name)
            && !models.is_in_unique_rule(key, name)
    })?;
    let own = models.model_mut(key).field_mut(&name)?;
    let database = database_default(&field);
    let changed = if field.db_default.is_some() {
        own.db_default = None;
        said(key, format!("{name} without db_default, {}", shown(&field)))
    } else if database.is_some() && random.below(2) == 0 {
        own.db_default = database;
        said(key, format!("{name} with db_default, {}", shown(&field)))
    } else {
        own.default = Some(quintet_core::schema::Initial::Value(value(&field.kind, 5)));
        said(key, format!("{name} with default, {}", shown(&field)))
    };
    models.repeated.insert(name.clone());
    touched.insert(name);
    Some(changed)
}

fn column(models: &mut Models, random: &mut Random, key: &ModelKey, touched: &mut BTreeSet<String>) -> Option<Changed> {
    let (name, field) = models.some_field(random, key, |name, field| {
        !touched.contains(name) && field.has_column() && !models.is_fixed(key, name)
    })?;
    let own = models.model_mut(key);
    let new = match (&field.db_column, random.below(2)) {
        (Some(_), 0) => None,
        _ => Some(format!("column{}", random.below(1_000_000))),
    };
    let changed = said(key, format!("{name} in the column {new:?}"));
    let field = own.field_mut(&name)?;
    field.db_column = new;
    if random.below(4) == 0 {
        field.db_comment = Some("another word".to_owned());
    }
    touched.insert(name);
    Some(changed)
}

/// A new index or constraint of a model.
pub(super) fn rule(models: &mut Models, random: &mut Random, key: &ModelKey) -> Option<Changed> {
    let usable = |field: &Field| field.has_column() && !matches!(field.kind, Kind::Json | Kind::Binary { .. });
    let (one, first) = models.some_field(random, key, |_, field| usable(field) && !field.primary_key)?;
    let (two, _) = models.some_field(random, key, |name, field| usable(field) && name != one)?;
    let words = models.some_field(random, key, |_, field| is_text(&field.kind)).map(|(name, _)| name);
    let whole = models.some_field(random, key, |_, field| is_whole(&field.kind)).map(|(name, _)| name);
    let is_once = !models.repeated.contains(&one) && first.db_default.is_none() && can_be_unique(&first.kind);
    let (index_name, constraint_name) = (models.name("ix"), models.name("rule"));
    let condition = match (&words, &whole) {
        (_, Some(name)) if random.below(2) == 0 => Some(q(&format!("{name}__gte"), 0)),
        (_, Some(name)) => Some(q(&format!("{name}__gt"), 0) | q(&format!("{name}__isnull"), true)),
        (Some(name), None) => Some(!q(name, "")),
        _ => None,
    };
    let part = |random: &mut Random| if random.below(2) == 0 { condition.clone() } else { None };
    let model = models.model_mut(key);
    let text = match random.below(9) {
        0 | 1 => {
            let fields = [format!("{}{one}", random.one_of(&["", "-"])), two];
            let fields: Vec<&str> = fields.iter().take(1 + random.below(2)).map(String::as_str).collect();
            let mut made = index(&fields).name(&index_name);
            made.condition = part(random);
            model.options.indexes.push(made);
            format!("index {index_name} on {fields:?}")
        }
        2 => {
            let over = match words {
                Some(name) => lower(&name),
                None => f(&whole?) + 1,
            };
            let over: Expr = if random.below(2) == 0 { over.desc() } else { over };
            let mut made = quintet_core::schema::Index::on(vec![over]).name(&index_name);
            made.condition = part(random);
            model.options.indexes.push(made);
            format!("index {index_name} on an expression")
        }
        3 | 4 if is_once => {
            let mut made = unique(&constraint_name, &[&one, &two]);
            match random.below(4) {
                0 => made.condition = condition,
                1 => made.deferrable = Some(*random.one_of(&[Deferrable::Deferred, Deferrable::Immediate])),
                2 => made.nulls_distinct = Some(true),
                _ => {}
            }
            model.options.constraints.push(made.into());
            format!("unique {constraint_name} on {one} and {two}")
        }
        5 if is_once && is_text(&first.kind) => {
            let mut made = unique_on(&constraint_name, vec![lower(&one)]);
            made.condition = part(random);
            model.options.constraints.push(made.into());
            format!("unique {constraint_name} on lower {one}")
        }
        6 if is_once => {
            model.options.unique_together.push(vec![one.clone(), two.clone()]);
            let mut seen = BTreeSet::new();
            model.options.unique_together.retain(|rule| seen.insert(rule.clone()));
            format!("{one} and {two} unique together")
        }
        _ => {
            model.options.constraints.push(check(&constraint_name, condition?).into());
            format!("check {constraint_name}")
        }
    };
    Some(said(key, text))
}

/// An index or a constraint goes, or an index has another name.
fn no_rule(models: &mut Models, random: &mut Random, key: &ModelKey) -> Option<Changed> {
    let new = models.name("ix");
    let options = &mut models.model_mut(key).options;
    let (text, empties) = match random.below(4) {
        0 if !options.unique_together.is_empty() => {
            let at = random.below(options.unique_together.len());
            (format!("no longer together {:?}", options.unique_together.remove(at)), true)
        }
        1 if !options.constraints.is_empty() => {
            let at = random.below(options.constraints.len());
            (format!("no constraint {}", options.constraints.remove(at).name()), true)
        }
        2 if !options.indexes.is_empty() => {
            let at = random.below(options.indexes.len());
            (format!("no index {}", options.indexes.remove(at).name), false)
        }
        3 if !options.indexes.is_empty() => {
            let at = random.below(options.indexes.len());
            let old = std::mem::replace(&mut options.indexes[at].name, new.clone());
            (format!("index {old} is {new}"), false)
        }
        _ => return None,
    };
    Some(Changed { empties, ..said(key, text) })
}

fn options(models: &mut Models, random: &mut Random, key: &ModelKey) -> Option<Changed> {
    let relation = models.some_field(random, key, |_, field| matches!(field.kind, Kind::ForeignKey(_)));
    let any = models.some_field(random, key, |_, field| field.has_column())?.0;
    let options = &mut models.model_mut(key).options;
    let text = match random.below(5) {
        0 | 1 if options.order_with_respect_to.is_some() => {
            options.order_with_respect_to = None;
            "no order with respect to a key".to_owned()
        }
        0 | 1 => {
            let name = relation?.0;
            options.ordering.clear();
            options.order_with_respect_to = Some(name.clone());
            format!("order with respect to {name}")
        }
        2 if options.order_with_respect_to.is_none() => {
            options.ordering = vec![any];
            "an ordering".to_owned()
        }
        3 => {
            options.db_table_comment = Some(format!("comment {}", random.below(1000)));
            "a comment on the table".to_owned()
        }
        _ => {
            options.verbose_name = Some(format!("name {}", random.below(1000)));
            "a name for people".to_owned()
        }
    };
    Some(said(key, text))
}

/// What a key does, besides the column.
fn key_options(
    models: &mut Models,
    random: &mut Random,
    key: &ModelKey,
    touched: &mut BTreeSet<String>,
) -> Option<Changed> {
    let (name, _) = models.some_field(random, key, |name, field| {
        !touched.contains(name) && field.kind.relation().is_some_and(|relation| !relation.parent_link)
    })?;
    let field = models.model_mut(key).field_mut(&name)?;
    let is_one = matches!(field.kind, Kind::OneToOne(_));
    let relation = field.kind.relation_mut()?;
    let mut changed = Changed::default();
    let text = match random.below(3) {
        0 => {
            relation.db_constraint = !relation.db_constraint;
            format!("{name} checked: {}", relation.db_constraint)
        }
        1 if is_one => {
            let relation = relation.clone();
            field.kind = Kind::ForeignKey(relation);
            field.unique = false;
            changed.empties = true;
            format!("{name} is a foreign key")
        }
        _ => {
            relation.on_delete = OnDelete::DoNothing;
            format!("{name} does nothing")
        }
    };
    touched.insert(name);
    Some(Changed { text: said(key, text).text, ..changed })
}
