//! What an operation needs to have happened before it, by name, and which operations make it happen.

use std::collections::HashMap;

use crate::operation::Operation;
use crate::schema::{Field, Kind, To};

/// Something that must have happened before an operation, if it happens at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Need {
    /// The app.
    pub(super) app: String,
    /// The model, in lower case.
    pub(super) model: String,
    /// The field, where one is meant.
    pub(super) field: Option<String>,
    /// What must have happened to it.
    pub(super) event: Event,
    /// Whether the model is meant as "the user model", whichever that is.
    pub(super) user_model: bool,
}

/// What may happen to a model or a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Event {
    /// It is made.
    Created,
    /// It goes.
    Removed,
    /// It is another.
    Altered,
    /// Rows are no longer ordered among those with the same value.
    OrderReleased,
    /// Rules that fields are unique together are others.
    TogetherAltered,
}

/// An operation of an app and what it needs.
#[derive(Clone, Debug)]
pub(super) struct Generated {
    pub(super) operation: Operation,
    pub(super) needs: Vec<Need>,
}

impl Need {
    pub(super) fn model(app: &str, model: &str, event: Event) -> Self {
        Self { app: app.to_owned(), model: model.to_lowercase(), field: None, event, user_model: false }
    }

    pub(super) fn field(app: &str, model: &str, field: &str, event: Event) -> Self {
        Self { field: Some(field.to_lowercase()), ..Self::model(app, model, event) }
    }

    /// What a relation needs: the model at its other end, and the one in between.
    pub(super) fn of_relation(field: &Field, user_model: &(String, String)) -> Vec<Self> {
        let (target, through) = ends(field);
        let is_user = |to: &To| to.is_user_model || to.is(&user_model.0, &user_model.1);
        let mut needs = vec![];
        if let Some(to) = target {
            needs.push(Self { user_model: is_user(to), ..Self::model(&to.app, &to.model, Event::Created) });
        }
        needs.extend(through.map(|to| Self::model(&to.app, &to.model, Event::Created)));
        needs
    }
}

/// The model at the other end of a relation, and the one in between.
pub(super) fn ends(field: &Field) -> (Option<&To>, Option<&To>) {
    match &field.kind {
        Kind::ForeignKey(relation) | Kind::OneToOne(relation) => (Some(&relation.to), None),
        Kind::ManyToMany(many) => (Some(&many.to), many.through.as_ref()),
        _ => (None, None),
    }
}

/// Finds the operations of a list by what they make happen.
#[derive(Debug, Default)]
pub(super) struct Providers {
    by_event: HashMap<(Event, String, Option<String>), Vec<usize>>,
    /// For each change of `order_with_respect_to`: the field by which rows are ordered from then on.
    ordered_by: HashMap<usize, String>,
}

impl Providers {
    pub(super) fn of(list: &[Generated]) -> Self {
        let mut providers = Self::default();
        for (at, generated) in list.iter().enumerate() {
            providers.add(at, &generated.operation);
        }
        providers
    }

    /// The operations that make happen what is needed, in order.
    pub(super) fn find<'a>(&'a self, need: &'a Need) -> impl Iterator<Item = usize> + 'a {
        let field = match need.event {
            Event::OrderReleased | Event::TogetherAltered => None,
            _ => need.field.clone(),
        };
        let found = self.by_event.get(&(need.event, need.model.clone(), field));
        let ordered_by = &self.ordered_by;
        let still_ordered = move |at: &usize| {
            need.event == Event::OrderReleased && ordered_by.get(at).is_some_and(|by| Some(by) == need.field.as_ref())
        };
        found.into_iter().flatten().copied().filter(move |at| !still_ordered(at))
    }

    fn add(&mut self, at: usize, operation: &Operation) {
        let mut happens = |event, model: &str, field: Option<&str>| {
            let key = (event, model.to_lowercase(), field.map(str::to_lowercase));
            self.by_event.entry(key).or_default().push(at);
        };
        match operation {
            Operation::CreateModel { name, fields, .. } => {
                happens(Event::Created, name, None);
                fields.iter().for_each(|(field, _)| happens(Event::Created, name, Some(field)));
            }
            Operation::DeleteModel { name } => happens(Event::Removed, name, None),
            Operation::AddField { model, name, .. } => happens(Event::Created, model, Some(name)),
            Operation::RemoveField { model, name } => happens(Event::Removed, model, Some(name)),
            Operation::AlterField { model, name, .. } => happens(Event::Altered, model, Some(name)),
            Operation::AlterUniqueTogether { name, .. } => happens(Event::TogetherAltered, name, None),
            Operation::AlterOrderWithRespectTo { name, order_with_respect_to } => {
                happens(Event::OrderReleased, name, None);
                if let Some(field) = order_with_respect_to {
                    self.ordered_by.insert(at, field.to_lowercase());
                }
            }
            _ => {}
        }
    }
}
