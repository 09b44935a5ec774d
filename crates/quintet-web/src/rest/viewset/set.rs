//! A view set without its type: what routers read.

use std::sync::Arc;

use http::Method;

use crate::rest::action::{ActionRow, Actions, Standard};
use crate::rest::dispatch::{RestView, Row};
use crate::rest::metadata::Described;
use crate::rest::view_choices::Choices;
use crate::rest::view_facts::{ActionFacts, Shown, ViewFacts};
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
    /// The fields that it shows, where it has a serializer.
    pub(crate) shown: Option<Shown>,
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
    ViewSet { said: view.said(), view, lookup, model, shown: None, standard, chosen, extra, described }
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

    /// The view of these methods with their actions, as `as_view` of the reference makes it: `[(Method::GET, "list")]`. An
    /// action that the view set does not have is left out.
    ///
    /// ```ignore
    /// path("notes/latest/", NoteViewSet.into_view_set().as_view([(Method::GET, "latest")]))
    /// ```
    #[must_use]
    pub fn as_view(&self, mapping: impl IntoIterator<Item = (Method, &'static str)>) -> View {
        let mapping: Vec<_> = mapping.into_iter().collect();
        let none = || View::new(RestView::new(self.facts(None, None), vec![], self.view.clone()));
        self.mapped_view(&mapping, None, None, None).unwrap_or_else(none)
    }

    /// The view of these methods; nothing where no action of them is there.
    pub(crate) fn mapped_view(
        &self,
        mapping: &[(Method, &'static str)],
        suffix: Option<&str>,
        is_detail: Option<bool>,
        basename: Option<&str>,
    ) -> Option<View> {
        let rows: Vec<Row> = mapping.iter().filter_map(|(method, action)| self.row(method, action)).collect();
        if rows.is_empty() {
            return None;
        }
        let mut facts = self.facts(is_detail, basename);
        if let (None, Some(suffix)) = (self.said.name, suffix) {
            facts.name = format!("{} {suffix}", facts.name).into();
        }
        Some(View::new(RestView::new(facts, rows, self.view.clone())))
    }

    /// A method that means an action: a standard one, or one of the project's own.
    fn row(&self, method: &Method, action: &'static str) -> Option<Row> {
        let of = |answers: &Arc<dyn Answers>, choices: Choices| Row {
            method: method.clone(),
            action: Some(action),
            answers: answers.clone(),
            choices: Arc::new(choices.over(&self.said.choices)),
            described: self.described.clone(),
        };
        if let Some((standard, answers)) = self.standard.iter().find(|(known, _)| known.name() == action) {
            let chosen = self.chosen.iter().find(|(known, _)| known == standard);
            return Some(of(answers, chosen.map(|(_, choices)| choices.clone()).unwrap_or_default()));
        }
        let extra = self.extra.iter().find(|extra| extra.name == action)?;
        let own = extra.methods.iter().find(|(known, _)| known == method).or(extra.methods.first())?;
        Some(of(&own.1, extra.choices.clone()))
    }

    /// The view of an action of the project's own.
    pub(crate) fn extra_view(&self, action: &ActionRow, basename: &str) -> View {
        let choices = Arc::new(action.choices.clone().over(&self.said.choices));
        let row = |(method, answers): &(Method, Arc<dyn Answers>)| Row {
            method: method.clone(),
            action: Some(action.name),
            answers: answers.clone(),
            choices: choices.clone(),
            described: self.described.clone(),
        };
        let rows = action.methods.iter().map(row).collect();
        let mut facts = self.facts(Some(action.is_detail), Some(basename));
        facts.name = action.shown.clone();
        if !action.description.is_empty() {
            facts.description = action.description.into();
        }
        if !action.described.is_empty() {
            facts.described = Arc::new(facts.described.with(&action.described));
        }
        if let Some(scope) = action.throttle_scope {
            facts.throttle_scope = Some(scope.into());
        }
        let view = RestView::new(facts, rows, self.view.clone());
        View::new(RestView { choices, ..view })
    }

    fn facts(&self, is_detail: Option<bool>, basename: Option<&str>) -> ViewFacts {
        let action = |row: &ActionRow| ActionFacts {
            name: row.shown.clone(),
            url_name: row.url_name.clone(),
            is_detail: row.is_detail,
        };
        ViewFacts {
            actions: self.extra.iter().map(action).collect(),
            detail: is_detail,
            basename: basename.map(|name| name.to_owned().into()),
            model: self.model,
            shown: self.shown,
            ..self.said.facts()
        }
    }
}
