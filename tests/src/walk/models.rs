//! The models of a walk as they are meant to be, and what may be done to them without breaking the rows that there are.

use std::collections::BTreeSet;

use quintet_core::schema::{Condition, Constraint, Expr, Field, Index, Kind, ModelKey, ModelState, ProjectState, To};

use crate::support::Random;

/// The models of a walk.
#[derive(Clone, Debug)]
pub(super) struct Models {
    /// The models.
    pub(super) state: ProjectState,
    /// The models in the order of their making: a key that is not null refers to an earlier one only.
    pub(super) order: Vec<ModelKey>,
    /// The names of fields of which two rows may have the same value. No two fields ever have the same name.
    pub(super) repeated: BTreeSet<String>,
    count: usize,
}

impl Models {
    /// No models yet.
    pub(super) fn new() -> Self {
        Self { state: ProjectState::new("auth.User"), order: vec![], repeated: BTreeSet::new(), count: 0 }
    }

    /// A name that nothing had before.
    pub(super) fn name(&mut self, prefix: &str) -> String {
        self.count += 1;
        format!("{prefix}{}", self.count)
    }

    /// Adds a model.
    pub(super) fn add(&mut self, model: ModelState) {
        self.order.push(model.key());
        self.state.add(model);
    }

    /// A model.
    ///
    /// # Panics
    /// Where there is none: the walk is wrong then.
    pub(super) fn model(&self, key: &ModelKey) -> &ModelState {
        &self.state.models[key]
    }

    /// The same, to change it.
    ///
    /// # Panics
    /// As [`Models::model`].
    pub(super) fn model_mut(&mut self, key: &ModelKey) -> &mut ModelState {
        self.state.models.get_mut(key).expect("a model of the walk")
    }

    /// The models with a table.
    pub(super) fn with_table(&self) -> Vec<ModelKey> {
        self.order.iter().filter(|key| self.model(key).has_table()).cloned().collect()
    }

    /// One of the models with a table.
    pub(super) fn some_model(&self, random: &mut Random) -> Option<ModelKey> {
        let all = self.with_table();
        if all.is_empty() { None } else { Some(random.one_of(&all).clone()) }
    }

    /// One of a model's fields that fits.
    pub(super) fn some_field(
        &self,
        random: &mut Random,
        key: &ModelKey,
        fits: impl Fn(&str, &Field) -> bool,
    ) -> Option<(String, Field)> {
        let model = self.model(key);
        let all: Vec<_> = model.fields.iter().filter(|(name, field)| fits(name, field)).collect();
        if all.is_empty() { None } else { Some((*random.one_of(&all)).clone()) }
    }

    /// Whether a model's name or table may change and it may go: nothing is built upon it.
    pub(super) fn is_alone(&self, key: &ModelKey) -> bool {
        let label = format!("{}.{}", key.0, key.1);
        let is_between = |field: &Field| {
            field.kind.many_to_many().and_then(|many| many.through.as_ref()).is_some_and(|to| to.is(&key.0, &key.1))
        };
        !self
            .state
            .models
            .values()
            .any(|model| model.bases.contains(&label) || model.fields.iter().any(|(_, field)| is_between(field)))
    }

    /// Whether a field has to stay as it is: it is a key, or something that cannot follow is computed from it.
    pub(super) fn is_fixed(&self, key: &ModelKey, name: &str) -> bool {
        let model = self.model(key);
        let is_named = |(_, field): &(String, Field)| match &field.kind {
            Kind::CompositePrimaryKey { fields } => fields.iter().any(|field| field == name),
            Kind::Generated { expression, .. } => fields_of(expression).contains(name),
            _ => false,
        };
        let own = model.field(name);
        own.is_none_or(|field| field.primary_key || matches!(field.kind, Kind::CompositePrimaryKey { .. }))
            || model.fields.iter().any(is_named)
            || self.is_referred(key, name)
    }

    /// Whether a key of another model refers to the field by name, or a relation is made by it.
    pub(super) fn is_referred(&self, key: &ModelKey, name: &str) -> bool {
        self.state.models.values().flat_map(|model| &model.fields).any(|(_, field)| match &field.kind {
            Kind::ForeignKey(relation) | Kind::OneToOne(relation) => {
                relation.to.is(&key.0, &key.1) && relation.to_field.as_deref() == Some(name)
            }
            Kind::ManyToMany(many) => many.through.as_ref().is_some_and(|through| {
                through.is(&key.0, &key.1)
                    && self.model(key).field(name).is_some_and(|field| field.kind.relation().is_some() && !field.null)
            }),
            _ => false,
        })
    }

    /// Whether keys refer to the field by name, and all have a way back: on SQLite the reference does not find others, and
    /// leaves their type as it was.
    pub(super) fn is_followed(&self, key: &ModelKey, name: &str) -> bool {
        self.is_referred(key, name)
            && self.state.models.values().flat_map(|model| &model.fields).all(|(_, field)| {
                field.relation().is_none_or(|relation| {
                    !relation.to.is(&key.0, &key.1)
                        || relation.to_field.as_deref() != Some(name)
                        || relation.related_name.as_deref() != Some("+")
                })
            })
    }

    /// Whether a rule of the model says that the field's values, alone or with others, occur once.
    pub(super) fn is_in_unique_rule(&self, key: &ModelKey, name: &str) -> bool {
        let options = &self.model(key).options;
        options.unique_together.iter().flatten().any(|field| field == name)
            || options.constraints.iter().any(|one| match one {
                Constraint::Unique(unique) => fields_of_constraint(&Constraint::Unique(unique.clone())).contains(name),
                Constraint::Check(_) => false,
            })
    }

    /// Whether an index or a constraint of the model names the field.
    pub(super) fn is_in_rule(&self, key: &ModelKey, name: &str) -> bool {
        let options = &self.model(key).options;
        options.unique_together.iter().flatten().any(|field| field == name)
            || options.constraints.iter().any(|one| fields_of_constraint(one).contains(name))
            || options.indexes.iter().any(|one| fields_of_index(one).contains(name))
    }

    /// Takes away all rules of a model that name a field.
    pub(super) fn forget_field(&mut self, key: &ModelKey, name: &str) {
        let options = &mut self.model_mut(key).options;
        options.unique_together.retain(|rule| !rule.iter().any(|field| field == name));
        options.constraints.retain(|one| !fields_of_constraint(one).contains(name));
        options.indexes.retain(|one| !fields_of_index(one).contains(name));
        options.ordering.retain(|field| field.trim_start_matches('-') != name);
        if options.order_with_respect_to.as_deref() == Some(name) {
            options.order_with_respect_to = None;
        }
    }

    /// Writes a field's new name into all rules of its model.
    pub(super) fn follow_field(&mut self, key: &ModelKey, old: &str, new: &str) {
        let options = &mut self.model_mut(key).options;
        let put = |name: &mut String| {
            if name == old {
                new.clone_into(name);
            }
        };
        options.unique_together.iter_mut().flatten().for_each(put);
        options.ordering.iter_mut().for_each(put);
        for one in &mut options.constraints {
            match one {
                Constraint::Unique(unique) => {
                    unique.fields.iter_mut().for_each(put);
                    unique.expressions.iter_mut().for_each(|expr| rename_in(expr, old, new));
                    unique.condition.iter_mut().for_each(|condition| rename_in_condition(condition, old, new));
                }
                Constraint::Check(check) => rename_in_condition(&mut check.condition, old, new),
            }
        }
        for one in &mut options.indexes {
            one.fields.iter_mut().for_each(|field| put(&mut field.name));
            one.expressions.iter_mut().for_each(|expr| rename_in(expr, old, new));
            one.condition.iter_mut().for_each(|condition| rename_in_condition(condition, old, new));
        }
        if self.repeated.remove(old) {
            self.repeated.insert(new.to_owned());
        }
    }
}

/// The models that a field's relation names.
pub(super) fn ends(field: &Field) -> Vec<&To> {
    match &field.kind {
        Kind::ForeignKey(relation) | Kind::OneToOne(relation) => vec![&relation.to],
        Kind::ManyToMany(many) => std::iter::once(&many.to).chain(&many.through).collect(),
        _ => vec![],
    }
}

fn fields_of_constraint(constraint: &Constraint) -> BTreeSet<String> {
    match constraint {
        Constraint::Unique(unique) => unique
            .fields
            .iter()
            .cloned()
            .chain(unique.expressions.iter().flat_map(fields_of))
            .chain(unique.condition.iter().flat_map(fields_of_condition))
            .collect(),
        Constraint::Check(check) => fields_of_condition(&check.condition),
    }
}

fn fields_of_index(index: &Index) -> BTreeSet<String> {
    let plain = index.fields.iter().map(|field| field.name.clone());
    plain
        .chain(index.expressions.iter().flat_map(fields_of))
        .chain(index.condition.iter().flat_map(fields_of_condition))
        .collect()
}

/// Walks make only these forms of expressions.
pub(super) fn fields_of(expr: &Expr) -> BTreeSet<String> {
    match expr {
        Expr::F(name) => BTreeSet::from([name.clone()]),
        Expr::Func { args, .. } => args.iter().flat_map(fields_of).collect(),
        Expr::Combined { left, right, .. } => fields_of(left).into_iter().chain(fields_of(right)).collect(),
        Expr::OrderBy { expr, .. } => fields_of(expr),
        _ => BTreeSet::new(),
    }
}

fn fields_of_condition(condition: &Condition) -> BTreeSet<String> {
    match condition {
        Condition::And(all) | Condition::Or(all) => all.iter().flat_map(fields_of_condition).collect(),
        Condition::Not(one) => fields_of_condition(one),
        Condition::Lookup { key, .. } => BTreeSet::from([first(key).to_owned()]),
        _ => BTreeSet::new(),
    }
}

fn first(path: &str) -> &str {
    path.split("__").next().unwrap_or(path)
}

fn rename_in(expr: &mut Expr, old: &str, new: &str) {
    match expr {
        Expr::F(name) if name == old => new.clone_into(name),
        Expr::Func { args, .. } => args.iter_mut().for_each(|arg| rename_in(arg, old, new)),
        Expr::Combined { left, right, .. } => {
            rename_in(left, old, new);
            rename_in(right, old, new);
        }
        Expr::OrderBy { expr, .. } => rename_in(expr, old, new),
        _ => {}
    }
}

fn rename_in_condition(condition: &mut Condition, old: &str, new: &str) {
    match condition {
        Condition::And(all) | Condition::Or(all) => all.iter_mut().for_each(|one| rename_in_condition(one, old, new)),
        Condition::Not(one) => rename_in_condition(one, old, new),
        Condition::Lookup { key, .. } if first(key) == old => *key = key.replacen(old, new, 1),
        _ => {}
    }
}
