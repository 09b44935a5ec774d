//! How a field looks in a form for people. Changes nothing of what the field takes or shows.

use super::{Field, Kind};

/// How a field looks in a form for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// The control, where it is not the usual one of the kind.
    pub control: Option<Control>,
    /// The `type` of an input.
    pub input_type: Option<String>,
    /// The lines of a textarea.
    pub rows: Option<u32>,
    /// What stands in an empty control.
    pub placeholder: Option<String>,
    /// Whether the label is for screen readers alone.
    pub hide_label: bool,
    /// Whether the page begins there.
    pub autofocus: bool,
    /// Whether what may be chosen stands on one line.
    pub inline: bool,
    /// How many choices are offered at most, where the settings shall not say it.
    pub cutoff: Option<usize>,
    /// What stands behind the last of them, where there are more.
    pub cutoff_text: Option<String>,
}

/// A control of a form, by the reference's template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// `input.html`
    Input,
    /// `textarea.html`
    Textarea,
    /// `checkbox.html`
    Checkbox,
    /// `select.html`
    Select,
    /// `select_multiple.html`
    SelectMultiple,
    /// `radio.html`
    Radio,
    /// `checkbox_multiple.html`
    CheckboxMultiple,
}

/// The templates that a style may name.
const TEMPLATES: [(&str, Control); 7] = [
    ("input.html", Control::Input),
    ("textarea.html", Control::Textarea),
    ("checkbox.html", Control::Checkbox),
    ("select.html", Control::Select),
    ("select_multiple.html", Control::SelectMultiple),
    ("radio.html", Control::Radio),
    ("checkbox_multiple.html", Control::CheckboxMultiple),
];

impl Style {
    /// The usual looks.
    pub fn new() -> Self {
        Self::default()
    }

    /// The control, by the name that the reference's template has: `textarea.html`.
    ///
    /// # Panics
    /// Where there is no template of that name.
    #[must_use]
    #[track_caller]
    pub fn base_template(self, name: &str) -> Self {
        match TEMPLATES.iter().find(|(known, _)| *known == name) {
            Some((_, control)) => Self { control: Some(*control), ..self },
            None => {
                let known: Vec<&str> = TEMPLATES.iter().map(|(name, _)| *name).collect();
                panic!("a style has no template `{name}`; there are `{}`", known.join("`, `"))
            }
        }
    }

    /// The `type` of an input: `password`, `hidden`, `color`.
    #[must_use]
    pub fn input_type(self, name: &str) -> Self {
        Self { input_type: Some(name.to_owned()), ..self }
    }

    /// The lines of a textarea.
    #[must_use]
    pub fn rows(self, rows: u32) -> Self {
        Self { rows: Some(rows), ..self }
    }

    /// What stands in an empty control.
    #[must_use]
    pub fn placeholder(self, text: &str) -> Self {
        Self { placeholder: Some(text.to_owned()), ..self }
    }

    /// Whether the label is for screen readers alone.
    #[must_use]
    pub fn hide_label(self, yes: bool) -> Self {
        Self { hide_label: yes, ..self }
    }

    /// Whether the page begins there.
    #[must_use]
    pub fn autofocus(self, yes: bool) -> Self {
        Self { autofocus: yes, ..self }
    }

    /// Whether what may be chosen stands on one line.
    #[must_use]
    pub fn inline(self, yes: bool) -> Self {
        Self { inline: yes, ..self }
    }
}

/// The looks of a field.
impl Field {
    /// How it looks in a form for people.
    ///
    /// # Panics
    /// Where the kind does not have the control.
    #[must_use]
    #[track_caller]
    pub fn style(mut self, style: Style) -> Self {
        if let Some(control) = style.control.filter(|control| !has_control(&self.kind, *control)) {
            let name = TEMPLATES.iter().find(|(_, known)| *known == control).map_or("", |(name, _)| *name);
            panic!("a field of the kind `{}` cannot look like `{name}`", self.kind.class());
        }
        let own = self.looks();
        // The cutoff is an option by itself, which may have been said before.
        let (cutoff, cutoff_text) = (own.cutoff.take(), own.cutoff_text.take());
        *own =
            Style { cutoff: style.cutoff.or(cutoff), cutoff_text: style.cutoff_text.clone().or(cutoff_text), ..style };
        self
    }

    /// How many choices a form offers at most, instead of what the settings say.
    ///
    /// # Panics
    /// Where nothing is chosen.
    #[must_use]
    #[track_caller]
    pub fn html_cutoff(mut self, most: usize) -> Self {
        self.must_choose("html_cutoff");
        self.looks().cutoff = Some(most);
        self
    }

    /// What stands behind the last choice where there are more: `More than {count} items...`.
    ///
    /// # Panics
    /// Where nothing is chosen.
    #[must_use]
    #[track_caller]
    pub fn html_cutoff_text(mut self, text: &str) -> Self {
        self.must_choose("html_cutoff_text");
        self.looks().cutoff_text = Some(text.to_owned());
        self
    }

    fn looks(&mut self) -> &mut Style {
        self.style.get_or_insert_default()
    }

    #[track_caller]
    fn must_choose(&self, word: &str) {
        assert!(is_choice(&self.kind), "a field of the kind `{}` has no option `{word}`", self.kind.class());
    }
}

fn is_choice(kind: &Kind) -> bool {
    matches!(kind, Kind::Choice(_) | Kind::MultipleChoice { .. } | Kind::FilePath(_) | Kind::Related(_))
}

fn has_control(kind: &Kind, control: Control) -> bool {
    match control {
        Control::Checkbox => matches!(kind, Kind::Boolean),
        Control::Select | Control::SelectMultiple | Control::Radio | Control::CheckboxMultiple => is_choice(kind),
        // A row may be named by hand where there are too many to choose from.
        Control::Input | Control::Textarea => matches!(
            kind,
            Kind::Char(_)
                | Kind::Uuid(_)
                | Kind::Integer(_)
                | Kind::Float(_)
                | Kind::Decimal(_)
                | Kind::DateTime { .. }
                | Kind::Date(_)
                | Kind::Time(_)
                | Kind::Duration { .. }
                | Kind::Json { .. }
                | Kind::Any
                | Kind::Choice(_)
                | Kind::Related(_)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "cannot look like `radio.html`")]
    fn a_text_has_nothing_to_choose_from() {
        let _ = Field::char().style(Style::new().base_template("radio.html"));
    }

    #[test]
    #[should_panic(expected = "a style has no template `area.html`; there are `input.html`")]
    fn a_misspelt_template_is_told() {
        let _ = Style::new().base_template("area.html");
    }

    #[test]
    fn a_style_leaves_the_cutoff_as_it_was_said() {
        let field = Field::choice(vec![]).html_cutoff(3).style(Style::new().rows(2));
        assert_eq!(*field.style.unwrap(), Style { cutoff: Some(3), rows: Some(2), ..Style::default() });
    }
}
