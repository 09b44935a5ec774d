//! A view set without its type: what routers read.

use std::sync::Arc;

use crate::rest::action::{ActionRow, Actions, Standard};
use crate::rest::dispatch::{RestView, Row};
use crate::rest::metadata::Described;
use crate::rest::view_choices::Choices;
use crate::rest::view_facts::ViewFacts;
use crate::rest::view_handler::Answers;
use crate::rest::view_options::{Said, Says};
use crate::rest::viewset::Lookup;
use crate::view::View;

/// A view set, behind one type.
pub struct ViewSet {
    view: Arc<dyn Says>,
    said: Said,
    pub(crate) lookup: Lookup,
    /// The model of its rows, as `(app, name)`.
    pub(crate) model: Option<(&'static str, &'static str)>,
    standard: Vec<(Standard, Arc<dyn Answers>)>,
    chosen: Vec<(Standard, Choices)>,
    pub(crate) extra: Vec<ActionRow>,
    described: Option<Arc<dyn Described>>,
}

impl std::fmt::Debug for ViewSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ViewSet({})", self.said.type_name)
    }
}

/// What a table of actions says, without the type of its view set.
pub(crate) struct Part {
    standard: Vec<(Standard, Arc<dyn Answers>)>,
    chosen: Vec<(Standard, Choices)>,
    extra: Vec<ActionRow>,
}

impl Part {
    pub(crate) fn of<V>(actions: Actions<V>) -> Self {
        Self {
            standard: actions.standard,
            chosen: actions.chosen.into_iter().map(|(action, chosen)| (action, chosen.0)).collect(),
            extra: actions.extra.into_iter().map(|action| action.row).collect(),
        }
    }
}

/// A view set of its parts; what its table writes itself wins over what it has `given`.
pub(crate) fn from_parts(
    view: Arc<dyn Says>,
    lookup: Lookup,
    model: Option<(&'static str, &'static str)>,
    part: Part,
    given: Vec<(Standard, Arc<dyn Answers>)>,
    described: Option<Arc<dyn Described>>,
) -> ViewSet {
    let Part { mut standard, chosen, extra } = part;
    for (action, answers) in given {
        if !standard.iter().any(|(known, _)| *known == action) {
            standard.push((action, answers));
        }
    }
    ViewSet { said: view.said(), view, lookup, model, standard, chosen, extra, described }
}

impl ViewSet {
    pub(crate) fn type_name(&self) -> &'static str {
        self.said.type_name
    }

    /// What is wrong with the table.
    pub(crate) fn problems(&self) -> Vec<String> {
        let is_taken = |row: &&ActionRow| Standard::ALL.iter().any(|known| known.name() == row.name);
        let taken = self.extra.iter().filter(is_taken);
        taken
            .map(|row| {
                format!(
                    "`{}` has an action `{}`, which is the name of a standard one\nhint: write it as \
                     `actions.standard(..)`, or name it otherwise",
                    self.said.type_name, row.name
                )
            })
            .collect()
    }

    /// The view of the list, or of one row; nothing where no action of it is there.
    pub(crate) fn standard_view(&self, is_detail: bool, basename: &str) -> Option<View> {
        let actions = Standard::ALL.into_iter().filter(|action| action.is_detail() == is_detail);
        let row = |action: Standard| {
            let (_, answers) = self.standard.iter().find(|(known, _)| *known == action)?;
            let chosen = self.chosen.iter().find(|(known, _)| *known == action).map(|(_, choices)| choices.clone());
            Some(Row {
                method: action.method(),
                action: Some(action.name()),
                answers: answers.clone(),
                choices: Arc::new(chosen.unwrap_or_default().over(&self.said.choices)),
                described: self.described.clone(),
            })
        };
        let rows: Vec<Row> = actions.filter_map(row).collect();
        if rows.is_empty() {
            return None;
        }
        let suffix = if is_detail { "Instance" } else { "List" };
        let mut facts = self.facts(is_detail, basename);
        if self.said.name.is_none() {
            facts.name = format!("{} {suffix}", facts.name).into();
        }
        Some(View::new(RestView::new(facts, rows, self.view.clone())))
    }

    /// The view of an action of the project's own.
    pub(crate) fn extra_view(&self, action: &ActionRow, basename: &str) -> View {
        let choices = Arc::new(action.choices.clone().over(&self.said.choices));
        let row = |(method, answers): &(http::Method, Arc<dyn Answers>)| Row {
            method: method.clone(),
            action: Some(action.name),
            answers: answers.clone(),
            choices: choices.clone(),
            described: self.described.clone(),
        };
        let rows = action.methods.iter().map(row).collect();
        let mut facts = self.facts(action.is_detail, basename);
        facts.name = action.shown.clone();
        if !action.description.is_empty() {
            facts.description = action.description.into();
        }
        if let Some(scope) = action.throttle_scope {
            facts.throttle_scope = Some(scope.into());
        }
        let view = RestView::new(facts, rows, self.view.clone());
        View::new(RestView { choices, ..view })
    }

    fn facts(&self, is_detail: bool, basename: &str) -> ViewFacts {
        ViewFacts {
            detail: Some(is_detail),
            basename: Some(basename.to_owned().into()),
            model: self.model,
            ..self.said.facts()
        }
    }
}
