//! What becomes of an input: nothing and null first, then the kind's own reading, then what is asked of the value.

use std::borrow::Cow;

use super::{Context, Datum, Field, Input, Kind, Outcome, Problem, Problems, Unique, Validator, parse, rules};
use crate::json::Json;
use crate::python;

/// What is left of an input once nothing and null are out of the way.
#[derive(Clone, Debug)]
pub enum Given<'a> {
    /// The field is left out.
    Skip,
    /// It has this value, of which nothing more is asked.
    Valid(Datum),
    /// There is something to read.
    Input(Input<'a>),
}

/// A value that was read, with what is wrong with it so far, and what a database is still to be asked.
#[derive(Clone, Debug)]
pub struct Parsed<'f> {
    outcome: Outcome,
    problems: Vec<Problem>,
    asks: Vec<&'f Unique>,
    /// The place among the problems of those that the database finds.
    place: usize,
}

impl Field {
    /// Reads an input and asks all that is asked of the value; uniqueness is not, see [`parse`](Self::parse).
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn run(&self, input: Input<'_>, context: &Context) -> Result<Outcome, Problems> {
        self.parse(input, context)?.finish(vec![])
    }

    /// Reads an input and asks what can be asked without a database.
    ///
    /// # Errors
    /// Where the input cannot be read at all.
    pub fn parse(&self, input: Input<'_>, context: &Context) -> Result<Parsed<'_>, Problems> {
        match self.empty(input, context)? {
            Given::Skip => Ok(Parsed::of(Outcome::Skip)),
            Given::Valid(datum) => Ok(Parsed::of(Outcome::Valid(datum))),
            Given::Input(input) => parse::read(self, &input, context)?.check(self),
        }
    }

    /// The value of an input, of which nothing is asked: as `to_internal_value` of the reference's fields.
    ///
    /// # Errors
    /// Where the input cannot be read at all.
    pub fn read(&self, input: &Input<'_>, context: &Context) -> Result<Datum, Problems> {
        Ok(parse::read(self, input, context)?.datum)
    }

    /// Nothing and null, and what a kind takes for them.
    ///
    /// # Errors
    /// Where nothing or null is not taken.
    pub fn empty<'a>(&self, input: Input<'a>, context: &Context) -> Result<Given<'a>, Problems> {
        let input = match &self.kind {
            Kind::Char(text) if is_blank(&input, text.trim_whitespace) => {
                let blank = || Err(self.problem("blank", &[]).into());
                return if text.allow_blank { Ok(Given::Valid(Datum::from(""))) } else { blank() };
            }
            Kind::Decimal(_) if self.allow_null && is_blank(&input, true) => return Ok(Given::Valid(Datum::NULL)),
            // In a relation the empty text is nothing.
            Kind::Related(related) if !related.many && is_blank(&input, false) => Input::Json(Cow::Owned(Json::Null)),
            _ => input,
        };
        if self.read_only {
            return Ok(self.default_or_skip(context));
        }
        match input {
            Input::Absent if context.partial => Ok(Given::Skip),
            Input::Absent if self.required => Err(self.problem("required", &[]).into()),
            Input::Absent => Ok(self.default_or_skip(context)),
            ref given if is_null(given) => match self.source.as_deref() {
                _ if !self.allow_null => Err(self.problem("null", &[]).into()),
                Some("*") => Ok(Given::Input(input)),
                _ => Ok(Given::Valid(Datum::NULL)),
            },
            input => Ok(Given::Input(input)),
        }
    }

    fn default_or_skip(&self, context: &Context) -> Given<'static> {
        let default = self.default.as_ref().filter(|_| !context.partial);
        default.and_then(|default| default.get(context)).map_or(Given::Skip, Given::Valid)
    }

    /// Asks of a value that was read elsewhere what is asked of values of this field.
    ///
    /// # Errors
    /// Where a function of the project says what is wrong by members.
    pub fn check(&self, datum: Datum) -> Result<Parsed<'_>, Problems> {
        parse::Read::of(datum).check(self)
    }
}

impl parse::Read {
    /// What the field lists, in its order, then what its kind asks.
    fn check(self, field: &Field) -> Result<Parsed<'_>, Problems> {
        let (mut problems, mut asks, mut place) = (vec![], vec![], 0);
        for validator in &field.validators {
            match validator {
                Validator::Rule(validator) => problems.extend(rules::check(validator, &self.datum)),
                Validator::Unique(unique) => {
                    if asks.is_empty() {
                        place = problems.len();
                    }
                    asks.push(unique);
                }
                Validator::Own(run) => match run(&self.datum, field) {
                    Ok(()) => {}
                    Err(Problems::List(found)) => problems.extend(found),
                    Err(by_member) => return Err(by_member),
                },
            }
        }
        if asks.is_empty() {
            place = problems.len();
        }
        parse::check(field, &self, &mut problems);
        if problems.is_empty() {
            problems.extend(parse::held(field, &self.datum));
        }
        let mut datum = self.datum;
        if let (Some(own), true) = (&field.own, problems.is_empty()) {
            datum = own.read(datum).map_err(|problems| field.told(problems))?;
        }
        Ok(Parsed { outcome: Outcome::Valid(datum), problems, asks, place })
    }
}

impl<'f> Parsed<'f> {
    fn of(outcome: Outcome) -> Self {
        Self { outcome, problems: vec![], asks: vec![], place: 0 }
    }

    /// What the field answers where nothing is wrong.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// What is wrong so far.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What the database is to be asked. Also where something is wrong already, as the reference does.
    pub fn asks(&self) -> &[&'f Unique] {
        &self.asks
    }

    /// The end: what the database found takes its place among the rest.
    ///
    /// # Errors
    /// Where something is wrong.
    pub fn finish(mut self, found: Vec<Problem>) -> Result<Outcome, Problems> {
        self.problems.splice(self.place..self.place, found);
        if self.problems.is_empty() { Ok(self.outcome) } else { Err(Problems::List(self.problems)) }
    }
}

fn is_null(input: &Input<'_>) -> bool {
    matches!(input, Input::Json(json) | Input::Form(json) if **json == Json::Null)
}

/// Whether it is an empty text; one of spaces too, where those are cut off.
fn is_blank(input: &Input<'_>, trim: bool) -> bool {
    match input {
        Input::Json(json) | Input::Form(json) => match &**json {
            Json::Text(text) => text.is_empty() || (trim && python::strip(text).is_empty()),
            _ => false,
        },
        _ => false,
    }
}
