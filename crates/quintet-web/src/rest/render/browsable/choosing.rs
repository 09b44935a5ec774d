//! What may be chosen in a form: as a list, or as a box for each, and where that ends.

use minijinja::context;
use minijinja::value::Value as Held;
use quintet_core::rest::{Choices, Control, Field, rules};
use quintet_core::schema::{Choice, Value};

/// What stands for no choice.
pub(super) const EMPTY: &str = "--------";

pub(super) fn option(value: &str, label: &str, selected: bool) -> Held {
    context! { value => value, label => label, selected => selected }
}

/// How many are offered, and what stands behind them where there are more.
pub(super) struct Cut<'a> {
    pub(super) most: Option<usize>,
    pub(super) words: &'a str,
}

impl Cut<'_> {
    /// What says that there are more.
    pub(super) fn more(&self) -> Held {
        let words = self.words.replace("{count}", &self.most.unwrap_or(usize::MAX).to_string());
        context! { value => "n/a", label => words, disabled => true }
    }
}

/// A list to choose from, or a box for each of its members.
pub(super) fn choosing(field: &Field, multiple: bool, options: Vec<Held>) -> Held {
    match field.style.as_ref().and_then(|style| style.control) {
        Some(Control::Radio | Control::CheckboxMultiple) => {
            let kind = if multiple { "checkbox" } else { "radio" };
            context! { kind => "choices", type => kind, options => options }
        }
        _ => context! { kind => "select", multiple => multiple, options => options },
    }
}

/// What may be chosen, with what is chosen, which is always there.
pub(super) fn chosen(choices: &Choices, now: &[String], has_none: bool, cut: &Cut<'_>) -> Vec<Held> {
    let all = offered(choices, now, has_none);
    let Some(most) = cut.most.filter(|most| choices.flat().nth(*most).is_some()) else { return all };
    let (mut count, mut kept) = (0, vec![]);
    for one in all {
        let is_none = one.get_attr("value").is_ok_and(|value| value.as_str() == Some(""));
        let is_now = one.get_attr("selected").is_ok_and(|selected| selected.is_true());
        if is_none || is_now || count < most {
            kept.push(one);
        }
        count += usize::from(!is_none);
    }
    kept.push(cut.more());
    kept
}

fn offered(choices: &Choices, now: &[String], has_none: bool) -> Vec<Held> {
    let shown = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        other => rules::shown(other),
    };
    let one = |value: &Value, label: &str| {
        let value = shown(value);
        let is_now = now.contains(&value);
        option(&value, label, is_now)
    };
    let none = has_none.then(|| option("", EMPTY, now.iter().all(String::is_empty)));
    let all = choices.choices.iter().map(|choice| match choice {
        Choice::One(value, label) => one(value, label),
        Choice::Group(name, members) => {
            let inner: Vec<Held> = members.iter().map(|(value, label)| one(value, label)).collect();
            context! { group => name.as_str(), options => inner }
        }
    });
    none.into_iter().chain(all).collect()
}
