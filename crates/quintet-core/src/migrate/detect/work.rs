//! What the steps of the autodetector share: both states, what is renamed, and the operations so far.

use std::collections::{BTreeMap, BTreeSet};

use super::need::{Generated, Need};
use super::{History, Request};
use crate::migrate::question::{Answer, Answers, Question};
use crate::operation::Operation;
use crate::schema::{Field, Kind, ModelState, ProjectState, To};

/// A model by app and name in lower case.
pub(super) type Key<'a> = (&'a str, &'a str);

/// A field by app, model and name.
pub(super) type FieldKey<'a> = (&'a str, &'a str, &'a str);

/// The models of a state by sort.
#[derive(Default)]
pub(super) struct Keys<'a> {
    /// Those with a table of their own.
    pub(super) models: BTreeSet<Key<'a>>,
    pub(super) proxies: BTreeSet<Key<'a>>,
    /// Those whose table is not made by migrations.
    pub(super) unmanaged: BTreeSet<Key<'a>>,
}

pub(super) struct Work<'a> {
    pub(super) from: &'a ProjectState,
    pub(super) to: &'a ProjectState,
    answers: &'a Answers,
    /// A model that is renamed counts as old under its new name.
    pub(super) old: Keys<'a>,
    pub(super) new: Keys<'a>,
    /// The old names of renamed models, by what they are now.
    pub(super) renamed_models: BTreeMap<Key<'a>, &'a str>,
    /// The fields of models that stay. A field that is renamed counts as old under its new name.
    pub(super) old_fields: BTreeSet<FieldKey<'a>>,
    pub(super) new_fields: BTreeSet<FieldKey<'a>>,
    /// The old names of renamed fields, by what they are now.
    pub(super) renamed_fields: BTreeMap<FieldKey<'a>, &'a str>,
    /// Renamed fields that differ in more than their names.
    pub(super) altered_renames: BTreeSet<FieldKey<'a>>,
    pub(super) operations: BTreeMap<String, Vec<Generated>>,
}

impl<'a> Work<'a> {
    pub(super) fn new(
        from: &'a ProjectState,
        to: &'a ProjectState,
        history: &'a History,
        request: &'a Request,
        answers: &'a Answers,
    ) -> Self {
        Self {
            from,
            to,
            answers,
            old: Keys::of(from, |app| !history.unmigrated.contains(app)),
            new: Keys::of(to, |app| !history.unmigrated.contains(app) || request.apps.contains(app)),
            renamed_models: BTreeMap::new(),
            old_fields: BTreeSet::new(),
            new_fields: BTreeSet::new(),
            renamed_fields: BTreeMap::new(),
            altered_renames: BTreeSet::new(),
            operations: BTreeMap::new(),
        }
    }

    /// Lists the fields of models that stay; after the renames of models.
    pub(super) fn list_fields(&mut self) {
        for key in self.kept() {
            let (old, new) = (self.old_model(key), self.new_model(key));
            self.old_fields.extend(old.fields.iter().map(|(name, _)| (key.0, key.1, name.as_str())));
            self.new_fields.extend(new.fields.iter().map(|(name, _)| (key.0, key.1, name.as_str())));
        }
    }

    /// Models with a table that were there and stay, in order.
    pub(super) fn kept(&self) -> Vec<Key<'a>> {
        self.old.models.intersection(&self.new.models).copied().collect()
    }

    /// The same with proxies and models whose table is not made by migrations.
    pub(super) fn kept_of_all_sorts(&self) -> BTreeSet<Key<'a>> {
        let proxies = self.old.proxies.intersection(&self.new.proxies);
        let unmanaged = self.old.unmanaged.intersection(&self.new.unmanaged);
        self.old.models.intersection(&self.new.models).chain(proxies).chain(unmanaged).copied().collect()
    }

    /// A model that stays, as it was.
    pub(super) fn old_model(&self, key: Key<'a>) -> &'a ModelState {
        let name = self.renamed_models.get(&key).copied().unwrap_or(key.1);
        in_state(self.from, (key.0, name))
    }

    /// A model as it is to be.
    pub(super) fn new_model(&self, key: Key<'a>) -> &'a ModelState {
        in_state(self.to, key)
    }

    /// A field as it is to be.
    pub(super) fn new_field(&self, key: FieldKey<'a>) -> &'a Field {
        field_of(self.new_model((key.0, key.1)), key.2)
    }

    /// The answer to a question, or the question as an error where there is none.
    pub(super) fn ask(&self, question: Question) -> Result<Answer, Box<Question>> {
        self.answers.get(&question).cloned().ok_or_else(|| Box::new(question))
    }

    pub(super) fn add(&mut self, app: &str, operation: Operation, needs: Vec<Need>) {
        self.list(app).push(Generated { operation: for_any_user_model(operation), needs });
    }

    pub(super) fn add_first(&mut self, app: &str, operation: Operation, needs: Vec<Need>) {
        self.list(app).insert(0, Generated { operation: for_any_user_model(operation), needs });
    }

    fn list(&mut self, app: &str) -> &mut Vec<Generated> {
        self.operations.entry(app.to_owned()).or_default()
    }

    /// What a relation needs.
    pub(super) fn needs_of(&self, field: &Field) -> Vec<Need> {
        Need::of_relation(field, &self.to.user_model)
    }
}

impl<'a> Keys<'a> {
    fn of(state: &'a ProjectState, migrated: impl Fn(&str) -> bool) -> Self {
        let mut keys = Self::default();
        for ((app, name), model) in &state.models {
            let key = (app.as_str(), name.as_str());
            if !model.options.managed {
                keys.unmanaged.insert(key);
            } else if migrated(app) {
                if model.options.proxy {
                    keys.proxies.insert(key)
                } else {
                    keys.models.insert(key)
                };
            }
        }
        keys
    }
}

/// An operation whose relations to the user model do not say which one it is: projects that have another can use it.
fn for_any_user_model(mut operation: Operation) -> Operation {
    match &mut operation {
        Operation::CreateModel { fields, .. } => fields.iter_mut().for_each(|(_, field)| forget_user_model(field)),
        Operation::AddField { field, .. } | Operation::AlterField { field, .. } => forget_user_model(field),
        _ => {}
    }
    operation
}

fn forget_user_model(field: &mut Field) {
    let to = match &mut field.kind {
        Kind::ForeignKey(relation) | Kind::OneToOne(relation) => &mut relation.to,
        Kind::ManyToMany(many) => &mut many.to,
        _ => return,
    };
    if to.is_user_model {
        *to = To::user_model();
    }
}

/// A model whose key comes from this state.
#[track_caller]
pub(super) fn in_state<'a>(state: &'a ProjectState, key: Key<'_>) -> &'a ModelState {
    state.model(key.0, key.1).unwrap_or_else(|| panic!("`{}.{}` is not in the state that listed it", key.0, key.1))
}

/// A field whose name comes from this model.
#[track_caller]
pub(super) fn field_of<'a>(model: &'a ModelState, name: &str) -> &'a Field {
    model.field(name).unwrap_or_else(|| panic!("`{}` has no field `{name}`, although it listed one", model.label()))
}
