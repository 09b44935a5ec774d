//! What columns of one type have that others have not: text is looked through, moments have parts, JSON has keys.

use quintet_core::query::{Expr, Extract, Func, Name, Operator, Truncate};
use quintet_core::schema::Value;

use super::aggregate::Aggregate;
use super::column::{Column, Number};
use super::condition::Condition;
use super::operand::Operand;
use crate::model::{Date, DateTime, Decimal, Duration, FieldType, Json, Time};

macro_rules! lookups {
    ($of:ty: $($name:ident => $lookup:literal, $doc:literal;)*) => {
        impl<F: FieldType<Compared = $of>> Column<F> {
            $(#[doc = $doc]
            pub fn $name(&self, other: impl Operand<$of>) -> Condition {
                self.compared($lookup, other.operand())
            })*
        }
    };
}

lookups! { String:
    contains => "contains", "Contains this text.";
    icontains => "icontains", "Contains this text, in any case.";
    startswith => "startswith", "Begins with this text.";
    istartswith => "istartswith", "Begins with this text, in any case.";
    endswith => "endswith", "Ends with this text.";
    iendswith => "iendswith", "Ends with this text, in any case.";
    iexact => "iexact", "This text, in any case.";
    regex => "regex", "Matches this expression.";
    iregex => "iregex", "Matches this expression, in any case.";
    search => "search", "Has these words: full-text search. PostgreSQL only.";
}

fn number(value: i64) -> Expr {
    Expr::Value(Value::Int(value))
}

macro_rules! functions {
    ($of:ty: $($name:ident($($argument:ident: $type:ty),*) -> $gives:ty = $class:literal, $doc:literal;)*) => {
        impl<F: FieldType<Compared = $of>> Column<F> {
            $(#[doc = $doc]
            pub fn $name(&self $(, $argument: impl Operand<$type>)*) -> Column<$gives> {
                Column::call($class, vec![self.expr().clone() $(, $argument.operand())*])
            })*
        }
    };
}

functions! { String:
    trim() -> F = "Trim", "Without spaces at both ends.";
    ltrim() -> F = "LTrim", "Without spaces at the beginning.";
    rtrim() -> F = "RTrim", "Without spaces at the end.";
    reverse() -> F = "Reverse", "The last character first.";
    left(length: i64) -> F = "Left", "The first characters.";
    right(length: i64) -> F = "Right", "The last characters.";
    substr(from: i64, length: i64) -> F = "Substr", "A part, from a place counted from 1.";
    replace(what: String, by: String) -> F = "Replace", "With one text instead of another.";
    repeat(times: i64) -> F = "Repeat", "Several times.";
    lpad(length: i64, with: String) -> F = "LPad", "Made so long at the beginning.";
    rpad(length: i64, with: String) -> F = "RPad", "Made so long at the end.";
    str_index(part: String) -> i64 = "StrIndex", "Where a part begins, counted from 1; 0 where it is not.";
    ord() -> i64 = "Ord", "The number of the first character.";
    md5() -> String = "MD5", "A digest.";
    sha1() -> String = "SHA1", "A digest.";
    sha256() -> String = "SHA256", "A digest.";
    sha512() -> String = "SHA512", "A digest.";
}

impl<F: FieldType<Compared = String>> Column<F> {
    /// In small letters.
    pub fn lower(&self) -> Column<F> {
        Column::call("Lower", vec![self.expr().clone()])
    }

    /// In capital letters.
    pub fn upper(&self) -> Column<F> {
        Column::call("Upper", vec![self.expr().clone()])
    }

    /// How many characters.
    pub fn length(&self) -> Column<Option<i64>> {
        Column::call("Length", vec![self.expr().clone()])
    }

    /// With another text behind; null counts as nothing.
    pub fn concat(&self, other: impl Operand<String>) -> Column<String> {
        Column::call("Concat", vec![self.expr().clone(), other.operand()])
    }

    /// Under a collation of the database's.
    pub fn collate(&self, collation: impl Into<Name>) -> Column<F> {
        Column::of(Expr::Collate(Box::new(self.expr().clone()), collation.into()))
    }

    /// How well the text fits these words; 0 where none of them is in it. PostgreSQL only.
    pub fn search_rank(&self, words: impl Operand<String>) -> Column<f64> {
        Column::call("SearchRank", vec![self.expr().clone(), words.operand()])
    }

    /// The piece of the text that shows these words, each between `<b>` and `</b>`; the rest of it is not escaped.
    /// PostgreSQL only.
    pub fn search_headline(&self, words: impl Operand<String>) -> Column<F> {
        Column::call("SearchHeadline", vec![self.expr().clone(), words.operand()])
    }

    /// The same with options of PostgreSQL's: `"StartSel=*, StopSel=*, MaxFragments=2"`.
    pub fn search_headline_with(&self, words: impl Operand<String>, options: impl Operand<String>) -> Column<F> {
        Column::call("SearchHeadline", vec![self.expr().clone(), words.operand(), options.operand()])
    }

    /// All of them in one text.
    pub fn string_agg(&self, between: impl Operand<String>) -> Aggregate<Option<String>> {
        Aggregate::of("StringAgg", vec![self.expr().clone(), between.operand()])
    }
}

/// Types with a day: [`Date`] and [`DateTime`].
#[diagnostic::on_unimplemented(message = "`{Self}` has no day")]
pub trait HasDay: FieldType {}

impl HasDay for Date {}
impl HasDay for DateTime {}

/// Types with a time of day: [`Time`] and [`DateTime`].
#[diagnostic::on_unimplemented(message = "`{Self}` has no time of day")]
pub trait HasTime: FieldType {}

impl HasTime for Time {}
impl HasTime for DateTime {}

/// Types of moments: [`Date`], [`Time`] and [`DateTime`].
#[diagnostic::on_unimplemented(message = "`{Self}` is no date and no time")]
pub trait Moment: FieldType {}

impl Moment for Date {}
impl Moment for Time {}
impl Moment for DateTime {}

macro_rules! parts {
    ($of:ident: $($name:ident),*) => {
        impl<F: FieldType<Compared: $of>> Column<F> {
            $(#[doc = concat!("The ", stringify!($name), ", as the reference counts it.")]
            pub fn $name(&self) -> Column<i64> {
                self.part(stringify!($name))
            })*
        }
    };
}

parts! { HasDay: year, iso_year, quarter, month, week, day, week_day, iso_week_day }
parts! { HasTime: hour, minute, second }

impl<F: FieldType> Column<F> {
    fn part(&self, part: &'static str) -> Column<i64> {
        self.transformed(part, |of, part| Expr::Extract(Box::new(Extract { part, of, zone: None })))
    }

    fn truncated<G: FieldType>(&self, part: &'static str) -> Column<G> {
        let truncate = Truncate { part: part.into(), of: self.expr().clone(), zone: None, kind: None };
        Column::of(Expr::Truncate(Box::new(truncate)))
    }
}

macro_rules! truncations {
    ($of:ident: $($name:ident => $part:literal),*) => {
        impl<F: FieldType<Compared: $of>> Column<F> {
            $(#[doc = concat!("Cut to the ", $part, ".")]
            pub fn $name(&self) -> Column<Option<F::Compared>> {
                self.truncated($part)
            })*
        }
    };
}

truncations! { HasDay:
    trunc_year => "year", trunc_quarter => "quarter", trunc_month => "month", trunc_week => "week", trunc_day => "day"
}
truncations! { HasTime: trunc_hour => "hour", trunc_minute => "minute", trunc_second => "second" }

impl<F: FieldType<Compared = DateTime>> Column<F> {
    /// The day, in the time zone of the project.
    pub fn date(&self) -> Column<Option<Date>> {
        self.transformed("date", |of, part| Expr::Truncate(Box::new(Truncate { part, of, zone: None, kind: None })))
    }

    /// The time of day, in the time zone of the project.
    pub fn time(&self) -> Column<Option<Time>> {
        self.transformed("time", |of, part| Expr::Truncate(Box::new(Truncate { part, of, zone: None, kind: None })))
    }
}

impl<F: FieldType<Compared: Moment>> Column<F> {
    fn moved(&self, operator: Operator, by: Expr) -> Expr {
        Expr::Combined(Box::new(self.expr().clone()), operator, Box::new(by))
    }

    /// So much later.
    pub fn later(&self, by: impl Operand<Duration>) -> Column<F> {
        Column::of(self.moved(Operator::Add, by.operand()))
    }

    /// So much earlier.
    pub fn earlier(&self, by: impl Operand<Duration>) -> Column<F> {
        Column::of(self.moved(Operator::Sub, by.operand()))
    }

    /// How much later than the other.
    pub fn since(&self, other: impl Operand<F::Compared>) -> Column<Option<Duration>> {
        Column::of(self.moved(Operator::Sub, other.operand()))
    }
}

macro_rules! numeric {
    ($($name:ident => $class:literal, $gives:ty, $doc:literal;)*) => {
        impl<F: FieldType<Compared: Number>> Column<F> {
            $(#[doc = $doc]
            pub fn $name(&self) -> Column<$gives> {
                Column::call($class, vec![self.expr().clone()])
            })*
        }
    };
}

numeric! {
    abs => "Abs", F, "Without its sign.";
    ceil => "Ceil", F, "The next whole number upwards.";
    floor => "Floor", F, "The next whole number downwards.";
    sign => "Sign", F, "-1, 0 or 1.";
    sqrt => "Sqrt", Option<f64>, "The square root.";
    exp => "Exp", Option<f64>, "e to the power of this.";
    ln => "Ln", Option<f64>, "The natural logarithm.";
}

impl<F: FieldType<Compared: Number>> Column<F> {
    /// Rounded to so many digits behind the point.
    pub fn round(&self, digits: i64) -> Column<F> {
        Column::call("Round", vec![self.expr().clone(), number(digits)])
    }

    /// To the power of this.
    pub fn power(&self, exponent: impl Operand<F::Compared>) -> Column<Option<f64>> {
        Column::call("Power", vec![self.expr().clone(), exponent.operand()])
    }
}

impl<F: FieldType<Compared = i64>> Column<F> {
    /// As a decimal number, to calculate with those.
    pub fn as_decimal(&self) -> Column<Decimal> {
        Column::of(Expr::As(Box::new(self.expr().clone()), Box::new(Decimal::field().kind)))
    }
}

impl<F: FieldType<Compared = bool>> Column<F> {
    /// Itself as a condition.
    pub fn is_true(&self) -> Condition {
        self.eq(true)
    }
}

impl<F: FieldType<Compared = Json>> Column<F> {
    /// What stands at a key.
    pub fn key(&self, key: impl Into<Name>) -> Column<Option<Json>> {
        self.transformed(key, |of, key| {
            Expr::Func(Func { name: "KeyTransform".into(), args: vec![of, Expr::Value(Value::Text(key.into_owned()))] })
        })
    }

    /// What stands at a place of a list, counted from 0.
    pub fn index(&self, place: usize) -> Column<Option<Json>> {
        self.key(place.to_string())
    }

    /// The same as text, to look through.
    pub fn text(&self) -> Column<Option<String>> {
        Column::of(self.expr().clone())
    }

    /// Whether there is such a key.
    pub fn has_key(&self, key: &str) -> Condition {
        self.compared("has_key", Expr::Value(key.into()))
    }

    /// Whether all these keys are there.
    pub fn has_keys(&self, keys: &[&str]) -> Condition {
        self.compared("has_keys", Expr::List(keys.iter().map(|key| Expr::Value((*key).into())).collect()))
    }

    /// Whether one of these keys is there.
    pub fn has_any_keys(&self, keys: &[&str]) -> Condition {
        self.compared("has_any_keys", Expr::List(keys.iter().map(|key| Expr::Value((*key).into())).collect()))
    }

    /// Whether the other is a part of this. PostgreSQL only.
    pub fn contains_json(&self, other: impl Operand<Json>) -> Condition {
        self.compared("contains", other.operand())
    }

    /// Whether this is a part of the other. PostgreSQL only.
    pub fn contained_by(&self, other: impl Operand<Json>) -> Condition {
        self.compared("contained_by", other.operand())
    }
}
