//! Functions and rules of the core on single fields, and what looks at several.

use quintet::models::words::Value as Datum;
use quintet::prelude::*;
use quintet::serializers::{Field, Problem, Problems};

use super::kinds::Integer;
use super::tried::TryView;

fn is_even(value: &Datum) -> std::result::Result<(), Problem> {
    match value {
        Datum::Int(number) if number % 2 != 0 => Err(Problem::new("odd", "Must be even.")),
        _ => Ok(()),
    }
}

/// Knows the field it is asked for.
fn many_of_three(value: &Datum, field: &Field) -> std::result::Result<(), String> {
    match value {
        Datum::Int(number) if number % 3 != 0 => Err(format!("{} must be a multiple of 3.", field.name)),
        _ => Ok(()),
    }
}

fn is_known(value: &Datum) -> std::result::Result<(), Problems> {
    let listed = |words: &[&str]| Err(words.iter().map(|words| Problem::from(*words)).collect::<Vec<_>>().into());
    match value {
        Datum::Text(text) if text == "list" => listed(&["First.", "Second."]),
        Datum::Text(text) if text == "dict" => Err(Problems::Map(vec![
            ("why".to_owned(), Problem::from("Because.").alone()),
            ("more".to_owned(), vec![Problem::from("a"), Problem::from("b")].into()),
        ])),
        Datum::Text(text) if text == "model" => listed(&["From the model."]),
        Datum::Text(text) if text == "models" => listed(&["One.", "Two."]),
        _ => Ok(()),
    }
}

#[derive(Serializer)]
#[serializer(validate(first = tenfold, last = lucky), hooks)]
pub struct Ruled {
    #[field(required = false, validators = [is_even, min_value(2).message("Two or more, not %(show_value)s.")])]
    pub even: Integer,
    #[field(required = false, max_value = 20, validators = [is_even, many_of_three])]
    pub many: Integer,
    #[field(required = false, validators = [is_known, max_length(5)])]
    pub text: String,
    #[field(required = false, validators = [regex("^[A-Z]+$").message("Capitals.").code("caps")])]
    pub upper: String,
    #[field(required = false, validators = [no_regex(r"\d")])]
    pub not_digits: String,
    #[field(required = false, validators = [step_value_from(5, 1)])]
    pub step: Integer,
    #[field(required = false, validators = [comma_separated_integers()])]
    pub commas: String,
    #[field(required = false, validators = [ipv46()])]
    pub address: String,
    #[field(required = false, validators = [no_null_characters()])]
    pub no_nul: String,
    #[field(required = false, child(validators = [is_even]))]
    pub list: Vec<Integer>,
    #[field(required = false)]
    pub first: i64,
    #[field(required = false)]
    pub last: i64,
}

fn tenfold(first: i64) -> Result<i64> {
    if first < 0 { Err(Error::invalid("Below nought.")) } else { Ok(first * 10) }
}

fn lucky(last: i64) -> Result<i64> {
    match last {
        13 => Err(Error::invalid_field("deep", "Unlucky.")),
        last => Ok(last),
    }
}

impl Serializer for Ruled {
    fn validate(data: &mut Changes<Self>, _: &Context<'_>) -> Result<()> {
        let (first, last) = (data.get(|it| it.first()), data.get(|it| it.last()));
        let one = |text: &str| Problem::new("invalid", text);
        if let (Some(first), Some(last)) = (first, last)
            && first > last
        {
            return Err(Error::validation(Problems::Map(vec![
                ("last".into(), one("Must not be before first.").into()),
                ("first".into(), one("Too late.").into()),
            ])));
        }
        match last {
            Some(99) => Err(Error::validation(Problems::List(vec![one("Ninety-nine."), one("Really.")]))),
            Some(98) => Err(Error::validation(Problems::Map(vec![
                ("first".into(), one("From the model.").into()),
                ("__all__".into(), one("Whole.").into()),
            ]))),
            Some(97) => Err(Error::validation(Problem::new("plain", "Plain.").into())),
            _ => Ok(()),
        }
    }
}

pub(super) fn urls() -> Urls {
    urls![path("ruled-fields/", TryView::<Ruled>::one())]
}
